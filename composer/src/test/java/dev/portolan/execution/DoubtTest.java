package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Outcome;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What may have been done is taken back, however the worker was lost that did it.
final class DoubtTest {

    private final Scene scene = new Scene();
    private final List<Boolean> answers = new ArrayList<>();
    private boolean lost;

    DoubtTest() {
        scene.functions.add("no", Object.class, input -> false);
        scene.functions.add("asked", Object.class, input -> answers.removeFirst());
        scene.functions.add("deed", Map.class, Map.class, input -> {
            scene.calls.add("deed");
            if (lost) {
                throw new Failure(Code.DENIED, "not for you");
            }
            lost = true;
            scene.ledger.record(Invocation.current().key(), new byte[] {1});
            throw new Crash();
        });
        scene.functions.add("not-deed", Map.class, Map.class, input -> {
            scene.calls.add("not-deed");
            return input;
        });
    }

    /// Loses the worker right after its deed, and lets its lease pass.
    private void lose(String steps) {
        assertThatThrownBy(() -> scene.run(steps)).isInstanceOf(Crash.class);
        assertThat(scene.ledger.find(ID + "/deed")).isPresent();
        scene.now = scene.now.plus(Duration.ofMinutes(2));
    }

    private void assertTakenBack() {
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.ledger.find(ID + "/deed")).isEmpty();
        assertThat(scene.calls).containsOnlyOnce("not-deed");
    }

    @Test
    void anExecutionWhoseLastStepIsPassedOverWithALostAnswerIsDone() {
        scene.store.fail(3, Fault.LOST_ANSWER);

        assertThat(scene.run("'one', {'two': {'if': 'no'}}")).isEqualTo(Scene.completed("one"));
    }

    @Test
    void anExecutionWhoseLastStepIsPassedOverWhileTheStoreIsBusyIsToComeAgain() {
        scene.store.fail(3, Fault.REFUSED);

        Failure busy = failure(scene.run("'one', {'two': {'if': 'no'}}"));
        scene.now = scene.now.plus(Duration.ofMinutes(2));

        assertThat(busy.code()).isEqualTo(Code.THROTTLED);
        assertThat(scene.run("'one', {'two': {'if': 'no'}}")).isEqualTo(Scene.completed("one"));
        assertThat(scene.calls).containsExactly("one");
    }

    @Test
    void aWorkerLostBehindAStepThatWasPassedOverWasWithinTheNext() {
        String steps = "{'one': {'if': 'no'}}, {'deed': {'undo': 'not-deed'}}";
        lose(steps);

        scene.run(steps);

        assertTakenBack();
    }

    @Test
    void aStepThatIsCalledOnceAndWasPassedOverIsNotTheOneThatMayHaveBeenCalled() {
        String steps = "{'one': {'if': 'no', 'once': true, 'undo': 'not-one'}}, {'deed': {'undo': 'not-deed'}}";
        lose(steps);

        assertThat(failure(scene.run(steps)).code()).isEqualTo(Code.DENIED);

        assertTakenBack();
        assertThat(scene.calls).containsExactly("deed", "deed", "not-deed");
    }

    @Test
    void aStepBehindOneThatWasPassedOverIsCancelledToo() {
        lose("{'one': {'if': 'no'}}, {'deed': {'undo': 'not-deed'}}");

        scene.executions().operations().cancel(ID);
        scene.resume();

        assertTakenBack();
    }

    @Test
    void aStepInDoubtIsTakenBackEvenIfItIsPassedOverTheSecondTime() {
        answers.addAll(List.of(true, false));
        String steps = "{'deed': {'if': 'asked', 'undo': 'not-deed'}}, 'two'";
        lose(steps);
        scene.failing("two", new Failure(Code.DENIED, "not for you"));

        scene.run(steps);

        assertTakenBack();
    }

    @Test
    void whoeverHastensAnExecutionKnowsThatItsWorkerWasLost() {
        String steps = "{'deed': {'undo': 'not-deed'}}";
        lose(steps);
        scene.executions().operations().hasten(ID);

        scene.run(steps);

        assertTakenBack();
    }

    @Test
    void aStepWhoseOutputCannotBeMergedMayHaveHadItsEffectAllTheSame() {
        scene.functions.add("number", Object.class, Object.class, input -> 7);

        Outcome outcome = scene.run("'one', {'number': {'merge': true, 'undo': 'not-two'}}");

        assertThat(failure(outcome).code()).isEqualTo(Code.INVALID);
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.calls).containsExactly("one", "not-two");
    }

    @Test
    void workThatIsAcceptedAgainWhereItGotStuckGoesOnOrSaysThatItDoesNot() {
        scene.failing("one", new Failure(Code.UNAVAILABLE, "later"));
        scene.run("'one', 'two'");
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);

        Outcome accepted = scene.executions().accept(scene.pipeline("'one', 'two'"), scene.event());
        scene.executions().operations().sweep(null);

        // Whoever hears that it waits acknowledges the work: it never comes again.
        boolean promised = accepted instanceof Outcome.Waiting;
        assertThat(scene.execution().status()).isEqualTo(promised ? Status.DONE : Status.STUCK);
    }
}
