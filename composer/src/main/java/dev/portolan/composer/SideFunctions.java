package dev.portolan.composer;

import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Shape;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The functions that a step names beside its own: its condition and its undo. Both go without configuration.
///
/// Not loaded for definitions that name none.
final class SideFunctions {

    private final FunctionRegistry functions;
    private final List<Violation> violations;

    /// @param violations takes what is wrong
    SideFunctions(FunctionRegistry functions, List<Violation> violations) {
        this.functions = functions;
        this.violations = violations;
    }

    /// A step with the functions that its definition names beside its own.
    ///
    /// @param step null if its own function is unknown; what can be checked without it is
    /// @param before the steps whose output may reach this one; empty where nobody knows what does
    @Nullable
    Step added(StepDefinition definition, @Nullable Step step, List<Step> before) {
        Predicate<@Nullable Object> condition =
                definition.condition() == null ? null : condition(definition.condition(), before, definition);
        if (step == null) {
            return null;
        }
        return new Step(
                step.name(),
                step.input(),
                step.output(),
                step.body(),
                step.retry(),
                step.timeout(),
                step.merge(),
                condition,
                definition.undo() == null ? null : undo(definition.undo(), step, before, definition),
                step.once());
    }

    private @Nullable Predicate<@Nullable Object> condition(String name, List<Step> before, StepDefinition step) {
        RegisteredFunction function = find(name, step.place("/if"));
        if (function == null) {
            return null;
        }
        if (function.types().output() != Boolean.class && function.types().output() != boolean.class) {
            violations.add(new Violation(
                    step.place("/if"),
                    "'" + name + "' is no condition: it gives "
                            + function.output().noun() + ", not true or false; register a Predicate"));
            return null;
        }
        for (int i = 0; i < before.size(); i++) {
            Optional<String> refusal = function.input().refusal(before.get(i).output());
            if (refusal.isPresent()) {
                violations.add(new Violation(
                        step.place("/if"),
                        "condition '" + name + "' cannot follow " + Composer.named(before, i) + ": " + refusal.get()));
            }
        }
        Function<@Nullable Object, @Nullable Object> body = made(function, step.place("/if"));
        Shape input = function.input();
        return value -> answer(name, body.apply(input.from(value)));
    }

    private static boolean answer(String condition, @Nullable Object given) {
        Object plain = given instanceof Chain.Next<?> next ? next.value() : given;
        if (plain instanceof Boolean answer) {
            return answer;
        }
        throw new Failure(
                Failure.Code.UNKNOWN,
                "condition '" + condition + "' "
                        + (given instanceof Chain.End
                                ? "ended the chain, which only a step can"
                                : "answered neither true nor false"));
    }

    private @Nullable Step undo(String name, Step step, List<Step> before, StepDefinition definition) {
        String place = definition.place("/undo");
        RegisteredFunction function = find(name, place);
        if (function == null) {
            return null;
        }
        String cannot = "'" + name + "' cannot undo '" + step.name() + "': ";
        String untold = cannot + "where nobody knows how far the step came, it is called with what ";
        meet(function, step.output(), place, cannot + "it is called with what the step gives");
        meet(function, step.input(), place, untold + "the step takes");
        for (Step earlier : before) {
            meet(function, earlier.output(), place, untold + "'" + earlier.name() + "' gives");
        }
        return new Step(
                step.name() + Invocation.UNDO,
                function.input(),
                Shape.Nothing.IT,
                made(function, place),
                step.retry(),
                step.timeout(),
                false);
    }

    private void meet(RegisteredFunction undo, Shape given, String place, String what) {
        Optional<String> refusal = undo.input().refusal(given);
        if (refusal.isPresent()) {
            violations.add(new Violation(place, what + "; " + refusal.get()));
        }
    }

    private @Nullable RegisteredFunction find(String name, String place) {
        try {
            return functions.find(name);
        } catch (Failure unknown) {
            violations.add(new Violation(place, unknown.detail()));
            return null;
        }
    }

    private Function<@Nullable Object, @Nullable Object> made(RegisteredFunction function, String place) {
        try {
            return function.make(Map.of());
        } catch (Failure failure) {
            violations.add(new Violation(
                    place, "'" + function.name() + "' cannot be used without configuration: " + failure.detail()));
            return value -> value;
        }
    }
}
