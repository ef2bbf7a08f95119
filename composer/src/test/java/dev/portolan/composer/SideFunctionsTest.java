package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Conditions and undos, from a definition to the step. What is refused is in [DefinitionErrorsTest].
final class SideFunctionsTest {

    private static final Invocation INVOCATION = new Invocation("order-7", "greet", 1, null, Headers.NONE);

    private record Person(String name, int age) {}

    private record Hold(String hold) {}

    private static final class Adult implements Predicate<Person> {
        @Override
        public boolean test(Person person) {
            return person.age() >= 18;
        }
    }

    private static final class Silent implements Function<Person, @Nullable Boolean> {
        @Override
        public @Nullable Boolean apply(Person person) {
            return null;
        }
    }

    private static final class Answering implements Function<Map<String, Object>, Chain<Boolean>> {
        @Override
        public Chain<Boolean> apply(Map<String, Object> value) {
            return value.containsKey("end") ? Chain.end(true) : Chain.next(true);
        }
    }

    @TempDir
    private Path folder;

    private final List<Object> released = new ArrayList<>();
    private final FunctionRegistry functions = new FunctionRegistry();

    @BeforeEach
    void registerFunctions() {
        functions.add("greet", Object.class, Object.class, value -> value);
        functions.add("hold", Person.class, Hold.class, person -> new Hold(person.name()));
        functions.add("release", Map.class, Map.class, value -> {
            released.add(value);
            return Map.of("released", true);
        });
        functions.add("adult", new Adult());
        functions.add("silent", new Silent());
        functions.add("answering", new Answering());
        functions.add("old-enough", int.class, boolean.class, age -> age > 17);
    }

    @Test
    void aConditionTakesItsOwnType() {
        Step step = composed("steps: [greet: {if: adult}]").getFirst();

        assertThat(step.applies(Map.of("name", "Ann", "age", 18, "city", "Genoa"), INVOCATION))
                .isTrue();
        assertThat(step.applies(Map.of("name", "Tom", "age", 17), INVOCATION)).isFalse();
        assertThat(step.applies(new Person("Ann", 18), INVOCATION)).isTrue();
    }

    @Test
    void aFunctionThatGivesABooleanIsACondition() {
        assertThat(composed("steps: [greet: {if: old-enough}]").getFirst().applies(18, INVOCATION))
                .isTrue();
    }

    @Test
    void aConditionIsAFunctionLikeAnyOther() {
        Step step = new Composer(functions).compose("adult").steps().getFirst();

        assertThat(step.call(Map.of("name", "Ann", "age", 18), INVOCATION).value())
                .isEqualTo(true);
    }

    @Test
    void aValueThatTheConditionCannotTakeIsInvalid() {
        Step step = composed("steps: [greet: {if: adult}]").getFirst();

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> step.applies(Map.of("name", "Ann"), INVOCATION))
                .withMessage("/age: missing")
                .returns(Failure.Code.INVALID, Failure::code);
    }

    @Test
    void aConditionWithoutAnAnswerIsADefect() {
        Step step = composed("steps: [greet: {if: silent}]").getFirst();

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> step.applies(new Person("Ann", 18), INVOCATION))
                .withMessage("condition 'silent' answered neither true nor false")
                .returns(Failure.Code.UNKNOWN, Failure::code);
    }

    @Test
    void aConditionMayAnswerThroughAChainButNotEndIt() {
        Step step = composed("steps: [greet: {if: answering}]").getFirst();

        assertThat(step.applies(Map.of(), INVOCATION)).isTrue();
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> step.applies(Map.of("end", 1), INVOCATION))
                .withMessage("condition 'answering' ended the chain, which only a step can");
    }

    @Test
    void anUndoHasItsStepsNameRetryAndTimeout() {
        Step step = composed("""
                durable: true
                steps:
                  - greet
                  - hold: {undo: release, timeout: 5s, retry: {attempts: 4}}
                """).get(1);

        Step undo = Objects.requireNonNull(step.undo());

        assertThat(undo.name()).isEqualTo("hold/undo");
        assertThat(undo.timeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(undo.retry()).isEqualTo(new Retry(4, Duration.ofMillis(200), 2, Duration.ofSeconds(30)));
        assertThat(undo.output()).isEqualTo(Shape.of(Void.class));
        assertThat(undo.undo()).isNull();
        assertThat(undo.once()).isFalse();
    }

    @Test
    void anUndoIsCalledWithWhatTheStepGaveOrTook() {
        Step undo = Objects.requireNonNull(composed("durable: true\nsteps: [hold: {undo: release}]")
                .getFirst()
                .undo());

        undo.call(new Hold("Ann"), INVOCATION);
        undo.call(Map.of("name", "Ann", "age", 18), INVOCATION);

        assertThat(released).containsExactly(Map.of("hold", "Ann"), Map.of("name", "Ann", "age", 18));
    }

    @Test
    void onceIsTheStepsToSay() {
        assertThat(composed("durable: true\nsteps: [hold: {once: true, retry: {}}, greet, greet: {once: false}]"))
                .extracting(Step::once)
                .containsExactly(true, false, false);
    }

    @Test
    void withoutThemAStepHasNoneOfThem() {
        assertThat(composed("steps: [hold, greet: {retry: {}}]")).allSatisfy(step -> {
            assertThat(step.condition()).isNull();
            assertThat(step.undo()).isNull();
            assertThat(step.once()).isFalse();
        });
    }

    private List<Step> composed(String definition) {
        try {
            Files.writeString(folder.resolve("w.yaml"), "pipeline: w\n" + definition);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return new Composer(functions, DefinitionFolder.read(folder))
                .compose("w")
                .steps();
    }
}
