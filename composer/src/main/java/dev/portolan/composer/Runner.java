package dev.portolan.composer;

import dev.portolan.composer.Outcome.Completed;
import dev.portolan.composer.Outcome.Failed;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs pipelines in memory: what is in flight is lost with the process, and nothing is written anywhere.
///
/// Steps run one after the other on the caller's thread, or on one virtual thread if a step has a timeout. A failed
/// attempt is repeated while it is retryable, attempts are left, and the pause (jittered, and at least the failure's
/// `retryAfter`) is within the retry's cap and ends before the deadline. A step that is over its time is interrupted.
/// In a pipeline with timeouts one that does not stop within a second, or 200 ms after the host's deadline, is
/// abandoned, and what it still does is lost; without, it keeps its caller until the host ends both. Thread-safe.
public final class Runner {

    /// Lets time pass.
    @FunctionalInterface
    public interface Sleeper {

        /// Returns after this long.
        void sleep(Duration duration) throws InterruptedException;
    }

    private final InstantSource clock;
    private final RandomGenerator random;
    private final Sleeper sleeper;
    private final Alarm alarm;

    /// A runner with its sources of time and chance; [Thread#sleep(Duration)] is the usual sleeper.
    public Runner(InstantSource clock, RandomGenerator random, Sleeper sleeper) {
        this.clock = clock;
        this.random = random;
        this.sleeper = sleeper;
        this.alarm = new Alarm(clock);
    }

    /// Runs a pipeline without a deadline.
    public Outcome run(Pipeline pipeline, Event event) {
        return run(pipeline, event, null, StepListener.NONE);
    }

    /// Runs a pipeline to its end. Every failure is in the outcome; nothing is thrown.
    ///
    /// @param deadline when the host stops, or null where it does not
    public Outcome run(Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener listener) {
        if (pipeline.timed()) {
            Watchdog watchdog = new Watchdog(clock, deadline);
            return watchdog.watch(new Run(pipeline, event, deadline, listener, watchdog)::call);
        }
        if (deadline == null) {
            return new Run(pipeline, event, null, listener, TimeLimit.NONE).call();
        }
        try (Alarm.Bell bell = alarm.at(deadline)) {
            return new Run(pipeline, event, deadline, listener, bell).call();
        }
    }

    /// One run, on one thread.
    private final class Run {
        private final Pipeline pipeline;
        private final Event event;
        private final @Nullable Instant deadline;
        private final StepListener listener;
        private final TimeLimit limit;

        private @Nullable Object value;
        private Headers headers;

        Run(Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener listener, TimeLimit limit) {
            this.pipeline = pipeline;
            this.event = event;
            this.deadline = deadline;
            this.listener = listener;
            this.limit = limit;
            this.value = event.body();
            this.headers = event.headers();
        }

        Outcome call() {
            for (Step step : pipeline.steps()) {
                Outcome end = attempts(step);
                if (end != null) {
                    return end;
                }
            }
            return new Completed(value, headers);
        }

        /// Runs one step to its success.
        ///
        /// @return where the run ends here, or null where it goes on
        private @Nullable Outcome attempts(Step step) {
            for (int attempt = 1; ; attempt++) {
                if (deadline != null && !clock.instant().isBefore(deadline)) {
                    Failure late = new Failure(
                            Failure.Code.TIMEOUT, "the deadline passed before step '" + step.name() + "' began");
                    return new Failed(
                            attempt == 1 ? late.withEffect(Failure.Effect.NONE) : late, step.name(), attempt - 1);
                }
                listener.started(step, attempt);
                Failure failure;
                try {
                    Chain<@Nullable Object> given = attempt(step, attempt);
                    listener.finished(step, attempt, null);
                    value = given.value();
                    if (given instanceof Chain.Next<?> next) {
                        headers = headers.replacedBy(next.headers());
                        return null;
                    }
                    return new Completed(value, headers);
                } catch (Failure thrown) {
                    failure = thrown;
                }
                listener.finished(step, attempt, failure);
                if (!failure.retryable() || attempt >= step.retry().attempts() || !paused(step, attempt, failure)) {
                    return new Failed(failure, step.name(), attempt);
                }
            }
        }

        private Chain<@Nullable Object> attempt(Step step, int attempt) {
            Instant until = until(step);
            Invocation invocation = new Invocation(event.id(), step.name(), attempt, until, headers);
            limit.begin(step, attempt, until);
            try {
                return step.call(value, invocation);
            } catch (Failure failure) {
                throw limit.over() ? late(step, failure) : failure;
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                throw limit.over() ? late(step, e) : unforeseen(step, e);
            } finally {
                limit.end();
            }
        }

        private @Nullable Instant until(Step step) {
            if (step.timeout() == null) {
                return deadline;
            }
            Instant own = clock.instant().plus(step.timeout());
            return deadline == null || own.isBefore(deadline) ? own : deadline;
        }

        /// Waits before the next attempt, if that can begin before the deadline and the failure asks for no longer
        /// pause than the step allows. Otherwise whoever called comes back at the time that the failure says.
        private boolean paused(Step step, int attempt, Failure failure) {
            Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
            if (asked.compareTo(step.retry().cap()) > 0) {
                return false;
            }
            Duration jittered = step.retry().pause(attempt, random);
            Duration pause = jittered.compareTo(asked) < 0 ? asked : jittered;
            if (deadline != null && !clock.instant().plus(pause).isBefore(deadline)) {
                return false;
            }
            try {
                sleeper.sleep(pause);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    private static Failure late(Step step, Throwable cause) {
        String limit = step.timeout() == null
                ? "the deadline allows"
                : "its timeout of " + step.timeout().toMillis() + " ms";
        return new Failure(Failure.Code.TIMEOUT, "step '" + step.name() + "' took longer than " + limit, cause);
    }

    private static Failure unforeseen(Step step, Throwable cause) {
        return new Failure(Failure.Code.UNKNOWN, "step '" + step.name() + "' threw " + Failure.describe(cause), cause);
    }
}
