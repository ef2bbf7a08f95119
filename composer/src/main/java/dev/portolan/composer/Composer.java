package dev.portolan.composer;

import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.failure.Violation;
import dev.portolan.json.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes pipelines of functions, from definitions and from pipe expressions, and refuses what cannot work
/// before it runs: unknown names, bad configuration, neighbours that do not fit. Thread-safe.
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

    /// The pipeline of a name: a definition's, or a pipe expression such as `validate|enrich|notify`, or one
    /// function.
    ///
    /// @throws Failure `NOT_FOUND` for an unknown name, with the nearest; `INVALID` with everything that is
    ///     wrong with the definition, at `file:line`
    public Pipeline compose(String name) {
        Definition definition = definitions.find(name);
        if (definition != null) {
            return compose(definition);
        }
        Definition pipe = Definition.pipe(name);
        if (pipe.steps().size() == 1 && !functions.has(pipe.steps().getFirst().function())) {
            Set<String> known = functionNames();
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
        return compose(pipe, new ArrayList<>());
    }

    /// The pipeline of a stored definition, made of the functions that are there now.
    ///
    /// @param definition what [Pipeline#definition] said
    /// @return its definition is the same text
    /// @throws Failure `FAILED_PRECONDITION` if a function is missing, or does not fit any more; a deployment
    ///     that has them can go on
    public Pipeline recompose(String definition) {
        try {
            return compose(DefinitionReader.stored(definition), new ArrayList<>());
        } catch (Failure failure) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    failure.detail() + "; deploy the version that it was started with",
                    failure);
        }
    }

    /// The names of the steps of a stored definition, whether or not its functions are there.
    ///
    /// @param definition what [Pipeline#definition] said
    /// @throws Failure `INVALID` if it is none
    public static List<String> stepNames(String definition) {
        return DefinitionReader.stored(definition).stepNames();
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
        return functions.names();
    }

    /// As [#compose(String)], of a definition at hand.
    Pipeline compose(Definition definition) {
        List<Violation> violations = new ArrayList<>();
        if (functions.has(definition.name())) {
            violations.add(new Violation(
                    definition.place(),
                    "a function is called '" + definition.name() + "' already; rename the pipeline"));
        }
        return compose(definition, violations);
    }

    /// @param violations takes what is wrong, and may have something already
    private Pipeline compose(Definition definition, List<Violation> violations) {
        List<Step> steps = new ArrayList<>();
        List<String> names = definition.stepNames();
        // Whose output may reach the next step: the last step, and those before it as far as it may be passed over.
        List<Step> before = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            StepDefinition definedStep = definition.steps().get(i);
            RegisteredFunction function = find(definedStep, violations);
            Step step = null;
            if (function != null) {
                step = step(definedStep, function, names.get(i), violations);
                meet(before, step, definedStep, violations);
                if (definition.durable()) {
                    StoredForm.refuseUnstorable(function, definedStep, violations);
                }
            }
            if (definedStep.condition() != null || definedStep.undo() != null) {
                step = new SideFunctions(functions, violations).added(definedStep, step, before);
            }
            if (definedStep.condition() == null) {
                before.clear();
            }
            if (step != null) {
                steps.add(step);
                before.add(step);
            }
        }
        String stored = definition.durable() ? stored(definition, violations) : null;
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
        return new Pipeline(
                definition.name(), definition.description(), definition.example(), steps, definition.source(), stored);
    }

    private static @Nullable String stored(Definition definition, List<Violation> violations) {
        try {
            return StoredForm.of(definition);
        } catch (Failure failure) {
            violations.add(new Violation(definition.place(), "it cannot be stored: " + failure.detail()));
            return null;
        }
    }

    /// Checks that a step takes what may reach it.
    private static void meet(List<Step> before, Step step, StepDefinition definition, List<Violation> violations) {
        for (int i = 0; i < before.size(); i++) {
            Shape given = before.get(i).output();
            Optional<String> refusal = step.input().refusal(given);
            if (refusal.isPresent()) {
                violations.add(new Violation(
                        definition.place(""),
                        "'" + step.name() + "' cannot follow " + named(before, i) + ": " + refusal.get()));
            }
            if (step.merge()) {
                mergeable(given, definition, violations);
            }
        }
    }

    /// One of the steps whose output may reach the next, for people: those after it are passed over then.
    static String named(List<Step> before, int index) {
        StringBuilder name =
                new StringBuilder("'").append(before.get(index).name()).append('\'');
        for (Step over : before.subList(index + 1, before.size())) {
            name.append(name.indexOf(" ") < 0 ? " without '" : ", '")
                    .append(over.name())
                    .append('\'');
        }
        return name.toString();
    }

    private static void mergeable(Shape shape, StepDefinition definition, List<Violation> violations) {
        OBJECT.refusal(shape)
                .ifPresent(reason -> violations.add(
                        new Violation(definition.place("/merge"), "merge lays an object over an object; " + reason)));
    }

    private @Nullable RegisteredFunction find(StepDefinition step, List<Violation> violations) {
        try {
            return functions.find(step.function());
        } catch (Failure unknown) {
            violations.add(new Violation(step.place(""), unknown.detail()));
            return null;
        }
    }

    /// A violation of a step's configuration at its line. Its own place is a pointer into `with`, or a file
    /// that the configuration names.
    private static Violation configured(Violation violation, StepDefinition step) {
        String place = violation.place();
        if (place.isEmpty() || !place.startsWith("/")) {
            return new Violation(step.place("/with"), violation.toString());
        }
        return new Violation(step.place("/with" + place), "'" + place.substring(1) + "': " + violation.reason());
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
        return new Step(
                name,
                function.input(),
                output,
                body,
                step.retry(),
                step.timeout(),
                step.merge(),
                null,
                null,
                step.once());
    }
}
