package dev.portolan.composer;

import dev.portolan.composer.Definition.StepDefinition;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Retry;
import dev.portolan.failure.Violation;
import dev.portolan.json.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads definitions in YAML.
final class DefinitionReader {

    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Duration LONGEST_TIMEOUT = Duration.ofMinutes(15);
    private static final Retry USUAL_RETRY = new Retry(3, Duration.ofMillis(200), 2, Duration.ofSeconds(30));

    /// The keys of a definition file.
    private record File(
            String pipeline,
            @Nullable String description,
            @Nullable Map<String, Object> example,
            List<Object> steps) {}

    /// The keys of a step.
    private record Options(
            @Nullable Map<String, @Nullable Object> with,
            @Nullable RetryOptions retry,
            @Nullable Duration timeout,
            @Nullable Boolean merge) {

        static final Options NONE = new Options(null, null, null, null);

        Options {
            if (timeout != null
                    && (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST_TIMEOUT) > 0)) {
                throw Failure.invalid(
                        "/timeout",
                        "must be more than nothing and at most 15m, the longest that every"
                                + " host gives an invocation");
            }
        }
    }

    /// The keys of a step's retry; what is left out is as usual.
    private record RetryOptions(
            @Nullable Integer attempts,
            @Nullable Duration delay,
            @Nullable Double factor,
            @Nullable Duration cap) {

        Retry retry() {
            Duration first = delay == null ? USUAL_RETRY.delay() : delay;
            return new Retry(
                    attempts == null ? USUAL_RETRY.attempts() : attempts,
                    first,
                    factor == null ? USUAL_RETRY.factor() : factor,
                    cap == null && first.compareTo(USUAL_RETRY.cap()) > 0
                            ? first
                            : cap == null ? USUAL_RETRY.cap() : cap);
        }
    }

    private static final Shape FILE = Shape.of(File.class, Shape.Style.CONFIGURATION);
    private static final Shape OPTIONS = Shape.of(Options.class, Shape.Style.CONFIGURATION);

    private DefinitionReader() {}

    /// Reads a definition in YAML.
    ///
    /// @param source how messages call it, the file's path
    /// @throws Failure `INVALID` with everything that is wrong, at `file:line`
    static Definition yaml(String source, String text) {
        YamlSource yaml = new YamlSource(source, text);
        List<Violation> violations = new ArrayList<>();
        File file = (File) FILE.read(yaml.tree(), "", violations);
        List<StepDefinition> steps = new ArrayList<>();
        if (file != null) {
            if (!KEBAB.matcher(file.pipeline()).matches()) {
                violations.add(new Violation("/pipeline", "a pipeline's name is kebab-case, such as 'welcome-back'"));
            }
            if (file.steps().isEmpty()) {
                violations.add(new Violation("/steps", "a pipeline has at least one step"));
            }
            for (Object step : file.steps()) {
                String pointer = Pointer.child("/steps", String.valueOf(steps.size()));
                steps.add(step(step, pointer, yaml, violations));
            }
        }
        if (file == null || !violations.isEmpty()) {
            throw Failure.invalid(violations.stream()
                    .map(violation -> new Violation(yaml.place(violation.place()), named(violation)))
                    .toList());
        }
        return new Definition(
                file.pipeline(), file.description(), file.example(), steps, source, yaml.place("/pipeline"));
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
            @Nullable Object step, String pointer, YamlSource yaml, List<Violation> violations) {
        if (step instanceof String function) {
            return new StepDefinition(
                    function, Map.of(), Retry.NONE, null, false, within -> yaml.place(pointer + within));
        }
        if (!(step instanceof Map<?, ?> map) || map.size() != 1) {
            violations.add(new Violation(pointer, "a step is a function's name, or the name with options below it"));
            return new StepDefinition("", Map.of(), Retry.NONE, null, false, within -> "");
        }
        Map.Entry<?, ?> only = map.entrySet().iterator().next();
        String function = String.valueOf(only.getKey());
        String inside = Pointer.child(pointer, function);
        List<Violation> wrong = new ArrayList<>();
        Options options = only.getValue() == null ? Options.NONE : (Options) OPTIONS.read(only.getValue(), "", wrong);
        Retry retry = Retry.NONE;
        if (options != null && options.retry() != null) {
            try {
                retry = options.retry().retry();
            } catch (IllegalArgumentException e) {
                wrong.add(new Violation("/retry", String.valueOf(e.getMessage())));
            }
        }
        wrong.forEach(violation -> violations.add(new Violation(inside + violation.place(), violation.reason())));
        Options read = options == null ? Options.NONE : options;
        return new StepDefinition(
                function,
                read.with() == null ? Map.of() : read.with(),
                retry,
                read.timeout(),
                Boolean.TRUE.equals(read.merge()),
                within -> yaml.place(inside + within));
    }
}
