package dev.portolan.execution;

import static dev.portolan.execution.Scene.completed;
import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Outcome;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Invocation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class UndoTest {

    private static final String SAGA =
            "{'one': {'undo': 'not-one'}}, {'two': {'undo': 'not-two'}}, {'three': {'undo': 'not-three'}}";

    private final Scene scene = new Scene();

    @Test
    void whatWasDoneIsTakenBackInReverseAndTheCauseIsTold() {
        scene.failing("three", new Failure(Code.DENIED, "not today"));

        Outcome.Failed failed = (Outcome.Failed) scene.run(SAGA);

        assertThat(scene.calls).containsExactly("one", "two", "three", "not-two", "not-one");
        assertThat(scene.effects()).isEmpty();
        assertThat(failed.failure().code()).isEqualTo(Code.DENIED);
        assertThat(failed.failure().detail()).isEqualTo("not today");
        assertThat(failed.step()).isEqualTo("three");
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
    }

    @Test
    void anUndoTakesWhatItsStepGaveUnderAKeyOfItsOwnAndKnowsWhichEffectItTakesBack() {
        List<Object> taken = new ArrayList<>();
        scene.functions.add("look", Map.class, Map.class, input -> {
            Invocation invocation = Invocation.current();
            taken.addAll(List.of(input, invocation.key(), invocation.undoes()));
            return input;
        });
        scene.failing("two", new Failure(Code.DENIED, "no"));

        scene.run("{'one': {'undo': 'look'}}, 'two'");

        assertThat(taken).containsExactly(Map.of("order", 7, "one", true), "test:o-1/one/undo", "test:o-1/one");
    }

    @Test
    void aStepThatFailedInDoubtIsTakenBackToo() {
        scene.failing("two", new Failure(Code.TIMEOUT, "late").withEffect(Effect.UNKNOWN));

        scene.run(SAGA);

        assertThat(scene.calls).containsExactly("one", "two", "not-two", "not-one");
    }

    @Test
    void aDoubtOfAnEarlierAttemptIsNotForgotten() {
        scene.failing(
                "two", new Failure(Code.TIMEOUT, "late").withEffect(Effect.UNKNOWN), new Failure(Code.DENIED, "no"));

        scene.run("'one', {'two': {'undo': 'not-two', 'retry': {'attempts': 3, 'delay': '1ms'}}}");

        assertThat(scene.calls).containsExactly("one", "two", "two", "not-two");
    }

    @Test
    void aStepWhoseWorkerWasLostIsTakenBackEvenIfItsSecondCallLeavesNothing() {
        scene.store.fail(3, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> scene.run(SAGA)).isInstanceOf(Crash.class);
        scene.now = scene.now.plus(Duration.ofMinutes(2));
        scene.failing("two", new Failure(Code.DENIED, "no"));

        scene.run(SAGA);

        assertThat(scene.calls).containsExactly("one", "two", "two", "not-two", "not-one");
        assertThat(scene.effects()).isEmpty();
    }

    @Test
    void anEffectThatComesAfterItsUndoIsRefused() {
        scene.failing("three", new Failure(Code.DENIED, "no"));
        scene.run(SAGA);

        assertThatThrownBy(() -> scene.ledger.record("test:o-1/two", "two".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOfSatisfying(
                        Failure.class, late -> assertThat(late.code()).isEqualTo(Code.FAILED_PRECONDITION));
    }

    @Test
    void aStepThatRunsOutOfAttemptsIsTheEndOfASaga() {
        Failure later = new Failure(Code.UNAVAILABLE, "later");
        scene.failing("two", later, later);

        Failure failed =
                failure(scene.run("{'one': {'undo': 'not-one'}}, {'two': {'retry': {'attempts': 2, 'delay': '1ms'}}}"));

        assertThat(failed.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failed.retryable()).isFalse();
        assertThat(scene.calls).containsExactly("one", "two", "two", "not-one");
    }

    @Test
    void anUndoIsRepeatedAsItsStepIsAndGetsStuckWhereThatDoesNotHelp() {
        scene.failing("two", new Failure(Code.DENIED, "no"));
        Failure later = new Failure(Code.UNAVAILABLE, "later");
        scene.failing("not-one", later, later, later);
        String saga = "{'one': {'undo': 'not-one', 'retry': {'attempts': 2, 'delay': '1ms'}}}, 'two'";

        assertThat(failure(scene.run(saga)).code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);
        assertThat(scene.execution().failure().code()).isEqualTo(Code.DENIED);

        assertThat(failure(scene.run(saga)).code()).isEqualTo(Code.DENIED);
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.calls).containsExactly("one", "two", "not-one", "not-one", "not-one", "not-one");
    }

    @Test
    void aStepThatIsCalledOnceIsNeverCalledAgainAfterItsWorkerWasLost() {
        scene.functions.add("deadly", Map.class, Map.class, input -> {
            scene.calls.add("deadly");
            throw new Crash();
        });
        String steps = "'one', {'deadly': {'once': true, 'retry': {'attempts': 3, 'delay': '1ms'}}}";
        assertThatThrownBy(() -> scene.run(steps)).isInstanceOf(Crash.class);
        scene.now = scene.now.plus(Duration.ofMinutes(2));

        Failure lost = failure(scene.run(steps));
        Failure still = failure(scene.run(steps));

        assertThat(scene.calls).containsExactly("one", "deadly");
        assertThat(lost.code()).isEqualTo(still.code()).isEqualTo(Code.UNKNOWN);
        assertThat(lost.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(lost.detail()).contains("called once");
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);

        scene.executions().operations().hasten(Scene.ID);
        assertThat(failure(scene.resume()).code()).isEqualTo(Code.UNKNOWN);
        assertThat(scene.calls).containsExactly("one", "deadly");
        scene.executions().operations().retry(Scene.ID, null);
        assertThatThrownBy(scene::resume).isInstanceOf(Crash.class);
        assertThat(scene.calls).containsExactly("one", "deadly", "deadly");
    }

    @Test
    void aStepThatIsCalledOnceCostsOneMoreWriteAndIsRepeatedWhereItLeftNothing() {
        scene.failing("two", new Failure(Code.UNAVAILABLE, "later"));
        scene.run("'one'");
        int before = scene.store.writes();
        Scene other = new Scene();
        other.run("'one', {'two': {'once': true}}");

        assertThat(other.store.writes()).isEqualTo(before + 2);
        assertThat(scene.run("{'two': {'once': true, 'retry': {'attempts': 2, 'delay': '1ms'}}}"))
                .isEqualTo(completed("one"));
        other = new Scene();
        other.failing("two", new Failure(Code.UNAVAILABLE, "later"));
        assertThat(other.run("{'two': {'once': true, 'retry': {'attempts': 2, 'delay': '1ms'}}}"))
                .isEqualTo(completed("two"));
    }

    @Test
    void aStepIsPassedOverWhereItsConditionDoesNotHold() {
        scene.functions.add("large", Map.class, input -> ((Integer) input.get("order")) > 7);

        assertThat(scene.run("'one', {'two': {'if': 'large', 'undo': 'not-two'}}, 'three'"))
                .isEqualTo(completed("one", "three"));
        assertThat(scene.execution().undo()).isEmpty();
    }
}
