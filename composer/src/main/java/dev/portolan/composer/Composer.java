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
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes pipelines of functions, from definitions and from pipe expressions, and refuses what cannot work before it
/// runs: unknown names, bad configuration, neighbours that do not fit. Thread-safe.
public final class Composer {

    private static final Shape OBJECT = new Shape.Members(Shape.Anything.IT);

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
        Definition pipe = Definition.pipe(name);
        Set<String> known = functionNames();
        if (pipe.steps().size() == 1 && !known.contains(pipe.steps().getFirst().function())) {
            known.addAll(definitions.names());
            throw new Failure(
                    Failure.Code.NOT_FOUND, "unknown pipeline or function '" + name + "'" + Nearest.hint(name, known));
        }
        return pipe(pipe);
    }

    /// The pipeline of a pipe expression alone: a definition of that name does not count.
    ///
    /// @throws Failure as [#compose]
    public Pipeline pipe(String expression) {
        return pipe(Definition.pipe(expression));
    }

    private Pipeline pipe(Definition pipe) {
        for (StepDefinition step : pipe.steps()) {
            functions.find(step.function());
        }
        return compose(pipe);
    }

    /// The pipeline of a stored definition.
    public Pipeline recompose(String definition) {
        return compose(DefinitionReader.yaml("stored definition", definition));
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

    /// The names of the functions.
    public Set<String> functionNames() {
        Set<String> names = new TreeSet<>();
        for (RegisteredFunction function : functions.all()) {
            names.add(function.name());
        }
        return names;
    }

    private Pipeline compose(Definition definition) {
        List<Violation> violations = new ArrayList<>();
        List<Step> steps = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        if (!definition.isPipe() && functions.has(definition.name())) {
            violations.add(new Violation(
                    definition.place(),
                    "a function is called '" + definition.name() + "' already; rename the pipeline"));
        }
        Step before = null;
        for (StepDefinition definedStep : definition.steps()) {
            RegisteredFunction function = find(definedStep, violations);
            if (function == null) {
                before = null;
                continue;
            }
            int nth = times.getOrDefault(function.name(), 0) + 1;
            times.put(function.name(), nth);
            Step step =
                    step(definedStep, function, nth == 1 ? function.name() : function.name() + "#" + nth, violations);
            if (before != null) {
                meet(before, step, definedStep, violations);
            }
            steps.add(step);
            before = step;
        }
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
        return new Pipeline(
                definition.name(), definition.description(), definition.example(), steps, definition.source());
    }

    /// Checks that one step takes what the one before it gives.
    private static void meet(Step before, Step step, StepDefinition definition, List<Violation> violations) {
        Optional<String> refusal = step.input().refusal(before.output());
        if (refusal.isPresent()) {
            violations.add(new Violation(
                    definition.places().of(""),
                    "'" + step.name() + "' cannot follow '" + before.name() + "': " + refusal.get()));
        }
        if (step.merge()) {
            mergeable(before.output(), definition, violations);
        }
    }

    private static void mergeable(Shape shape, StepDefinition definition, List<Violation> violations) {
        OBJECT.refusal(shape)
                .ifPresent(reason -> violations.add(new Violation(
                        definition.places().of("/merge"), "merge lays an object over an object; " + reason)));
    }

    private @Nullable RegisteredFunction find(StepDefinition step, List<Violation> violations) {
        try {
            return functions.find(step.function());
        } catch (Failure unknown) {
            violations.add(new Violation(step.places().of(""), unknown.detail()));
            return null;
        }
    }

    /// A violation of a step's configuration at its line. Its own place is a pointer into `with`, or a file that the
    /// configuration names.
    private static Violation configured(Violation violation, StepDefinition step) {
        String place = violation.place();
        if (place.isEmpty() || !place.startsWith("/")) {
            return new Violation(step.places().of("/with"), violation.toString());
        }
        return new Violation(step.places().of("/with" + place), "'" + place.substring(1) + "': " + violation.reason());
    }

    private static Step step(
            StepDefinition step, RegisteredFunction function, String name, List<Violation> violations) {
        Function<@Nullable Object, @Nullable Object> body;
        try {
            body = function.make(step.with());
        } catch (Failure failure) {
            body = value -> value;
            List<Violation> wrong = failure.violations().isEmpty()
                    ? List.of(new Violation("", failure.detail()))
                    : failure.violations();
            wrong.forEach(violation -> violations.add(configured(violation, step)));
        }
        if (step.merge()) {
            mergeable(function.output(), step, violations);
        }
        Shape output = step.merge() ? OBJECT : function.output();
        return new Step(name, function.input(), output, body, step.retry(), step.timeout(), step.merge());
    }
}
