package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.INPUT;
import static dev.portolan.execution.Scene.completed;
import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.execution.Operations.Listing;
import dev.portolan.execution.Operations.Query;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class OperationsTest {

    private static final String SAGA = "{'one': {'undo': 'not-one'}}, {'two': {'undo': 'not-two'}}, 'three'";

    private final Scene scene = new Scene();

    @Test
    void executionsAreListedTheLatestFirst() {
        for (int i = 1; i <= 5; i++) {
            run("test:o-" + i);
            scene.now = scene.now.plusSeconds(1);
        }

        Listing first = list(null, null, Instant.EPOCH, 3);

        assertThat(first.executions()).extracting(Execution::id).containsExactly("test:o-5", "test:o-4", "test:o-3");
        assertThat(first.scanned()).isEqualTo(3);
        assertThat(first.more()).isTrue();
        assertThat(list("test", null, scene.now.minusSeconds(2), 10).executions())
                .extracting(Execution::id)
                .containsExactly("test:o-5", "test:o-4");
        assertThat(list("other", null, Instant.EPOCH, 10).executions()).isEmpty();
    }

    @Test
    void aStatusIsLookedForAndHowManyWereLookedAtIsTold() {
        scene.failing("one", new Failure(Code.DENIED, "no"));
        run("test:o-1");
        for (int i = 2; i <= 9; i++) {
            scene.now = scene.now.plusSeconds(1);
            run("test:o-" + i);
        }

        Listing failed = list(null, Status.FAILED, Instant.EPOCH, 3);

        assertThat(failed.executions()).extracting(Execution::id).containsExactly("test:o-1");
        assertThat(failed.scanned()).isEqualTo(9);
        assertThat(failed.more()).isFalse();
    }

    @Test
    void aSweepTakesUpWhatIsDueAndLooksAtNothingElse() {
        run("test:done");
        scene.store.fail(2, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> scene.run(SAGA)).isInstanceOf(Crash.class);

        assertThat(scene.executions().operations().sweep(null)).isEqualTo(new Operations.Swept(0, 0));
        scene.now = scene.now.plus(Duration.ofMinutes(2));
        assertThat(scene.executions().operations().sweep(null)).isEqualTo(new Operations.Swept(1, 0));
        assertThat(scene.execution().status()).isEqualTo(Status.DONE);
    }

    @Test
    void aSweepEndsAtItsDeadline() {
        scene.executions().accept(scene.pipeline("'one'"), scene.event());

        assertThat(scene.executions().operations().sweep(scene.now)).isEqualTo(new Operations.Swept(0, 0));
    }

    @Test
    void whatIsCompletedCanBeTakenBackOnce() {
        scene.run(SAGA);

        scene.executions().operations().undo(ID);

        assertThat(failure(scene.resume()).detail()).contains("undone on request");
        assertThat(scene.calls).containsExactly("one", "two", "three", "not-two", "not-one");
        refused(() -> scene.executions().operations().undo(ID), "FAILED");
    }

    @Test
    void whatHasNoUndoIsNotTakenBack() {
        scene.run("'one'");

        refused(() -> scene.executions().operations().undo(ID), "none of its steps has an undo");
    }

    @Test
    void anExecutionIsCancelledUnderTheHandsOfItsWorker() {
        scene.functions.add("cancelled", java.util.Map.class, java.util.Map.class, input -> {
            scene.executions().operations().cancel(ID);
            return input;
        });
        String steps = "{'one': {'undo': 'not-one'}}, {'cancelled': {'undo': 'not-two'}}, 'three'";

        assertThat(scene.run(steps)).isInstanceOf(Outcome.Waiting.class);
        assertThat(scene.calls).as("no undo beside its step").containsExactly("one");
        scene.now = scene.now.plus(Duration.ofMinutes(2));
        Failure told = failure(scene.resume());

        assertThat(told.detail()).contains("cancelled on request");
        assertThat(scene.calls).containsExactly("one", "not-two", "not-one");
        refused(() -> scene.executions().operations().cancel(ID), "over");
    }

    @Test
    void whatFailedGoesOnFromTheStepThatFailedUnderTheSameKeys() {
        scene.failing("two", new Failure(Code.DENIED, "no"));
        scene.run("'one', 'two', 'three'");

        scene.executions().operations().retry(ID, null);

        assertThat(scene.resume()).isEqualTo(completed("one", "two", "three"));
        assertThat(scene.calls).containsExactly("one", "two", "two", "three");
        refused(() -> scene.executions().operations().retry(ID, null), "DONE");
    }

    @Test
    void whatFailedGoesOnFromAnEarlierStepAsFarAsItsInputIsKept() {
        scene.failing("three", new Failure(Code.DENIED, "no"));
        scene.run("'one', 'two', 'three'");

        refused(() -> scene.executions().operations().retry(ID, "two"), "'two'");
        refused(() -> scene.executions().operations().retry(ID, "four"), "'four'");
        scene.executions().operations().retry(ID, "one");

        assertThat(scene.resume()).isEqualTo(completed("one", "two", "three"));
        assertThat(scene.calls).containsExactly("one", "two", "three", "one", "two", "three");
    }

    @Test
    void whatWasTakenBackIsNotTriedAgainUnderItsKeys() {
        scene.failing("three", new Failure(Code.DENIED, "no"));
        scene.run(SAGA);

        refused(() -> scene.executions().operations().retry(ID, null), "another key");
    }

    @Test
    void whatWaitsIsHastened() {
        scene.failing("one", new Failure(Code.UNAVAILABLE, "later").withRetryAfter(Duration.ofHours(2)));
        scene.run("{'one': {'retry': {'attempts': 2, 'delay': '1s'}}}");

        scene.executions().operations().hasten(ID);

        assertThat(scene.resume()).isEqualTo(completed("one"));
        refused(() -> scene.executions().operations().hasten(ID), "over");
    }

    @Test
    void hasteDoesNotForgetThatAWorkerWasLostWithinAStep() {
        scene.store.fail(3, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> scene.run(SAGA)).isInstanceOf(Crash.class);
        scene.now = scene.now.plus(Duration.ofMinutes(2));
        scene.failing("two", new Failure(Code.DENIED, "no"));

        scene.executions().operations().hasten(ID);
        scene.resume();

        assertThat(scene.calls).containsExactly("one", "two", "two", "not-two", "not-one");
    }

    @Test
    void whatIsStuckAfterItsClaimsIsTriedAgainOnRequestAlone() {
        for (int i = 0; i < 11; i++) {
            scene.failing("one", new Failure(Code.UNAVAILABLE, "later"));
            scene.run("'one'");
        }
        assertThat(failure(scene.run("'one'")).retryable()).isFalse();

        scene.executions().operations().hasten(ID);

        assertThat(scene.resume()).isEqualTo(completed("one"));
    }

    @Test
    void anExecutionThatIsNotThereIsSaidNotToBe() {
        assertThatThrownBy(() -> scene.executions().operations().cancel("test:none"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.NOT_FOUND));
        assertThat(failure(scene.executions().resume("test:none", null, StepListener.NONE))
                        .code())
                .isEqualTo(Code.NOT_FOUND);
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String detail) {
        assertThatThrownBy(call).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(failure.detail()).contains(detail);
        });
    }

    private Outcome run(String id) {
        Pipeline pipeline = scene.pipeline("'one'");
        return scene.executions().run(pipeline, new Event(id, INPUT, Headers.NONE), null, StepListener.NONE);
    }

    private Listing list(@Nullable String pipeline, @Nullable Status status, Instant since, int limit) {
        return scene.executions().operations().list(new Query(pipeline, status, since, limit));
    }
}
