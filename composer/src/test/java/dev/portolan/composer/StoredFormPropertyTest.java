package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Of random definitions: the stored form comes back as it was, does not depend on how the file is written, and
/// tells every other definition.
final class StoredFormPropertyTest {

    private static final int DEFINITIONS = 200;
    private static final List<String> FUNCTIONS = List.of("a", "b", "long-name");

    /// Characters that are easily written wrongly, in YAML or in JSON.
    private static final List<String> LETTERS = List.of(
            "a",
            "Z",
            "0",
            " ",
            ":",
            "#",
            "'",
            "\"",
            "\\",
            "\n",
            "\t",
            "\u0000",
            "\u0007",
            "\u007f",
            "\u0085",
            "\u00e9",
            "\u2028",
            "\ufeff",
            "\ufffe",
            "\ud83d\ude00",
            "null",
            "true",
            "1e3",
            "- ",
            "{",
            "&",
            "*");

    private record Settings(Map<String, Object> any) {}

    private record Configured(Settings settings) implements Function<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(Map<String, Object> value) {
            return value;
        }
    }

    /// A step apart from how it is written: durations are durations, and what is as usual is left out.
    private record Meant(String function, Map<String, Object> options) {}

    private final FunctionRegistry functions = new FunctionRegistry();
    private final Composer composer = new Composer(functions);
    private final Json json = new Json();

    @BeforeEach
    void registerFunctions() {
        for (String name : FUNCTIONS) {
            functions.configured(name, Configured.class, new Settings(Map.of()), Configured::new);
        }
        functions.add("yes", Object.class, value -> true);
        functions.add("no", Object.class, value -> false);
    }

    @Test
    void itComesBackAsItWas() {
        for (long seed = 1; seed <= DEFINITIONS; seed++) {
            Random random = new Random(seed);
            String file = written(meant(random), random);
            Pipeline pipeline = compose(file);
            String stored = String.valueOf(pipeline.definition());

            Pipeline again = composer.recompose(stored);

            assertThat(again.definition()).as("seed %d: %s", seed, file).isEqualTo(stored);
            assertThat(comparable(again)).as("seed %d: %s", seed, file).isEqualTo(comparable(pipeline));
        }
    }

    @Test
    void twoFilesHaveTheSameExactlyIfTheirStepsAre() {
        Map<String, List<Meant>> meanings = new HashMap<>();
        for (long seed = 1; seed <= DEFINITIONS; seed++) {
            Random random = new Random(seed);
            List<Meant> steps = meant(random);
            for (List<Meant> version : List.of(steps, steps, changed(steps, random), changed(steps, random))) {
                String file = written(version, random);

                String stored = String.valueOf(compose(file).definition());

                List<Meant> same = meanings.putIfAbsent(stored, version);
                assertThat(same == null ? version : same)
                        .as("seed %d: %s", seed, file)
                        .isEqualTo(version);
            }
        }
        assertThat(meanings).hasSize((int) meanings.values().stream().distinct().count());
        assertThat(meanings).as("different definitions").hasSizeGreaterThan(DEFINITIONS * 2);
    }

    private Pipeline compose(String yaml) {
        return composer.compose(DefinitionReader.yaml("test.yaml", yaml));
    }

    /// All of its steps but the conditions themselves, which are compared by the stored form alone.
    private static List<List<@Nullable Object>> comparable(Pipeline pipeline) {
        List<List<@Nullable Object>> steps = new ArrayList<>();
        for (Step step : pipeline.steps()) {
            steps.add(Arrays.asList(
                    step.name(),
                    step.body(),
                    step.retry(),
                    step.timeout(),
                    step.merge(),
                    step.condition() == null,
                    step.undo(),
                    step.once()));
        }
        return steps;
    }

    private static List<Meant> meant(Random random) {
        List<Meant> steps = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            Map<String, Object> options = new TreeMap<>();
            for (String option : List.of("with", "retry", "timeout", "merge", "if", "undo", "once")) {
                if (random.nextBoolean()) {
                    options.put(option, option(option, random));
                }
            }
            steps.add(new Meant(one(FUNCTIONS, random), options));
        }
        return steps;
    }

    private static Object option(String name, Random random) {
        return switch (name) {
            case "with" -> Map.of("any", object(random, 0));
            case "retry" -> {
                Duration delay = Duration.ofMillis(random.nextInt(5000));
                double factor = random.nextBoolean() ? random.nextInt(1, 4) : random.nextDouble(1, 1000);
                Duration cap = delay.plusSeconds(random.nextInt(3000));
                yield Map.of("attempts", random.nextInt(2, 101), "delay", delay, "factor", factor, "cap", cap);
            }
            case "timeout" ->
                random.nextBoolean()
                        ? Duration.ofSeconds(random.nextInt(1, 901))
                        : Duration.ofNanos(random.nextLong(1, 900_000_000_001L));
            case "if" -> one(List.of("yes", "no"), random);
            case "undo" -> one(FUNCTIONS, random);
            default -> true;
        };
    }

    /// Another definition: a step more, or an option of one step otherwise.
    private static List<Meant> changed(List<Meant> steps, Random random) {
        List<Meant> changed = new ArrayList<>(steps);
        int index = random.nextInt(steps.size());
        Meant step = steps.get(index);
        List<String> said = List.copyOf(step.options().keySet());
        if (said.isEmpty()) {
            changed.add(step);
            return changed;
        }
        Map<String, Object> options = new TreeMap<>(step.options());
        String option = one(said, random);
        options.remove(option);
        if (random.nextBoolean()) {
            options.put(option, option(option, random));
        }
        changed.set(index, new Meant(step.function(), options));
        return changed;
    }

    /// The definition in YAML, in one of many ways.
    private String written(List<Meant> meant, Random random) {
        Map<String, @Nullable Object> file = new LinkedHashMap<>();
        file.put("pipeline", "w");
        file.put("durable", true);
        file.put("description", text(random));
        file.put("example", object(random, 0));
        List<Object> steps = new ArrayList<>();
        for (Meant step : meant) {
            Map<String, Object> options = new HashMap<>(step.options());
            options.putIfAbsent("merge", false);
            options.putIfAbsent("once", false);
            options.putIfAbsent("with", Map.of());
            options.putIfAbsent("retry", Map.of("attempts", 1));
            boolean plain = step.options().isEmpty() && random.nextBoolean();
            steps.add(plain ? step.function() : Map.of(step.function(), spelled(options, random)));
        }
        file.put("steps", steps);
        Map<?, ?> tree = (Map<?, ?>) spelled(file, random);
        return random.nextBoolean() ? flow(tree) : block(tree, "");
    }

    /// A tree with its names in any order and its durations in any unit.
    private static @Nullable Object spelled(@Nullable Object value, Random random) {
        if (value instanceof Map<?, ?> map) {
            List<?> names = new ArrayList<>(map.keySet());
            Collections.shuffle(names, random);
            Map<Object, @Nullable Object> object = new LinkedHashMap<>();
            names.forEach(name -> object.put(name, spelled(map.get(name), random)));
            return object;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> array = new ArrayList<>();
            list.forEach(element -> array.add(spelled(element, random)));
            return array;
        }
        if (value instanceof Duration duration && duration.toNanosPart() % 1_000_000 == 0 && random.nextBoolean()) {
            return duration.toNanosPart() == 0 && random.nextBoolean()
                    ? duration.toSeconds() + "s"
                    : duration.toMillis() + "ms";
        }
        return value;
    }

    /// Mappings with one key a line; lists and leaves in JSON, which is YAML too.
    private String block(Map<?, ?> object, String indent) {
        StringBuilder text = new StringBuilder();
        object.forEach((name, value) -> {
            text.append(indent).append(flow(name)).append(':');
            boolean nested = value instanceof Map<?, ?> inner && !inner.isEmpty();
            text.append(nested ? "\n" + block((Map<?, ?>) value, indent + "  ") : " " + flow(value) + "\n");
        });
        return text.toString();
    }

    /// JSON, with the characters escaped that YAML does not take as they are.
    private String flow(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        for (char c : new String(json.encode(value), StandardCharsets.UTF_8).toCharArray()) {
            boolean escaped = c == 0x7f || c == 0x85 || c == 0xfeff || c == 0xfffe;
            text.append(escaped ? "\\u%04x".formatted((int) c) : String.valueOf(c));
        }
        return text.toString();
    }

    private static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth < 3 ? 8 : 6)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(1, 30));
            case 4 -> new BigInteger(random.nextInt(70, 200), random).setBit(65);
            case 5 -> text(random);
            case 6 -> object(random, depth + 1);
            default -> Arrays.asList(value(random, depth + 1), value(random, depth + 1));
        };
    }

    private static Map<String, @Nullable Object> object(Random random, int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(1, 4); i > 0; i--) {
            object.put(text(random), value(random, depth + 1));
        }
        return object;
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(5); i > 0; i--) {
            text.append(one(LETTERS, random));
        }
        return text.toString();
    }

    private static String one(List<String> of, Random random) {
        return of.get(random.nextInt(of.size()));
    }
}
