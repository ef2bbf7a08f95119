package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Effects;
import dev.portolan.state.InMemoryStateStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Steps that do not stop when their time is over, and have their effect long after they were abandoned.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class AbandonedStepsTest {

    private static final InstantSource CLOCK = InstantSource.system();

    /// One way in which it can happen.
    ///
    /// @param before whether a step that can be undone stands before it
    /// @param early whether it has its effect before the execution is taken up again, or after that is over
    private record Case(boolean before, boolean undo, boolean retry, boolean once, boolean denied, boolean early) {

        static List<Case> all() {
            List<Case> all = new ArrayList<>();
            for (int bits = 0; bits < 64; bits++) {
                all.add(new Case(
                        (bits & 1) != 0,
                        (bits & 2) != 0,
                        (bits & 4) != 0,
                        (bits & 8) != 0,
                        (bits & 16) != 0,
                        (bits & 32) != 0));
            }
            return all;
        }

        String steps() {
            return (before ? "{'one': {'undo': 'take-back'}}, " : "")
                    + "{'late': {'timeout': '20ms'"
                    + (undo ? ", 'undo': 'take-back'" : "")
                    + (retry ? ", 'retry': {'attempts': 2, 'delay': '0s'}" : "")
                    + (once ? ", 'once': true" : "")
                    + "}}"
                    + (denied ? ", 'deny'" : "");
        }

        /// Whether another attempt is made at the step.
        boolean again() {
            return !once && (retry || !(before || undo));
        }

        Status end() {
            if (again()) {
                return denied ? Status.FAILED : Status.DONE;
            }
            return before || undo ? Status.FAILED : Status.STUCK;
        }
    }

    @Test
    void whateverAStepDoesAfterItWasAbandonedHarmsNothing() throws Exception {
        try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> all = new ArrayList<>();
            for (Case one : Case.all()) {
                all.add(each.submit(() -> {
                    play(one);
                    return null;
                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void play(Case one) throws InterruptedException {
        InMemoryStateStore store = new InMemoryStateStore(CLOCK);
        Effects ledger = new Effects(store, CLOCK);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(1);
        List<Integer> calls = new ArrayList<>();
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("one", Map.class, Map.class, input -> {
            ledger.record(Invocation.current().key(), new byte[] {1});
            return input;
        });
        functions.add("late", Map.class, Map.class, input -> {
            calls.add(Invocation.current().attempt());
            boolean first = calls.size() == 1;
            if (first) {
                awaitInSpiteOfInterrupts(release);
            }
            try {
                ledger.record(Invocation.current().key(), new byte[] {1});
                return input;
            } finally {
                if (first) {
                    ended.countDown();
                }
            }
        });
        functions.add("take-back", Map.class, Map.class, input -> input);
        functions.add("deny", Map.class, Map.class, input -> {
            throw new Failure(Code.DENIED, "not for you");
        });
        Composer composer = new Composer(functions);
        Executions executions = new Executions(
                store,
                composer,
                new Runner(CLOCK, new Random(1), Thread::sleep),
                Continuation.SWEEP,
                CLOCK,
                new Random());
        Event event = new Event("test:o-1", Map.of("order", 7), Headers.NONE);
        String definition = "{'pipeline': 'test', 'durable': true, 'steps': [%s]}".formatted(one.steps());
        for (int delivery = 0; delivery < 3; delivery++) {
            Outcome outcome =
                    executions.run(composer.recompose(definition.replace('\'', '"')), event, null, StepListener.NONE);
            assertThat(outcome).isNotNull();
            if (one.early()) {
                release.countDown();
                ended.await();
            }
        }
        release.countDown();
        ended.await();

        Execution end = executions.find("test:o-1").orElseThrow();
        assertThat(end.status()).as(one.toString()).isEqualTo(one.end());
        assertThat(calls).as(one.toString()).hasSize(one.again() ? 2 : 1);
        boolean failed = end.status() == Status.FAILED;
        assertThat(ledger.find("test:o-1/one").isPresent()).as(one.toString()).isEqualTo(one.before() && !failed);
        assertThat(ledger.find("test:o-1/late").isPresent()).as(one.toString()).isEqualTo(!(failed && one.undo()));
    }

    private static void awaitInSpiteOfInterrupts(CountDownLatch latch) {
        boolean interrupted = true;
        while (interrupted) {
            try {
                latch.await();
                interrupted = false;
            } catch (InterruptedException e) {
                // it does not stop
            }
        }
    }
}
