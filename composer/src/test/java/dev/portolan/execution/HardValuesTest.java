package dev.portolan.execution;

import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.testing.InterceptedStateStore;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Values that are hard to store, and hard to read again.
final class HardValuesTest {

    private final Scene scene = new Scene();

    /// A value and how it is told.
    record Hard(String name, Object value) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Hard> hardValues() {
        return Stream.of(
                new Hard("nested 490 times", nested(490)),
                new Hard("nested 497 times", nested(497)),
                new Hard("nested 498 times", nested(498)),
                new Hard("nested 499 times", nested(499)),
                new Hard("nested 500 times", nested(500)),
                new Hard("an integer of 1,000 digits", new BigInteger("9".repeat(1000))),
                new Hard("an integer of 1,001 digits", new BigInteger("9".repeat(1001))),
                new Hard("a fraction of 1,001 digits", new BigDecimal("0." + "3".repeat(1001))),
                new Hard("half a surrogate pair", "\ud83d"),
                new Hard("every control", "\0\u0001\b\t\n\u000b\f\r\u001f\u007f\u2028\u2029\ufeff\uffff"));
    }

    private static Object nested(int levels) {
        Object value = 1;
        for (int i = 0; i < levels; i++) {
            value = List.of(value);
        }
        return value;
    }

    @ParameterizedTest
    @MethodSource("hardValues")
    void whatAStepGivesIsReadAgainOrIsTheStepsFailureAndEitherWayItIsUndoneInTheEnd(Hard hard) {
        List<String> undone = new ArrayList<>();
        scene.functions.add("give", Object.class, Object.class, input -> hard.value());
        scene.functions.add("take-back", Object.class, Object.class, input -> {
            undone.add("give");
            return 0;
        });
        scene.functions.add("deny", Object.class, Object.class, input -> {
            throw new Failure(Code.DENIED, "not for you");
        });

        Executions executions = roomy();
        Outcome outcome = executions.run(
                scene.pipeline("{'give': {'undo': 'take-back'}}, 'deny'"), scene.event(), null, StepListener.NONE);

        assertThat(failure(outcome).code()).isIn(Code.DENIED, Code.INVALID, Code.UNKNOWN);
        assertThat(executions.find(Scene.ID).orElseThrow().status()).isEqualTo(Status.FAILED);
        assertThat(undone).containsExactly("give");
    }

    @ParameterizedTest
    @MethodSource("hardValues")
    void anInputIsReadAgainOrRefusedBeforeAnythingIsStored(Hard hard) {
        scene.functions.add("any", Object.class, Object.class, input -> 1);
        Event event = new Event(Scene.ID, hard.value(), Scene.HEADERS);

        Executions executions = roomy();
        Outcome outcome = executions.run(scene.pipeline("'any'"), event, null, StepListener.NONE);

        boolean refused =
                outcome instanceof Outcome.Failed failed && failed.step().isEmpty();
        assertThat(executions.find(Scene.ID).isEmpty()).isEqualTo(refused);
        assertThat(refused || outcome.equals(new Outcome.Completed(1, Scene.HEADERS)))
                .isTrue();
    }

    /// Executions in a store that takes all of these, and whose every record must be readable.
    private Executions roomy() {
        InMemoryStateStore store = new InMemoryStateStore(scene.clock);
        return scene.executions(new InterceptedStateStore(store) {
            @Override
            protected <T> T around(Call call, String of, Supplier<T> made) {
                T answer = made.get();
                store.find("execution:" + Scene.ID).ifPresent(entry -> ExecutionRecord.read(Scene.ID, entry.value()));
                return answer;
            }
        });
    }

    @Test
    void aFailureThatIsTooLongToStoreIsCutAndEndsTheExecution() {
        scene.failing("two", new Failure(Code.DENIED, "no! ".repeat(1_000)));

        scene.run("{'one': {'undo': 'not-one'}}, 'two'");

        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.calls).containsExactly("one", "two", "not-one");
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u00e9", "\u6f22", "\ud83d\ude00", "\"", "\u0001"})
    void aValueThatJustFitsLeavesRoomForTheWayBack(String letter) {
        int bytes = new Json().encode(letter).length - 2;
        for (int size = 300; size < 2_000; size += 10) {
            Scene scene = new Scene();
            Map<String, Object> large = Map.of("large", letter.repeat(size / bytes));
            scene.functions.add("swell", Object.class, Object.class, input -> large);
            scene.functions.add("shrink", Object.class, Object.class, input -> {
                scene.calls.add("shrink");
                return 0;
            });
            scene.failing("two", new Failure(Code.DENIED, "not for you").withEffect(Effect.UNKNOWN));

            scene.run("{'swell': {'undo': 'shrink'}}, {'two': {'undo': 'not-two'}}");

            assertThat(scene.execution().status())
                    .as("a value of %d bytes", size)
                    .isEqualTo(Status.FAILED);
            assertThat(scene.calls).as("a value of %d bytes", size).contains("shrink");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\ud83d", "\ude00", "a\ud83d", "\u6f22", "\u0000", "\ud83d\ude00"})
    void aFailureOfAnyWordsEndsTheExecution(String word) {
        for (int times : List.of(1, 79, 80, 81, 999, 1_000, 1_001)) {
            for (String before : List.of("", ".")) {
                Scene scene = new Scene();
                Failure failure = new Failure(Code.DENIED, before + word.repeat(times));
                Failure invalid = Failure.invalid("/" + word.repeat(times), before + word.repeat(times));
                scene.failing("two", times % 2 == 0 ? failure : invalid);

                scene.run("{'one': {'undo': 'not-one'}}, 'two'");

                assertThat(scene.execution().status()).as("%d words", times).isEqualTo(Status.FAILED);
                assertThat(scene.calls).as("%d words", times).containsExactly("one", "two", "not-one");
            }
        }
    }

    @Test
    void aTornRecordOfAnEffectStopsTheUndoAndIsNoDefect() {
        scene.failing("two", new Failure(Code.DENIED, "no"));
        scene.functions.add("tear", Object.class, Object.class, input -> {
            scene.memory.create("effect:test:o-1/tear", new byte[0], Indexes.NONE, null);
            return input;
        });

        Outcome outcome = scene.run("{'tear': {'undo': 'not-one'}}, 'two'");

        assertThat(failure(outcome).code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);
    }
}
