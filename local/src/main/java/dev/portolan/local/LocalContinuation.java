package dev.portolan.local;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// Runs executions on within this process: those that are woken, each on a virtual thread that waits for its
/// time, and those that sweeps find due. Thread-safe.
///
/// What it holds when it is closed is found by the next sweep over the same store, of this process or of
/// another.
final class LocalContinuation implements Continuation, AutoCloseable {

    /// A step that does not stop is abandoned after a second, and then its execution is still to be written.
    private static final Duration GRACE = Duration.ofSeconds(3);

    private final Runner.Sleeper sleeper;
    private final PrintWriter err;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Executions executions;

    /// A continuation of the executions that are made with it.
    ///
    /// @param err hears what becomes of executions that nobody waits for, where they fail
    LocalContinuation(Runner.Sleeper sleeper, PrintWriter err, Function<Continuation, Executions> executions) {
        this.sleeper = sleeper;
        this.err = err;
        this.executions = executions.apply(this);
    }

    Executions executions() {
        return executions;
    }

    @Override
    public void wake(String id, Duration delay) {
        begin(() -> {
            sleeper.sleep(delay);
            if (executions.resume(id, null, StepListener.NONE) instanceof Outcome.Failed failed) {
                Failure failure = failed.failure();
                err.println("execution " + id + ": " + failure.code() + ": " + failure.detail());
            }
        });
    }

    /// Sweeps now, and again after each interval, whether or not what the last sweep found is at rest: what
    /// still runs is not found again.
    void sweepEvery(Duration interval) {
        begin(() -> {
            while (true) {
                begin(this::sweep);
                sleeper.sleep(interval);
            }
        });
    }

    private void sweep() {
        try {
            Operations.Swept swept = executions.operations().sweep(null);
            if (swept.rested() > 0) {
                err.println("executions that were due and came to rest: " + swept.rested());
            }
        } catch (Failure failure) {
            err.println("the sweep failed: " + failure.code() + ": " + failure.detail());
        }
    }

    private interface Task {
        void run() throws InterruptedException;
    }

    private void begin(Task task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (InterruptedException closed) {
                    Thread.currentThread().interrupt();
                }
            });
        } catch (RejectedExecutionException closed) {
            // The next sweep finds it.
        }
    }

    /// Lets go of what waits, and interrupts what runs: it hands itself on.
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(GRACE.toSeconds(), TimeUnit.SECONDS)) {
                err.println("a step does not stop; its execution is taken up when its lease is over");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
