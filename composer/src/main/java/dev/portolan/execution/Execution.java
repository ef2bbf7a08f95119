package dev.portolan.execution;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How far an execution has come, as it is stored. Immutable: each step forward is a new one.
///
/// @param id `pipeline:key`
/// @param input the hash of what it was started with: the same key with another input is other work
/// @param cursor how many steps are committed
/// @param value what the last committed step gave; at first the input
/// @param headers what came with the input, and what steps added
/// @param owner the worker that has the lease, or had it last
/// @param leaseUntil until when nobody else may take it over
/// @param claims how often it was taken over since the cursor moved
/// @param failure why it failed; null unless it did
record Execution(
        String id,
        Status status,
        String input,
        int cursor,
        @Nullable Object value,
        Headers headers,
        String owner,
        Instant leaseUntil,
        int claims,
        Instant started,
        @Nullable Failed failure) {

    /// Where an execution stands.
    enum Status {
        /// It has steps to run, whether or not a worker is at it.
        RUN,
        /// Its last step is committed, or one ended the chain.
        DONE,
        /// A step failed for good.
        FAILED
    }

    /// Why an execution failed.
    record Failed(Failure.Code code, String detail, String step, int attempt) {}

    /// A new execution that a worker has claimed by making it.
    static Execution claimed(
            String id,
            String input,
            @Nullable Object value,
            Headers headers,
            String owner,
            Instant now,
            Instant leaseUntil) {
        return new Execution(id, Status.RUN, input, 0, value, headers, owner, leaseUntil, 0, now, null);
    }

    /// The same in another worker's hands.
    Execution takenOver(String by, Instant until) {
        return new Execution(id, status, input, cursor, value, headers, by, until, claims + 1, started, null);
    }

    /// The same with one more step committed.
    Execution advanced(@Nullable Object given, Headers added, boolean last, Instant until) {
        return new Execution(
                id, last ? Status.DONE : status, input, cursor + 1, given, added, owner, until, 0, started, null);
    }

    /// The same in nobody's hands: what failed may succeed later.
    Execution released(Instant now) {
        return new Execution(id, status, input, cursor, value, headers, owner, now, claims, started, null);
    }

    /// The same, failed for good.
    Execution failed(Failed failure) {
        return new Execution(
                id, Status.FAILED, input, cursor, value, headers, owner, leaseUntil, claims, started, failure);
    }
}
