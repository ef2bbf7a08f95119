package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Problem;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.json.Json;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// Runs executions for a person who waits for what comes of them: shows the steps, waits out pauses, and prints
/// the result or the problem.
final class Foreground {

    /// How often it is looked whether another worker is done.
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final Executions executions;
    private final CommandLine commandLine;
    private final PrintWriter err;
    private final Sources sources;
    private final InstantSource clock;
    private final Runner.Sleeper sleeper;
    private final StepListener listener;
    private boolean stackTrace;
    private @Nullable Output output;
    private String told = "";

    Foreground(
            Executions executions,
            CommandLine commandLine,
            Sources sources,
            InstantSource clock,
            Runner.Sleeper sleeper) {
        this.executions = executions;
        this.commandLine = commandLine;
        this.err = commandLine.getErr();
        this.sources = sources;
        this.clock = clock;
        this.sleeper = sleeper;
        this.listener = Terminal.interactive() ? new StepProgress(commandLine, clock) : StepListener.NONE;
    }

    /// The same, with stack traces of failures.
    Foreground withStackTraces(boolean shown) {
        stackTrace = shown;
        return this;
    }

    /// The same, with results printed by an output; they are JSON without one.
    Foreground withOutput(Output printed) {
        output = printed;
        return this;
    }

    /// Runs a pipeline.
    ///
    /// @return the exit code
    int run(Pipeline pipeline, Event event) {
        if (!pipeline.durable()) {
            return report(executions.run(pipeline, event, null, listener));
        }
        try (StopSignal stop = new StopSignal(Thread.currentThread(), err)) {
            return reportStored(
                    event.id(), seenThrough(executions.run(pipeline, event, null, listener), event.id(), stop, false));
        }
    }

    /// Runs a stored execution on until it rests, and reports what came of it.
    ///
    /// @return the exit code
    int resume(String id) {
        return resume(id, outcome -> reportStored(id, outcome));
    }

    /// Runs a stored execution on until it rests.
    ///
    /// @param report prints what came of it, before the process may end, and gives the exit code
    int resume(String id, ToIntFunction<Outcome> report) {
        try (StopSignal stop = new StopSignal(Thread.currentThread(), err)) {
            return report.applyAsInt(seenThrough(executions.resume(id, null, listener), id, stop, true));
        }
    }

    /// Waits and goes on for as long as the execution would by itself.
    ///
    /// @param anyway whether to wait for another worker too
    private Outcome seenThrough(Outcome first, String id, StopSignal stop, boolean anyway) {
        Outcome outcome = first;
        boolean patient = anyway;
        while (!stop.given()) {
            Instant until;
            if (outcome instanceof Outcome.Waiting waiting) {
                until = waiting.due();
            } else if (patient && busy(outcome)) {
                until = clock.instant().plus(LOOK_AGAIN);
            } else {
                return outcome;
            }
            if (!passed(until, id)) {
                return new Outcome.Waiting(id, until);
            }
            patient = true;
            outcome = executions.resume(id, null, listener);
        }
        return outcome;
    }

    private static boolean busy(Outcome outcome) {
        return outcome instanceof Outcome.Failed failed
                && failed.step().isEmpty()
                && failed.failure().code() == Failure.Code.CONFLICT
                && failed.failure().retryable();
    }

    /// Lets time pass, and says why.
    ///
    /// @return whether it passed; otherwise the thread was interrupted
    private boolean passed(Instant until, String id) {
        Duration left = Duration.between(clock.instant(), until);
        if (left.isPositive()) {
            tell(stored(id).map(this::waitsFor).orElse("waiting"));
        }
        try {
            while (left.isPositive()) {
                if (Terminal.interactive()) {
                    err.print("\r  " + Spoken.span(left) + "   ");
                    err.flush();
                }
                sleeper.sleep(left.compareTo(LOOK_AGAIN) < 0 ? left : LOOK_AGAIN);
                left = Duration.between(clock.instant(), until);
            }
            return true;
        } catch (InterruptedException e) {
            return false;
        } finally {
            if (Terminal.interactive()) {
                err.print("\r            \r");
            }
        }
    }

    private void tell(String message) {
        if (!message.equals(told)) {
            told = message;
            err.println(message + "; Ctrl-C leaves it to 'portolan execution sweep'");
        }
    }

    private String waitsFor(ExecutionView view) {
        if (view.running()) {
            return view.owner();
        }
        Instant until = view.execution().lease().until();
        List<Execution.Attempt> attempts = view.execution().history().attempts();
        Failure.Code last = attempts.isEmpty() ? null : attempts.getLast().code();
        return "waiting for attempt " + (view.execution().at().attempts() + 1) + " at '" + view.step() + "'"
                + (until == null ? "" : ", at " + Spoken.dayAndTime(until))
                + (last == null ? "" : ", after " + last);
    }

    private Optional<ExecutionView> stored(String id) {
        try {
            return executions
                    .find(id)
                    .map(execution -> ExecutionView.of(execution, executions.operations(), clock.instant()));
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }

    /// Prints what came of a stored execution, and where it is looked at.
    ///
    /// @return the exit code
    int reportStored(String id, Outcome outcome) {
        int code = report(outcome);
        if (!(outcome instanceof Outcome.Completed)) {
            stored(id).ifPresent(view -> {
                if (view.running()) {
                    err.println(view.owner());
                }
                err.println("the execution is " + view.execution().status() + "; see: "
                        + sources.command("execution show", id));
            });
        }
        return code;
    }

    private int report(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed completed -> {
                Json json = new Json();
                Object result = json.decode(completed.encoded(json));
                if (output == null) {
                    commandLine.getOut().println(json.pretty(result));
                } else {
                    output.print(commandLine.getOut(), result);
                }
                yield 0;
            }
            case Outcome.Waiting waiting -> {
                err.println("stopped; it goes on with: " + sources.command("execution resume", waiting.id()));
                yield 1;
            }
            case Outcome.Failed failed -> {
                Failure failure = failed.failure();
                err.println(
                        failed.step().isEmpty()
                                ? failure.detail()
                                : "step '" + failed.step() + "' failed: " + failure.detail());
                if (stackTrace) {
                    failure.printStackTrace(err);
                }
                commandLine
                        .getOut()
                        .println(new Json().pretty(Problem.of(failure).body()));
                yield 1;
            }
        };
    }
}
