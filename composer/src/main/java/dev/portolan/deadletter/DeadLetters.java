package dev.portolan.deadletter;

import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;

/// Where work goes that can never succeed, so that a person may look at it. Thread-safe.
@FunctionalInterface
public interface DeadLetters {

    /// Keeps work with the reason, and with the first `Idempotency-Key` of its headers where it has one: when a
    /// person brings it back, it is the same work under the same key. Whoever brought it is told that it is
    /// dealt with only after this returns.
    ///
    /// @throws Failure if it cannot be kept; the work is then still where it was
    void put(String pipeline, Event event, Failure reason);
}
