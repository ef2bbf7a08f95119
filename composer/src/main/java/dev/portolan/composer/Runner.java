package dev.portolan.composer;

import dev.portolan.composer.Outcome.Completed;
import dev.portolan.composer.Outcome.Failed;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs pipelines in memory: what is in flight is lost with the process, and nothing is written anywhere.
///
/// Steps run one after the other on the caller's thread, or on one virtual thread if a step has a timeout. A
/// failed attempt is repeated while it is retryable, attempts are left, and the pause (jittered, and at least
/// the failure's `retryAfter`) is within the retry's cap and ends before the deadline. A step that is over its
/// time is interrupted. In a pipeline with timeouts one that does not stop within a second, or 200 ms after the
/// host's deadline, is abandoned, and what it still does is lost; without, it keeps its caller until the host
/// ends both. Thread-safe.
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
        return within(pipeline.timed(), deadline, new Run(pipeline, event, deadline, listener));
    }

    /// Something that makes attempts at steps.
    ///
    /// @param <T> what comes of it
    public interface Work<T extends @Nullable Object> {

        /// Does the work.
        T done(Attempts attempts);

        /// Answers in its place where a step does not stop: its thread makes no other attempt, and changes
        /// nothing, whatever the step still does. Called once that is certain, by whoever waits for the work.
        T abandoned(Failed failed);
    }

    /// Does some work, each attempt at a step within its time.
    ///
    /// @param timed whether a step has a timeout: the work is done on a virtual thread of its own then, which
    ///     is abandoned if a step does not stop; otherwise by the caller
    /// @param deadline when the host stops, or null where it does not
    public <T extends @Nullable Object> T within(boolean timed, @Nullable Instant deadline, Work<T> work) {
        if (timed) {
            Watchdog<T> watchdog = new Watchdog<>(clock, deadline, work);
            return watchdog.watch(new Attempts(deadline, watchdog));
        }
        if (deadline == null) {
            return work.done(new Attempts(null, TimeLimit.NONE));
        }
        try (Alarm.Bell bell = alarm.at(deadline)) {
            return work.done(new Attempts(deadline, bell));
        }
    }

    /// Makes attempts at steps within their time, and pauses between them. For the thread that does the work,
    /// alone.
    public final class Attempts {
        private final @Nullable Instant deadline;
        private final TimeLimit limit;

        private Attempts(@Nullable Instant deadline, TimeLimit limit) {
            this.deadline = deadline;
            this.limit = limit;
        }

        /// Makes one attempt at a step.
        ///
        /// @param event what the execution is called, what the step takes, and the headers so far
        /// @param timeout how long it may take, or null for until the deadline
        /// @return null if the step's condition says that it is passed over
        /// @throws Failure why it failed: `TIMEOUT` if it was stopped for its time, `UNKNOWN` for an
        ///     exception that is no failure
        public @Nullable Chain<@Nullable Object> attempt(
                Step step, Event event, int attempt, @Nullable Duration timeout) {
            Instant until = until(timeout);
            Invocation invocation = new Invocation(event.id(), step.name(), attempt, until, event.headers());
            limit.begin(step, attempt, until);
            try {
                return step.applies(event.body(), invocation) ? step.call(event.body(), invocation) : null;
            } catch (Failure failure) {
                throw limit.over() ? late(step, timeout, failure) : failure;
            } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
                throw limit.over() ? late(step, timeout, e) : unforeseen(step, e);
            } finally {
                limit.end();
            }
        }

        private @Nullable Instant until(@Nullable Duration timeout) {
            if (timeout == null) {
                return deadline;
            }
            Instant own = clock.instant().plus(timeout);
            return deadline == null || own.isBefore(deadline) ? own : deadline;
        }

        /// Lets time pass before another attempt.
        ///
        /// @return whether it passed; otherwise the thread was interrupted, and is still
        public boolean pause(Duration pause) {
            try {
                sleeper.sleep(pause);
                return true;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }

    /// One run, on one thread.
    private final class Run implements Work<Outcome> {
        private final Pipeline pipeline;
        private final @Nullable Instant deadline;
        private final StepListener listener;

        private Event event;
        /// What is attempted; null between two attempts.
        private @Nullable Step attempted;

        Run(Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener listener) {
            this.pipeline = pipeline;
            this.event = event;
            this.deadline = deadline;
            this.listener = listener;
        }

        @Override
        public Outcome abandoned(Failed failed) {
            if (attempted != null) {
                finished(attempted, failed.attempt(), failed.failure());
            }
            return failed;
        }

        @Override
        public Outcome done(Attempts attempts) {
            for (Step step : pipeline.steps()) {
                Outcome end = run(step, attempts);
                if (end != null) {
                    return end;
                }
            }
            return new Completed(event.body(), event.headers());
        }

        /// Runs one step to its success.
        ///
        /// @return where the run ends here, or null where it goes on
        private @Nullable Outcome run(Step step, Attempts attempts) {
            for (int attempt = 1; ; attempt++) {
                if (deadline != null && !clock.instant().isBefore(deadline)) {
                    Failure late = new Failure(
                            Failure.Code.TIMEOUT, "the deadline passed before step '" + step.name() + "' began");
                    return new Failed(
                            attempt == 1 ? late.withEffect(Failure.Effect.NONE) : late, step.name(), attempt - 1);
                }
                attempted = step;
                listener.started(step, attempt);
                Failure failure;
                try {
                    Chain<@Nullable Object> given = attempts.attempt(step, event, attempt, step.timeout());
                    finished(step, attempt, null);
                    if (given == null) {
                        return null;
                    }
                    if (given instanceof Chain.Next<?> next) {
                        event = new Event(
                                event.id(), next.value(), event.headers().replacedBy(next.headers()));
                        return null;
                    }
                    return new Completed(given.value(), event.headers());
                } catch (Failure thrown) {
                    failure = thrown;
                }
                finished(step, attempt, failure);
                if (!failure.retryable()
                        || attempt >= step.retry().attempts()
                        || !paused(step, attempt, failure, attempts)) {
                    return new Failed(failure, step.name(), attempt);
                }
            }
        }

        private void finished(Step step, int attempt, @Nullable Failure failure) {
            attempted = null;
            listener.finished(step, attempt, failure);
        }

        /// Waits before the next attempt, if that can begin before the deadline and the failure asks for no
        /// longer pause than the step allows. Otherwise whoever called comes back at the time that the failure
        /// says.
        private boolean paused(Step step, int attempt, Failure failure, Attempts attempts) {
            Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
            if (asked.compareTo(step.retry().cap()) > 0) {
                return false;
            }
            Duration jittered = step.retry().pause(attempt, random);
            Duration pause = jittered.compareTo(asked) < 0 ? asked : jittered;
            if (deadline != null && !clock.instant().plus(pause).isBefore(deadline)) {
                return false;
            }
            return attempts.pause(pause);
        }
    }

    private static Failure late(Step step, @Nullable Duration timeout, Throwable cause) {
        String limit = timeout == null ? "the deadline allows" : "its timeout of " + timeout.toMillis() + " ms";
        return new Failure(Failure.Code.TIMEOUT, "step '" + step.name() + "' took longer than " + limit, cause);
    }

    private static Failure unforeseen(Step step, Throwable cause) {
        return new Failure(Failure.Code.UNKNOWN, "step '" + step.name() + "' threw " + Failure.describe(cause), cause);
    }
}
