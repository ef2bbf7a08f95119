package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.StateStore;
import dev.portolan.testing.InterceptedStateStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Hosts that stop, and interrupt whoever works for them: what was done stays done, and the rest is handed on.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class InterruptedHostTest {

    private static final String STEPS =
            "{'one': {'undo': 'not-one'}}, {'nap': {'retry': {'attempts': 2, 'delay': '50s', 'cap': '50s'}}}, 'three'";

    private final Scene scene = new Scene();
    private @Nullable Runnable atWrite;
    private int writes;

    /// A store that does nothing for a thread that is interrupted, as the clients of clouds.
    private final StateStore sensitive = new InterceptedStateStore(scene.memory) {
        @Override
        protected <T> T around(Call call, String of, Supplier<T> made) {
            if (Thread.currentThread().isInterrupted() && atWrite == null) {
                throw new Failure(Code.UNAVAILABLE, "the thread was interrupted");
            }
            T answer = made.get();
            if (call.writes() && ++writes == 3 && atWrite != null) {
                atWrite.run();
            }
            return answer;
        }
    };

    /// What becomes of an execution whose host is interrupted by whoever is handed its thread.
    private Outcome outcome(String steps, CountDownLatch stop, Runner.Sleeper sleeper) throws Exception {
        Runner runner = new Runner(InstantSource.system(), new Random(1), sleeper);
        Executions executions = new Executions(
                sensitive,
                new Composer(scene.functions),
                runner,
                Continuation.SWEEP,
                InstantSource.system(),
                new Random());
        FutureTask<Outcome> work =
                new FutureTask<>(() -> executions.run(scene.pipeline(steps), scene.event(), null, StepListener.NONE));
        Thread host = new Thread(work);
        host.start();
        stop.await();
        host.interrupt();
        return work.get(30, TimeUnit.SECONDS);
    }

    private void assertHandedOn(Outcome outcome) {
        Execution execution = scene.executions().find(Scene.ID).orElseThrow();
        assertThat(execution.status()).isEqualTo(Status.RUN);
        assertThat(execution.at().cursor()).isEqualTo(1);
        assertThat(execution.lease().owner()).isNull();
        assertThat(outcome).isInstanceOf(Outcome.Waiting.class);
        assertThat(scene.calls).containsExactly("one");
    }

    private static void sleep() {
        try {
            Thread.sleep(20_000);
        } catch (InterruptedException e) {
            throw new IllegalStateException("the nap was interrupted", e);
        }
    }

    @Test
    void aStepThatIsInterruptedIsHandedOn() throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        scene.functions.add("nap", Map.class, Map.class, input -> {
            within.countDown();
            sleep();
            return input;
        });

        assertHandedOn(outcome(STEPS, within, Thread::sleep));
    }

    @Test
    void aPauseThatIsInterruptedIsHandedOn() throws Exception {
        CountDownLatch within = new CountDownLatch(1);
        scene.functions.add("nap", Map.class, Map.class, input -> {
            throw new Failure(Code.UNAVAILABLE, "later");
        });

        assertHandedOn(outcome(STEPS, within, pause -> {
            within.countDown();
            Thread.sleep(20_000);
        }));
    }

    /// @param steps what is tried once more, and what is not: it would be undone
    @ParameterizedTest
    @ValueSource(strings = {STEPS, "{'one': {'undo': 'not-one'}}, 'nap', 'three'"})
    void anInterruptBetweenTwoStepsIsNoFailureOfTheNext(String steps) throws Exception {
        CountDownLatch between = new CountDownLatch(1);
        scene.functions.add("nap", Map.class, Map.class, input -> {
            sleep();
            return input;
        });
        atWrite = () -> {
            between.countDown();
            while (!Thread.currentThread().isInterrupted()) {
                Thread.onSpinWait();
            }
        };

        assertHandedOn(outcome(steps, between, Thread::sleep));
    }
}
