package dev.portolan.composer;

import dev.portolan.composer.Definition.Places;
import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Retry;
import dev.portolan.failure.Violation;
import dev.portolan.json.Json;
import dev.portolan.yaml.YamlSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads definitions: files in YAML, and the stored form in JSON.
final class DefinitionReader {

    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);
    private static final Retry USUAL_RETRY = new Retry(3, Duration.ofMillis(200), 2, Duration.ofSeconds(30));

    private static final String DURABLE = "write 'durable: true' at the top of the definition";

    private static final List<String> FILE = List.of("pipeline", "description", "example", "durable", "steps");
    private static final List<String> OPTIONS = List.of("with", "retry", "timeout", "merge", "if", "undo", "once");
    private static final List<String> RETRY = List.of("attempts", "delay", "factor", "cap");

    private DefinitionReader() {}

    /// Reads a definition in YAML.
    ///
    /// @param source how messages call it, the file's path
    /// @throws Failure `INVALID` with everything that is wrong, at `file:line`
    static Definition yaml(String source, String text) {
        YamlSource yaml = new YamlSource(source, text);
        return read(source, yaml.tree(), yaml::place);
    }

    /// Reads the stored form of a definition ([StoredForm]).
    ///
    /// @throws Failure `INVALID` with everything that is wrong
    static Definition stored(String text) {
        Object tree = new Json().decode(text);
        String source =
                "the stored definition" + (tree instanceof Map<?, ?> map ? " of '" + map.get("pipeline") + "'" : "");
        return read(source, tree, pointer -> pointer.isEmpty() ? source : source + " at " + pointer);
    }

    private static Definition read(String source, @Nullable Object tree, Places places) {
        List<Violation> violations = new ArrayList<>();
        Keys file = new Keys(tree, "", FILE, violations);
        String pipeline = file.required("pipeline", String.class);
        String description = file.get("description", String.class);
        Object example = file.get("example", Map.class);
        boolean durable = file.flag("durable");
        List<?> listed = file.required("steps", List.class);
        List<StepDefinition> steps = new ArrayList<>();
        if (pipeline != null && listed != null && violations.isEmpty()) {
            if (!KEBAB.matcher(pipeline).matches()) {
                violations.add(new Violation("/pipeline", "a pipeline's name is kebab-case, such as 'welcome-back'"));
            }
            if (listed.isEmpty()) {
                violations.add(new Violation("/steps", "a pipeline has at least one step"));
            }
            for (Object step : listed) {
                String pointer = Pointer.child("/steps", String.valueOf(steps.size()));
                steps.add(step(step, pointer, places, durable, violations));
            }
        }
        if (pipeline == null || !violations.isEmpty()) {
            throw Failure.invalid(violations.stream()
                    .map(violation -> new Violation(places.place(violation.place()), named(violation)))
                    .toList());
        }
        return new Definition(pipeline, description, example, durable, steps, source, places.place("/pipeline"));
    }

    /// A line alone does not say which key of it is meant; the number of a step says less than its line.
    private static String named(Violation violation) {
        String place = violation.place();
        String key = place.substring(place.lastIndexOf('/') + 1);
        return key.isEmpty() || Character.isDigit(key.charAt(0))
                ? violation.reason()
                : "'" + key + "': " + violation.reason();
    }

    private static StepDefinition step(
            @Nullable Object step, String pointer, Places places, boolean durable, List<Violation> violations) {
        if (step instanceof String function) {
            return StepDefinition.plain(function, places, pointer);
        }
        if (!(step instanceof Map<?, ?> map) || map.size() != 1) {
            violations.add(new Violation(pointer, "a step is a function's name, or the name with options below it"));
            return StepDefinition.plain("", places, pointer);
        }
        Map.Entry<?, ?> only = map.entrySet().iterator().next();
        String function = String.valueOf(only.getKey());
        String inside = Pointer.child(pointer, function);
        List<Violation> wrong = new ArrayList<>();
        Keys options = new Keys(only.getValue() == null ? Map.of() : only.getValue(), inside, OPTIONS, wrong);
        Map<String, @Nullable Object> with = options.object("with");
        Duration timeout = options.get("timeout", Duration.class);
        if (timeout != null && (!timeout.isPositive() || timeout.compareTo(LONGEST_TIMEOUT) > 0)) {
            wrong.add(new Violation(
                    Pointer.child(inside, "timeout"),
                    "must be more than nothing and at most 15m, the longest that every host gives an invocation"));
        }
        boolean merge = options.flag("merge");
        String condition = options.get("if", String.class);
        String undo = options.get("undo", String.class);
        boolean once = options.flag("once");
        Retry retry = retry(options.get("retry", Map.class), Pointer.child(inside, "retry"), wrong);
        if (!durable && undo != null) {
            wrong.add(new Violation(Pointer.child(inside, "undo"), "only a durable execution undoes; " + DURABLE));
        }
        if (!durable && once) {
            wrong.add(new Violation(
                    Pointer.child(inside, "once"), "only a durable execution knows what was called; " + DURABLE));
        }
        violations.addAll(wrong);
        return new StepDefinition(function, with, retry, timeout, merge, condition, undo, once, places, inside);
    }

    /// What is left out is as usual.
    private static Retry retry(@Nullable Object tree, String pointer, List<Violation> violations) {
        if (tree == null) {
            return Retry.NONE;
        }
        Keys keys = new Keys(tree, pointer, RETRY, violations);
        Integer attempts = keys.get("attempts", Integer.class);
        Duration delay = keys.get("delay", Duration.class);
        Double factor = keys.get("factor", Double.class);
        Duration cap = keys.get("cap", Duration.class);
        if (violations.isEmpty()) {
            Duration first = delay == null ? USUAL_RETRY.delay() : delay;
            Duration last = first.compareTo(USUAL_RETRY.cap()) > 0 ? first : USUAL_RETRY.cap();
            try {
                Retry retry = new Retry(
                        attempts == null ? USUAL_RETRY.attempts() : attempts,
                        first,
                        factor == null ? USUAL_RETRY.factor() : factor,
                        cap == null ? last : cap);
                return retry.attempts() == 1 ? Retry.NONE : retry;
            } catch (IllegalArgumentException e) {
                violations.add(new Violation(pointer, String.valueOf(e.getMessage())));
            }
        }
        return Retry.NONE;
    }
}
