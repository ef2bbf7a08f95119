package dev.portolan.local;

import dev.portolan.composer.Outcome;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "sweep",
        description =
                "Runs every execution on that is due: stored by 'run --async', waiting for its next attempt, or left"
                        + " behind by a worker that was lost. Any number of sweeps may run at once.",
        footer = {
            "",
            "Ctrl-C hands the execution at hand on to whoever comes next.",
            "",
            "Example:",
            "  portolan execution sweep --watch"
        })
final class ExecutionSweepCommand implements Callable<Integer> {

    private static final Duration PAUSE = Duration.ofSeconds(2);

    @Option(names = "--watch", description = "Look again every two seconds, until Ctrl-C.")
    private boolean watch;

    @Mixin
    private final Sources sources = new Sources();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        int rested = 0;
        int left = 0;
        try (StopSignal stop = new StopSignal(Thread.currentThread(), err);
                Laptop laptop = sources.open(spec.commandLine(), clock)) {
            Operations operations = laptop.executions(clock, new SecureRandom(), Continuation.SWEEP)
                    .operations();
            if (watch) {
                err.println("looking for what is due every " + Spoken.span(PAUSE) + "; Ctrl-C stops");
            }
            do {
                Operations.Swept swept = swept(operations, err);
                rested += swept.rested();
                left += swept.left();
            } while (watch && !stop.given() && paused());
            err.println((stop.given() ? "stopped; " : "") + "executions that came to rest: " + rested
                    + (left > 0 ? ", left to others: " + left : ""));
        }
        return 0;
    }

    /// One pass. A worker that watches outlives a store that does not answer for a while.
    private Operations.Swept swept(Operations operations, PrintWriter err) {
        try {
            return operations.sweep(null, this::tell);
        } catch (Failure failure) {
            if (!watch || !failure.retryable()) {
                throw failure;
            }
            err.println(failure.detail());
            return new Operations.Swept(0, 0);
        }
    }

    private static boolean paused() {
        try {
            Thread.sleep(PAUSE);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void tell(String id, Outcome outcome) {
        Ansi ansi = spec.commandLine().getColorScheme().ansi();
        spec.commandLine()
                .getOut()
                .println(
                        switch (outcome) {
                            case Outcome.Completed completed -> ansi.string("@|green ✓|@ ") + id;
                            case Outcome.Waiting waiting ->
                                ansi.string("@|cyan ◷|@ ")
                                        + id
                                        + (waiting.due().isAfter(clock.instant())
                                                ? "  goes on at " + Spoken.dayAndTime(waiting.due())
                                                : "  handed on");
                            case Outcome.Failed failed ->
                                ansi.string("@|red ✗|@ ") + id
                                        + (failed.step().isEmpty() ? "" : "  at '" + failed.step() + "'") + "  "
                                        + failed.failure().code() + ": "
                                        + failed.failure().detail();
                        });
    }
}
