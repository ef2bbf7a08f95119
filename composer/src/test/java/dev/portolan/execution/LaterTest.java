package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.completed;
import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What does not end at once: pauses, deadlines, hand-overs, wake-ups that are lost.
final class LaterTest {

    private final Scene scene = new Scene(10_000);

    @Test
    void aShortPauseIsWaitedForHere() {
        scene.failing("two", new Failure(Code.UNAVAILABLE, "later").withRetryAfter(Duration.ofSeconds(20)));

        assertThat(scene.run("'one', {'two': {'retry': {'attempts': 2, 'delay': '1s'}}}"))
                .isEqualTo(completed("one", "two"));
        assertThat(scene.pauses).containsExactly(Duration.ofSeconds(20));
        assertThat(scene.woken).isEmpty();
    }

    @Test
    void aLongPauseIsLeftToAWakeUpAndNoAttemptIsForgotten() {
        Failure later = new Failure(Code.UNAVAILABLE, "later").withRetryAfter(Duration.ofHours(2));
        scene.failing("two", later, later, later);
        String steps = "'one', {'two': {'retry': {'attempts': 3, 'delay': '1s'}}}, 'three'";
        Instant due = scene.now.plus(Duration.ofHours(2));

        assertThat(scene.run(steps)).isEqualTo(new Outcome.Waiting(ID, due));
        assertThat(scene.woken).containsExactly(ID + " PT2H");
        assertThat(scene.execution().status()).isEqualTo(Status.WAIT);
        assertThat(scene.run(steps)).isEqualTo(new Outcome.Waiting(ID, due));
        assertThat(scene.resume()).isEqualTo(new Outcome.Waiting(ID, due));

        scene.now = due;
        assertThat(scene.resume()).isInstanceOf(Outcome.Waiting.class);
        scene.now = scene.now.plus(Duration.ofHours(2));
        assertThat(failure(scene.resume()).code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);
        assertThat(scene.calls).containsExactly("one", "two", "two", "two");
    }

    @Test
    void anExecutionThatNearsItsHostsEndHandsItselfOn() {
        scene.functions.add("slow", Map.class, Map.class, input -> {
            scene.now = scene.now.plusSeconds(9);
            return input;
        });
        Instant deadline = scene.now.plusSeconds(10);
        String steps = "'one', 'slow', 'two', 'three'";

        assertThat(scene.run(steps, deadline)).isEqualTo(new Outcome.Waiting(ID, scene.now));
        assertThat(scene.woken).containsExactly(ID + " PT0S");
        assertThat(scene.calls).containsExactly("one");
        assertThat(scene.execution().at().cursor()).isEqualTo(2);

        assertThat(scene.resume()).isEqualTo(completed("one", "two", "three"));
        assertThat(scene.calls).containsExactly("one", "two", "three");
    }

    @Test
    void aStepWithATimeoutThatFitsIsStillBegunWhenLittleTimeIsLeft() {
        scene.functions.add("slow", Map.class, Map.class, input -> {
            scene.now = scene.now.plusSeconds(9);
            return input;
        });

        assertThat(scene.run("'slow', {'two': {'timeout': '500ms'}}", scene.now.plusSeconds(10)))
                .isEqualTo(completed("two"));
    }

    @Test
    void aStepThatNoHostHasTheTimeForIsNotBegunForEver() {
        Outcome outcome = scene.run("'one'", scene.now);
        for (int i = 0; i < 11; i++) {
            assertThat(outcome).isInstanceOf(Outcome.Waiting.class);
            outcome = scene.executions().resume(ID, scene.now, StepListener.NONE);
        }

        assertThat(failure(outcome).detail()).contains("taken up 10 times");
        assertThat(scene.calls).isEmpty();
    }

    @Test
    void theLeaseEndsAfterTheHost() {
        scene.store.fail(1, Fault.CRASH_AFTER);

        assertThatThrownBy(() -> scene.run("'one'", scene.now.plusSeconds(10))).isInstanceOf(Crash.class);

        assertThat(scene.execution().lease().until()).isEqualTo(scene.now.plusSeconds(15));
    }

    @Test
    void anAcceptedExecutionRunsWhenItsWakeUpComes() {
        Outcome accepted = scene.executions().accept(scene.pipeline("'one', 'two'"), scene.event());

        assertThat(accepted).isEqualTo(new Outcome.Waiting(ID, scene.now));
        assertThat(scene.woken).containsExactly(ID + " PT0S");
        assertThat(scene.calls).isEmpty();
        assertThat(scene.resume()).isEqualTo(completed("one", "two"));
        assertThat(scene.executions().accept(scene.pipeline("'one', 'two'"), scene.event()))
                .isEqualTo(completed("one", "two"));
    }

    @Test
    void aWakeUpThatNobodyHearsIsFoundByTheSweep() {
        Executions deaf = new Executions(
                scene.memory,
                new Composer(scene.functions),
                new Runner(scene.clock, new Random(1), pause -> {}),
                (id, delay) -> {
                    throw new Failure(Code.UNAVAILABLE, "no queue").withEffect(Effect.UNKNOWN);
                },
                scene.clock,
                new Random());

        assertThat(deaf.accept(scene.pipeline("'one'"), scene.event())).isInstanceOf(Outcome.Waiting.class);
        assertThat(scene.executions().operations().sweep(null)).isEqualTo(new Operations.Swept(1, 0));
        assertThat(scene.resume()).isEqualTo(completed("one"));
    }

    @Test
    void aStepThatStopsAtItsTimeoutFailsInTime() {
        scene.functions.add("sleepy", Map.class, Map.class, input -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return input;
        });

        Failure failed = failure(real("'one', {'sleepy': {'timeout': '20ms'}}"));

        assertThat(failed.code()).isEqualTo(Code.TIMEOUT);
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);
        assertThat(scene.execution().at().doubt()).isTrue();
    }

    @Test
    void aStepThatDoesNotStopIsAbandonedItsWriteRefusedAndItsEffectTakenBack() throws InterruptedException {
        java.util.concurrent.CountDownLatch released = new java.util.concurrent.CountDownLatch(1);
        java.util.concurrent.CountDownLatch ended = new java.util.concurrent.CountDownLatch(1);
        scene.functions.add("stubborn", Map.class, Map.class, input -> {
            while (true) {
                try {
                    released.await();
                    ended.countDown();
                    return Map.of("late", true);
                } catch (InterruptedException e) {
                    // goes on
                }
            }
        });

        Failure failed = failure(
                real("{'one': {'undo': 'not-one'}}, {'stubborn': {'timeout': '20ms', 'undo': 'not-two'}}, 'three'"));
        int writes = scene.store.writes();
        released.countDown();
        ended.await();

        assertThat(failed.code()).isEqualTo(Code.TIMEOUT);
        assertThat(scene.calls).containsExactly("one", "not-two", "not-one");
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.store.writes()).isEqualTo(writes);
    }

    @Test
    void aWorkerWithoutAFunctionLeavesTheExecutionToOneThatHasIt() {
        scene.executions().accept(scene.pipeline("'one', 'two'"), scene.event());
        Execution before = scene.execution();
        Executions poor = new Executions(
                scene.memory,
                new Composer(new FunctionRegistry()),
                new Runner(scene.clock, new Random(1), pause -> {}),
                Continuation.SWEEP,
                scene.clock,
                new Random());

        Failure missing = failure(poor.resume(ID, null, StepListener.NONE));

        assertThat(missing.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(missing.detail()).contains("one");
        assertThat(scene.execution()).isEqualTo(before);
        assertThat(poor.operations().sweep(null)).isEqualTo(new Operations.Swept(0, 1));
        assertThat(scene.resume()).isEqualTo(completed("one", "two"));
    }

    @Test
    void anExecutionKeepsToTheDefinitionThatItBeganWith() {
        scene.executions().accept(scene.pipeline("'one', 'two'"), scene.event());

        assertThat(scene.run("'one', 'two', 'three'")).isEqualTo(completed("one", "two"));
    }

    @Test
    void attemptsAreToldWithTheirTimesAndSizesTheLatestFifty() {
        scene.functions.add("tick", Map.class, Map.class, input -> {
            scene.now = scene.now.plusMillis(30);
            return input;
        });
        scene.run(String.join(", ", java.util.Collections.nCopies(60, "'tick'")));

        Execution.History history = scene.execution().history();
        assertThat(history.attempts()).hasSize(50);
        assertThat(history.dropped()).isEqualTo(10);
        Execution.Attempt last = history.attempts().getLast();
        assertThat(last.step()).isEqualTo("tick#60");
        assertThat(last.took()).isEqualTo(Duration.ofMillis(30));
        assertThat(last.size()).isEqualTo("{\"order\":7}".length());
        assertThat(List.of(last.attempt(), last.began())).containsExactly(1, scene.now.minusMillis(30));
    }

    /// Runs with real time, which a watchdog needs.
    private Outcome real(String steps) {
        scene.now = Instant.now();
        Runner runner = new Runner(java.time.InstantSource.system(), new Random(1), pause -> {});
        return new Executions(
                        scene.store,
                        new Composer(scene.functions),
                        runner,
                        Continuation.SWEEP,
                        scene.clock,
                        new Random())
                .run(scene.pipeline(steps), scene.event(), null, StepListener.NONE);
    }
}
