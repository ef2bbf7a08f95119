package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Violation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Everything that can be wrong with a definition, with its line and what to do about it.
final class DefinitionErrorsTest {

    private record Person(String email) {}

    private record Greeting(String text) {}

    private record Inner(String key) {}

    private record Settings(
            String template,
            @Nullable Duration patience,
            @Nullable Inner inner) {}

    private static final class Notify implements Function<Map<String, Object>, Map<String, Object>> {
        Notify(Settings settings) {
            if (settings.template().isEmpty()) {
                throw new IllegalArgumentException("a template has a name");
            }
        }

        @Override
        public Map<String, Object> apply(Map<String, Object> value) {
            return value;
        }
    }

    private record Tuned(Settings settings) implements Function<Object, Boolean> {
        @Override
        public Boolean apply(Object value) {
            return true;
        }
    }

    @TempDir
    private Path folder;

    private final FunctionRegistry functions = new FunctionRegistry();

    @BeforeEach
    void registerFunctions() {
        functions.add("validate", Person.class, Person.class, person -> person);
        functions.add("enrich", Object.class, Object.class, value -> value);
        functions.add("greet", Person.class, Greeting.class, person -> new Greeting(person.email()));
        functions.add("log", Object.class, Void.class, value -> null);
        functions.add("length", String.class, Integer.class, String::length);
        functions.add("ready", Object.class, value -> true);
        functions.add("addressed", Person.class, person -> true);
        functions.configured("tuned", Tuned.class, Settings.class, Tuned::new);
        functions.add("cancel", Map.class, Map.class, value -> value);
        functions.add("recall", Greeting.class, Object.class, greeting -> greeting);
        functions.add("zip", Object.class, byte[].class, value -> new byte[0]);
        functions.add("unzip", byte[].class, Object.class, bytes -> bytes);
        functions.configured("notify", Notify.class, Settings.class, Notify::new);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
                    pipelin: a; pipeline: w; steps: [enrich] | 1 | 'pipelin': unknown key; did you mean 'pipeline'?
                    pipeline: w; xyz: 1; steps: [enrich] | 2 | 'xyz': unknown key; known are pipeline, description, example, durable, steps
                    steps: [enrich] | 1 | 'pipeline': missing
                    pipeline: w | 1 | 'steps': missing
                    pipeline: w; steps: | 2 | 'steps': missing
                    pipeline: w; steps: [] | 2 | 'steps': a pipeline has at least one step
                    pipeline: w; steps: enrich | 2 | 'steps': must be a list
                    pipeline: 7; steps: [enrich] | 1 | 'pipeline': must be a string
                    pipeline: Welcome Back; steps: [enrich] | 1 | 'pipeline': a pipeline's name is kebab-case, such as 'welcome-back'
                    pipeline: w; example: 5; steps: [enrich] | 2 | 'example': must be an object
                    - pipeline: w | 1 | must be an object
                    pipeline: w; steps:; - enrich; - 5 | 4 | a step is a function's name, or the name with options below it
                    pipeline: w; steps:; - {enrich: {}, greet: {}} | 3 | a step is a function's name, or the name with options below it
                    pipeline: w; steps:; - enrich: 5s | 3 | 'enrich': must be an object
                    pipeline: w; steps:; - validate; - enrihc | 4 | unknown function 'enrihc'; did you mean 'enrich'?
                    pipeline: w; steps:; - validate; - enrihc: {timeout: 5s} | 4 | unknown function 'enrihc'; did you mean 'enrich'?
                    pipeline: w; steps:; - enrich:;     timeot: 5s | 4 | 'timeot': unknown key; did you mean 'timeout'?
                    pipeline: w; steps:; - enrich:;     timeout: soon | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: 5 | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: 0s | 4 | 'timeout': must be more than nothing and at most 15m, the longest that every host gives an invocation
                    pipeline: w; steps:; - enrich:;     timeout: PT-1S | 4 | 'timeout': must be more than nothing and at most 15m, the longest that every host gives an invocation
                    pipeline: w; steps:; - enrich:;     timeout: 16m | 4 | 'timeout': must be more than nothing and at most 15m, the longest that every host gives an invocation
                    pipeline: w; steps:; - enrich:;     timeout: 99999999999999999999h | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     merge: 1 | 4 | 'merge': must be true or false
                    pipeline: w; steps:; - enrich:;     retry: 5 | 4 | 'retry': must be an object
                    pipeline: w; steps:; - enrich:;     retry: {attempts: 0} | 4 | 'retry': attempts must be 1 to 100, not 0
                    pipeline: w; steps:; - enrich:;     retry: {attempts: 1000000000} | 4 | 'retry': attempts must be 1 to 100, not 1000000000
                    pipeline: w; steps:; - enrich:;     retry:;       attempts: 1.5 | 5 | 'attempts': must be a whole number
                    pipeline: w; steps:; - enrich:;     retry:;       attemps: 2 | 5 | 'attemps': unknown key; did you mean 'attempts'?
                    pipeline: w; steps:; - enrich:;     retry:;       delay: PT-1S | 4 | 'retry': delay must not be negative
                    pipeline: w; steps:; - enrich:;     retry: {factor: 0.5} | 4 | 'retry': factor must be 1 to 1000, not 0.5
                    pipeline: w; steps:; - enrich:;     retry: {factor: 1e400} | 4 | 'factor': must be a number
                    pipeline: w; steps:; - enrich:;     retry: {delay: 5s, cap: 1s} | 4 | 'retry': cap must be at least delay, and at most PT24H
                    pipeline: w; steps:; - enrich:;     retry: {delay: 2d} | 4 | 'retry': cap must be at least delay, and at most PT24H
                    pipeline: w; steps:; - enrich:;     with: {a: 1} | 4 | 'enrich' takes no configuration
                    pipeline: w; steps:; - notify | 3 | 'template': missing
                    pipeline: w; steps:; - notify:;     with:;       template: a;       patence: 5s | 6 | 'patence': unknown key; did you mean 'patience'?
                    pipeline: w; steps:; - notify:;     with:;       template: a;       patience: 5 | 6 | 'patience': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - notify:;     with:;       template: a;       inner:;         kee: b | 6 | 'inner/key': missing
                    pipeline: w; steps:; - notify:;     with: {template: ''} | 4 | a template has a name
                    pipeline: w; steps:; - greet; - validate | 4 | 'validate' cannot follow 'greet': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - log; - enrich | 4 | 'enrich' cannot follow 'log': nothing is given
                    pipeline: w; steps:; - greet:;     merge: true; - length | 5 | 'length' cannot follow 'greet': an object is given, and it takes a string
                    pipeline: w; steps:; - length:;     merge: true | 4 | merge lays an object over an object; a whole number is given, and it takes an object
                    pipeline: w; steps:; - enrich; - log:;     merge: true | 5 | merge lays an object over an object; nothing is given, and it takes an object
                    pipeline: w; durabel: true; steps: [enrich] | 2 | 'durabel': unknown key; did you mean 'durable'?
                    pipeline: w; durable: yes-please; steps: [enrich] | 2 | 'durable': must be true or false
                    pipeline: w; durable: "true"; steps: [enrich] | 2 | 'durable': must be true or false
                    pipeline: w; steps:; - enrich:;     onec: true | 4 | 'onec': unknown key; did you mean 'once'?
                    pipeline: w; steps:; - enrich:;     uno: greet | 4 | 'uno': unknown key; did you mean 'undo'?
                    pipeline: w; steps:; - enrich:;     when: ready | 4 | 'when': unknown key; known are with, retry, timeout, merge, if, undo, once
                    pipeline: w; durable: true; steps:; - enrich:;     undo: | 5 | 'undo': has no value; give it one, or leave the key out
                    pipeline: w; steps:; - enrich:;     if: null | 4 | 'if': has no value; give it one, or leave the key out
                    pipeline: w; steps:; - enrich:;     if: true | 4 | 'if': must be a string
                    pipeline: w; steps:; - enrich:;     if: [ready] | 4 | 'if': must be a string
                    pipeline: w; durable: true; steps:; - enrich:;     undo: {cancel: {}} | 5 | 'undo': must be a string
                    pipeline: w; durable: true; steps:; - enrich:;     once: sometimes | 5 | 'once': must be true or false
                    pipeline: w; steps:; - enrich:;     undo: cancel | 4 | 'undo': only a durable execution undoes; write 'durable: true' at the top of the definition
                    pipeline: w; durable: false; steps:; - enrich:;     undo: cancel | 5 | 'undo': only a durable execution undoes; write 'durable: true' at the top of the definition
                    pipeline: w; steps:; - enrich:;     once: true | 4 | 'once': only a durable execution knows what was called; write 'durable: true' at the top of the definition
                    pipeline: w; steps:; - enrich:;     if: raedy | 4 | unknown function 'raedy'; did you mean 'ready'?
                    pipeline: w; steps:; - enrihc:;     if: raedy | 4 | unknown function 'raedy'; did you mean 'ready'?
                    pipeline: w; steps:; - enrich:;     if: greet | 4 | 'greet' is no condition: it gives an object, not true or false; register a Predicate
                    pipeline: w; steps:; - enrich:;     if: enrich | 4 | 'enrich' is no condition: it gives anything, not true or false; register a Predicate
                    pipeline: w; steps:; - greet; - enrich:;     if: addressed | 5 | condition 'addressed' cannot follow 'greet': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - greet; - enrich: {if: ready}; - log:;     if: addressed | 6 | condition 'addressed' cannot follow 'greet' without 'enrich': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - enrich:;     if: tuned | 4 | 'tuned' cannot be used without configuration: /template: missing
                    pipeline: w; steps:; - validate; - greet: {if: ready}; - validate | 5 | 'validate#2' cannot follow 'greet': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - greet; - enrich: {if: ready}; - validate | 5 | 'validate' cannot follow 'greet' without 'enrich': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - greet; - enrich: {if: ready}; - notify: {if: ready, with: {template: a}}; - validate | 6 | 'validate' cannot follow 'greet' without 'enrich', 'notify': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - greet; - enrihc: {if: ready}; - validate | 5 | 'validate' cannot follow 'greet': it needs 'email', which Greeting does not have
                    pipeline: w; steps:; - length; - enrich: {if: ready}; - notify:;     with: {template: a};     merge: true | 7 | merge lays an object over an object; a whole number is given, and it takes an object
                    pipeline: w; durable: true; steps:; - enrich:;     undo: cancle | 5 | unknown function 'cancle'; did you mean 'cancel'?
                    pipeline: w; durable: true; steps:; - greet:;     undo: greet | 5 | 'greet' cannot undo 'greet': it is called with what the step gives; it needs 'email', which Greeting does not have
                    pipeline: w; durable: true; steps:; - greet:;     undo: recall | 5 | 'recall' cannot undo 'greet': where nobody knows how far the step came, it is called with what the step takes; it needs 'text', which Person does not have
                    pipeline: w; durable: true; steps:; - validate; - enrich:;     undo: recall | 6 | 'recall' cannot undo 'enrich': where nobody knows how far the step came, it is called with what 'validate' gives; it needs 'text', which Person does not have
                    pipeline: w; durable: true; steps:; - log:;     undo: cancel | 5 | 'cancel' cannot undo 'log': it is called with what the step gives; nothing is given, and it takes an object
                    pipeline: w; durable: true; steps:; - enrich:;     undo: notify | 5 | 'notify' cannot be used without configuration: /template: missing
                    pipeline: w; durable: true; steps:; - zip | 4 | 'zip' gives bytes, and a durable execution's values are stored as JSON; keep them in an object store and pass their name, or take 'durable: true' away
                    pipeline: w; durable: true; steps:; - unzip | 4 | 'unzip' takes bytes, and a durable execution's values are stored as JSON; keep them in an object store and pass their name, or take 'durable: true' away
                    pipeline: w; steps:; - enrich:;     timeout: 15m1ms | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: 900001ms | 4 | 'timeout': must be more than nothing and at most 15m, the longest that every host gives an invocation
                    pipeline: w; durable: true; steps:; - enrich:;     timeout: 16m | 5 | 'timeout': must be more than nothing and at most 15m, the longest that every host gives an invocation
                    pipeline: w; steps:; - enrich:;     timeout: 99999999999999999999d | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: 9223372036854775807d | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: PT99999999999999999999H | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: P106751991167301D | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: -5s | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     timeout: -PT5S | 4 | 'timeout': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     retry: {cap: 999999999h} | 4 | 'retry': cap must be at least delay, and at most PT24H
                    pipeline: w; steps:; - enrich:;     retry:;       cap: 9999999999999999h | 5 | 'cap': must be a duration such as 200ms, 5s, 10m or PT1H
                    pipeline: w; steps:; - enrich:;     retry: {attempts: 99999999999999999999} | 4 | 'attempts': must be a whole number
                    pipeline: w; steps:; - enrich:;     retry: {attempts: 1e999999999} | 4 | 'attempts': must be a whole number
                    pipeline: w; steps:; - enrich:;     retry: {factor: 1e308} | 4 | 'retry': factor must be 1 to 1000, not 1.0E308
                    pipeline: w; steps:; - enrich:;     retry: {factor: 1e999999999} | 4 | 'factor': must be a number
                    pipeline: w; steps:; - enrich:;     retry: {factor: .nan} | 4 | not a number that JSON has
                    pipeline: w; steps:; - enrich:;     retry: {factor: .inf} | 4 | not a number that JSON has
                    pipeline: w; steps:; - enrich:;     retry: {factor: NaN} | 4 | 'factor': must be a number
                    pipeline: w; steps:; - enrich:;     retry: {factor: Infinity} | 4 | 'factor': must be a number
                    pipeline: w; pipeline: x; steps: [enrich] | 2 | 'pipeline' is there already, at w.yaml:1
                    pipeline: w; steps:; - notify:;     with:;       template: a;       template: b | 6 | 'template' is there already, at w.yaml:5
                    pipeline: w; example: &e {a: 1}; steps: [enrich] | 2 | anchors are not supported; write it out
                    pipeline: w; example: {a: &e 1, b: *e}; steps: [enrich] | 2 | anchors are not supported; write it out
                    pipeline: w; ? [a]; : 1 | 2 | a key must be a plain text
                    pipeline: w; example: {a: .inf}; steps: [enrich] | 2 | not a number that JSON has
                    pipeline: w; example: {a: !!binary aa}; steps: [enrich] | 2 | the tag tag:yaml.org,2002:binary is not supported
                    """)
    void isReportedAtItsLine(String lines, int line, String reason) {
        String text = lines.replace("; ", "\n").replace(";\n", "\n").replace(";", "\n");

        assertThat(check(text)).contains(new Violation("w.yaml:" + line, reason));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pipeline: w%n%tsteps: [enrich]       | 2
                    pipeline: w%nsteps: [enrich          | 2
                    pipeline: w%nsteps: ]                | 2
                    pipeline: w%n---%npipeline: x        | 2
                    pipeline: @w                         | 1
                    pipeline: w%nexample: *unknown       | 2
                    """)
    void whatIsNoYamlIsReportedAtItsLine(String text, int line) {
        assertThat(check(text.replace("%n", "\n").replace("%t", "\t")))
                .singleElement()
                .satisfies(violation -> assertThat(violation.place()).isEqualTo("w.yaml:" + line))
                .satisfies(violation -> assertThat(violation.reason()).startsWith("not YAML: "));
    }

    @ParameterizedTest
    @CsvSource({"''", "'# only a comment'", "'---'", "'null'"})
    void anEmptyFileIsReported(String text) {
        assertThat(check(text)).containsExactly(new Violation("w.yaml:1", "the file is empty"));
    }

    @Test
    void everythingThatIsWrongWithTheFormIsReportedTogether() {
        assertThat(check("""
                        pipeline: W
                        steps:
                          - enrich: {timeout: soon, retry: {attempts: 0}}
                          - 5
                          - greet:
                              merge: yes
                              mrge: true
                        """))
                .containsExactly(
                        new Violation(
                                "w.yaml:1", "'pipeline': a pipeline's name is kebab-case, such as 'welcome-back'"),
                        new Violation("w.yaml:3", "'timeout': must be a duration such as 200ms, 5s, 10m or PT1H"),
                        new Violation("w.yaml:4", "a step is a function's name, or the name with options below it"),
                        new Violation("w.yaml:7", "'mrge': unknown key; did you mean 'merge'?"),
                        new Violation("w.yaml:6", "'merge': must be true or false"));
    }

    @Test
    void everythingThatIsWrongWithTheFunctionsIsReportedTogether() {
        assertThat(check("""
                        pipeline: w
                        steps:
                          - greet
                          - validate
                          - notify: {with: {patience: soon}}
                          - length
                        """))
                .containsExactly(
                        new Violation(
                                "w.yaml:4",
                                "'validate' cannot follow 'greet': it needs 'email', which Greeting does not have"),
                        new Violation("w.yaml:5", "'template': missing"),
                        new Violation("w.yaml:5", "'patience': must be a duration such as 200ms, 5s, 10m or PT1H"),
                        new Violation(
                                "w.yaml:6",
                                "'length' cannot follow 'notify': an object is given, and it takes a string"));
    }

    @Test
    void unknownFunctionsAreReportedTogetherAndTheirNeighboursAreNotGuessed() {
        assertThat(check("""
                        pipeline: w
                        steps:
                          - greet
                          - valid-date
                          - unknown
                          - length: {with: {a: 1}}
                        """))
                .containsExactly(
                        new Violation("w.yaml:4", "unknown function 'valid-date'; did you mean 'validate'?"),
                        new Violation("w.yaml:5", "unknown function 'unknown'"),
                        new Violation("w.yaml:6", "'length' takes no configuration"));
    }

    /// What is wrong with a definition, by the name of its file alone.
    private List<Violation> check(String text) {
        Path file = folder.resolve("w.yaml");
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Composer(functions, DefinitionFolder.read(folder))
                .check().stream()
                        .map(violation -> new Violation(shortened(violation.place()), shortened(violation.reason())))
                        .toList();
    }

    private String shortened(String text) {
        return text.replace(folder + "/", "");
    }
}
