package dev.portolan.execution;

import java.time.Duration;

/// Wakes executions that were handed on or wait: a queue's delayed message, a thread of the same process.
///
/// A call that is lost, or comes too late, delays its execution until the next [Operations#sweep]; one that
/// comes twice or too early does no harm. Thread-safe.
@FunctionalInterface
public interface Continuation {

    /// Nobody is told; the sweep finds what is due.
    Continuation SWEEP = (id, delay) -> {};

    /// Nobody is told, and nobody sweeps: an execution goes on when its work comes again, and at no other time.
    Continuation NOBODY = new Continuation() {
        @Override
        public void wake(String id, Duration delay) {}

        @Override
        public boolean goesOn() {
            return false;
        }
    };

    /// Whether what waits goes on by itself, by wake-ups or by sweeps, so that work can be left to it.
    default boolean goesOn() {
        return true;
    }

    /// Sees to it that some worker calls [Executions#resume] for an execution.
    ///
    /// @param delay not before; a driver that cannot wait for so long does nothing, and leaves it to the sweep
    /// @throws dev.portolan.failure.Failure if nobody could be told
    void wake(String id, Duration delay);
}
