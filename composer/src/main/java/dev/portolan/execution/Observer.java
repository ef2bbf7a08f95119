package dev.portolan.execution;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.time.Instant;

/// Hears of runs: of each pipeline that runs in memory, and of each time that a worker takes a durable
/// execution up. Must be quick and must not throw. Thread-safe.
///
/// What is turned away before anybody works at it is no run: a key that came again with another input, an
/// execution that another worker is at, a store that fails. Nobody hears of one that is over already.
public interface Observer {

    /// Hears nothing, and costs nothing.
    Observer NONE = new Observer() {
        @Override
        public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
            return new Run() {};
        }
    };

    /// A run begins; on its caller's thread. A durable one is in the worker's hands by now.
    ///
    /// @param id the execution's
    /// @param headers those that the steps see
    /// @param started when the execution was accepted: long ago, where this is not its first worker
    /// @return hears of this run, and of no other
    Run begun(Pipeline pipeline, String id, Headers headers, Instant started);

    /// Work was turned away before a run of it could begin; on its caller's thread.
    ///
    /// @param id the execution's, which need not exist
    default void refused(Pipeline pipeline, String id, Failure failure) {}

    /// Hears of one run: of its attempts on the threads that make them, one after the other, and of the end of
    /// one that was abandoned on the caller's thread. Where a worker dies of an error, its last attempt does
    /// not end before the run.
    interface Run extends StepListener {

        /// The run is over; once, on its caller's thread.
        ///
        /// @param outcome what the caller is told; [Outcome.Waiting] too where another worker has the execution
        ///     now, and a failure without a step where the store or the worker failed
        /// @param status how the execution stands; [Status#RUN] where the worker lost it or failed, since
        ///     another one goes on with it
        default void ended(Outcome outcome, Status status) {}
    }
}
