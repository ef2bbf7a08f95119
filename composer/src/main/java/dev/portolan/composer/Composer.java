package dev.portolan.composer;

import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.failure.Violation;
import dev.portolan.json.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes pipelines of functions, from definitions and from pipe expressions, and refuses what cannot work before it
/// runs: unknown names, bad configuration, neighbours that do not fit. Thread-safe.
public final class Composer {

    private final FunctionRegistry functions;
    private final DefinitionFolder definitions;

    /// A composer of pipe expressions alone.
    public Composer(FunctionRegistry functions) {
        this(functions, DefinitionFolder.EMPTY);
    }

    /// A composer of definitions and pipe expressions.
    public Composer(FunctionRegistry functions, DefinitionFolder definitions) {
        this.functions = functions;
        this.definitions = definitions;
    }

    /// The pipeline of a name: a definition's, or a pipe expression such as `validate|enrich|notify`, or one function.
    ///
    /// @throws Failure `NOT_FOUND` for an unknown name, with the nearest; `INVALID` with everything that is wrong
    ///     with the definition, at `file:line`
    public Pipeline compose(String name) {
        Definition definition = definitions.find(name);
        if (definition != null) {
            return compose(definition);
        }
        Definition pipe = DefinitionReader.pipe(name);
        Set<String> known = functionNames();
        if (pipe.steps().size() == 1 && !known.contains(name)) {
            known.addAll(definitions.names());
            throw new Failure(
                    Failure.Code.NOT_FOUND, "unknown pipeline or function '" + name + "'" + Nearest.hint(name, known));
        }
        pipe.steps().forEach(step -> functions.find(step.function()));
        return compose(pipe);
    }

    /// Composes every definition there is.
    ///
    /// @return everything that is wrong, in the order of the files
    public List<Violation> check() {
        return Stream.concat(
                        definitions.violations().stream(),
                        definitions.all().stream().flatMap(definition -> {
                            try {
                                compose(definition);
                                return Stream.empty();
                            } catch (Failure failure) {
                                return failure.violations().stream();
                            }
                        }))
                .toList();
    }

    /// The names of the definitions.
    public Set<String> names() {
        return definitions.names();
    }

    private Set<String> functionNames() {
        Set<String> names = new TreeSet<>();
        functions.all().forEach(function -> names.add(function.name()));
        return names;
    }

    private Pipeline compose(Definition definition) {
        List<Violation> violations = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        Shape given = Shape.Anything.IT;
        String giver = "the input";
        for (StepDefinition step : definition.steps()) {
            RegisteredFunction function = find(step, violations);
            if (function == null) {
                given = Shape.Anything.IT;
                continue;
            }
            String nth = times.merge(step.function(), 1, Integer::sum) == 1 ? "" : "#" + times.get(step.function());
            Step made = step(step, function, step.function() + nth, violations);
            String place = step.places().of("");
            String before = giver;
            made.input()
                    .refusal(given)
                    .ifPresent(reason -> violations.add(
                            new Violation(place, "'" + step.function() + "' cannot follow " + before + ": " + reason)));
            if (step.merge()) {
                Stream.of(given, function.output())
                        .flatMap(shape -> OBJECT.refusal(shape).stream())
                        .forEach(reason -> violations.add(new Violation(
                                step.places().of("/merge"), "merge lays an object over an object; " + reason)));
            }
            steps.add(made);
            given = made.output();
            giver = "'" + step.function() + "'";
        }
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
        return new Pipeline(
                definition.name(), definition.description(), definition.example(), steps, definition.source());
    }

    private static final Shape OBJECT = new Shape.Members(Shape.Anything.IT);

    private @Nullable RegisteredFunction find(StepDefinition step, List<Violation> violations) {
        try {
            return functions.find(step.function());
        } catch (Failure unknown) {
            violations.add(new Violation(step.places().of(""), unknown.detail()));
            return null;
        }
    }

    private static Step step(
            StepDefinition step, RegisteredFunction function, String name, List<Violation> violations) {
        Function<@Nullable Object, @Nullable Object> body = value -> value;
        try {
            body = function.make(step.with());
        } catch (Failure failure) {
            List<Violation> wrong = failure.violations().isEmpty()
                    ? List.of(new Violation("", failure.detail()))
                    : failure.violations();
            wrong.forEach(violation -> {
                String key = violation.place().isEmpty()
                        ? ""
                        : "'" + violation.place().substring(1) + "': ";
                violations.add(new Violation(step.places().of("/with" + violation.place()), key + violation.reason()));
            });
        }
        Shape output = step.merge() ? OBJECT : function.output();
        return new Step(name, function.input(), output, body, step.retry(), step.timeout(), step.merge());
    }
}
