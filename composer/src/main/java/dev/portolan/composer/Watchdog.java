package dev.portolan.composer;

import dev.portolan.composer.Outcome.Failed;
import dev.portolan.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Watches some work: it goes on a virtual thread of its own while the caller waits; a step in it that is over
/// its time is interrupted, and abandoned if it does not stop.
///
/// There is one hand-over a run and none a step: the caller is only woken for a limit that comes before the one
/// that it already waits for.
final class Watchdog<T extends @Nullable Object> implements TimeLimit {

    /// Ends a run that nobody waits for any more.
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("abandoned", null, false, false);
        }
    }

    private static final Duration GRACE = Duration.ofSeconds(1);

    /// What is left of the grace when the host is about to stop: its answer must still go out.
    private static final Duration LAST = Duration.ofMillis(200);

    private final InstantSource clock;
    private final @Nullable Instant deadline;
    private final Runner.Work<T> work;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    private @Nullable Step step;
    private int attempt;
    private @Nullable Instant until;
    private @Nullable Instant wakeUp;
    private boolean attempting;
    private boolean over;
    private boolean cancelled;
    private boolean left;
    private boolean done;
    private @Nullable T result;
    private @Nullable Throwable thrown;

    /// A watchdog of one piece of work.
    ///
    /// @param deadline when the host stops, or null where it does not
    Watchdog(InstantSource clock, @Nullable Instant deadline, Runner.Work<T> work) {
        this.clock = clock;
        this.deadline = deadline;
        this.work = work;
    }

    /// Sees the work done and answers its result. An interrupt of the caller counts as the end of the step's
    /// time, and no other attempt follows a pause.
    @SuppressWarnings("NullAway") // what the result may be is for the work to say
    T watch(Runner.Attempts attempts) {
        Thread worker = Thread.ofVirtual().name("portolan-run").start(() -> work(attempts));
        boolean interrupted = false;
        lock.lock();
        try {
            while (!done && !left) {
                if (until == null || clock.instant().isBefore(until)) {
                    interrupted |= waited(worker);
                } else if (!over) {
                    stop(worker);
                } else {
                    left = true;
                }
            }
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (left) {
            return work.abandoned(failed());
        }
        if (thrown != null) {
            throw unchecked(thrown);
        }
        return result;
    }

    private static RuntimeException unchecked(Throwable thrown) {
        return switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException(thrown);
        };
    }

    private void work(Runner.Attempts attempts) {
        T reached = null;
        Throwable escaped = null;
        try {
            reached = work.done(attempts);
        } catch (Abandoned e) {
            return;
        } catch (Throwable e) { // whatever it is, somebody waits for it
            escaped = e;
        }
        lock.lock();
        try {
            result = reached;
            thrown = escaped;
            done = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /// Waits for the limit, a nearer one, or the end; the caller looks again at what has changed.
    ///
    /// @return whether the wait was interrupted
    @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
    private boolean waited(Thread worker) {
        wakeUp = until;
        try {
            if (until == null) {
                changed.await();
            } else {
                changed.await(
                        TimeUnit.NANOSECONDS.convert(Duration.between(clock.instant(), until)), TimeUnit.NANOSECONDS);
            }
            return false;
        } catch (InterruptedException e) {
            cancelled = true;
            if (attempting) {
                stop(worker);
            } else {
                worker.interrupt(); // no step is to be abandoned: what comes next finds that it has no time
            }
            return true;
        }
    }

    private void stop(Thread worker) {
        over = true;
        Instant grace = clock.instant().plus(GRACE);
        until = deadline == null || grace.isBefore(deadline)
                ? grace
                : later(clock.instant(), deadline).plus(LAST);
        worker.interrupt();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Failed failed() {
        String name = step == null ? "" : step.name();
        Failure failure = new Failure(
                Failure.Code.TIMEOUT,
                "step '" + name + "' took longer than it may, and did not stop when it was interrupted");
        return new Failed(failure, name, attempt);
    }

    @Override
    public void begin(Step step, int attempt, @Nullable Instant until) {
        lock.lock();
        try {
            refuseAbandoned();
            attempting = true;
            this.step = step;
            this.attempt = attempt;
            this.until = until;
            over = cancelled; // whoever interrupts the run means every attempt that is left
            if (until != null && (wakeUp == null || until.isBefore(wakeUp))) {
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean over() {
        lock.lock();
        try {
            return over;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void end() {
        lock.lock();
        try {
            refuseAbandoned();
            attempting = false;
            until = null;
            if (cancelled) {
                Thread.currentThread().interrupt();
            } else if (over) {
                Thread.interrupted();
            }
        } finally {
            lock.unlock();
        }
    }

    private void refuseAbandoned() {
        if (left) {
            throw new Abandoned();
        }
    }
}
