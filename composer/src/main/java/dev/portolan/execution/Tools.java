package dev.portolan.execution;

import dev.portolan.composer.Runner;
import dev.portolan.failure.Failure;
import dev.portolan.state.Effects;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// What every worker of a process shares.
///
/// @param random for pauses, and for the names of workers
record Tools(
        Records records,
        Runner runner,
        Effects effects,
        Continuation continuation,
        InstantSource clock,
        RandomGenerator random,
        Observer observer) {

    /// Sees to it that an execution goes on. If nobody can be told, the sweep finds it: that it is due is
    /// stored.
    void wake(String id, Duration delay) {
        try {
            continuation.wake(id, delay);
        } catch (Failure failure) {
            System.getLogger("dev.portolan")
                    .log(Level.WARNING, "nobody was told of execution {0}: {1}", id, failure.detail());
        }
    }
}
