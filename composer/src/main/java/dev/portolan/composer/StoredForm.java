package dev.portolan.composer;

import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import dev.portolan.failure.Violation;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The form in which a durable definition is kept beside its executions: JSON with the keys that the file has,
/// sorted.
///
/// It says what changes an execution, and nothing else: two files have the same one exactly if their steps do
/// the same. What is as usual is left out, but a retry is written out in full, since what is usual may change
/// between versions.
final class StoredForm {

    private StoredForm() {}

    /// The stored form of a definition.
    ///
    /// @throws Failure `INVALID` if JSON has not what the definition says
    static String of(Definition definition) {
        List<Object> steps = new ArrayList<>();
        for (StepDefinition step : definition.steps()) {
            Map<String, @Nullable Object> options = options(step);
            steps.add(options.isEmpty() ? step.function() : Map.of(step.function(), options));
        }
        Map<String, Object> tree = new TreeMap<>();
        tree.put("pipeline", definition.name());
        tree.put("durable", true);
        tree.put("steps", steps);
        Json json = new Json();
        byte[] text = json.encode(tree);
        json.decode(text); // what cannot be read again is refused before an execution depends on it
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Map<String, @Nullable Object> options(StepDefinition step) {
        Map<String, @Nullable Object> options = new TreeMap<>();
        if (!step.with().isEmpty()) {
            options.put("with", Json.sorted(step.with()));
        }
        if (step.retry().attempts() > 1) { // comparing records would cost a cold start their bootstrap
            options.put("retry", retry(step.retry()));
        }
        if (step.timeout() != null) {
            options.put("timeout", step.timeout().toString());
        }
        if (step.merge()) {
            options.put("merge", true);
        }
        if (step.condition() != null) {
            options.put("if", step.condition());
        }
        if (step.undo() != null) {
            options.put("undo", step.undo());
        }
        if (step.once()) {
            options.put("once", true);
        }
        return options;
    }

    private static Map<String, Object> retry(Retry retry) {
        Map<String, Object> tree = new TreeMap<>();
        tree.put("attempts", retry.attempts());
        tree.put("delay", retry.delay().toString());
        tree.put("factor", BigDecimal.valueOf(retry.factor()));
        tree.put("cap", retry.cap().toString());
        return tree;
    }

    /// Refuses a function whose input or output would not come back from JSON as it was.
    static void refuseUnstorable(RegisteredFunction function, StepDefinition step, List<Violation> violations) {
        refuse("takes", function.types().input(), function.input(), step, violations);
        refuse("gives", function.types().output(), function.output(), step, violations);
    }

    private static void refuse(String verb, Type type, Shape shape, StepDefinition step, List<Violation> violations) {
        if (type != byte[].class && !shape.foreign()) {
            return;
        }
        violations.add(new Violation(
                step.place(""),
                "'" + step.function() + "' " + verb + " "
                        + (shape.foreign() ? shape.noun() : "bytes")
                        + ", and a durable execution's values are stored as JSON; "
                        + (shape.foreign()
                                ? "take a record of what you need of it, or Map<String, Object>"
                                : "keep them in an object store and pass their name")
                        + ", or take 'durable: true' away"));
    }
}
