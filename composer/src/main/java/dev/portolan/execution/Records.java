package dev.portolan.execution;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Executions in a store, each under its id, found by when they go on and by their pipeline.
final class Records {

    /// For how long an execution is kept that is over.
    private static final Duration KEPT = Duration.ofDays(30);

    /// For how long one is kept that nobody moves any more; no pause is as long.
    private static final Duration LEFT = Duration.ofDays(90);

    /// This part of a record's room is kept for what may go wrong.
    private static final int WAY_BACK = 8;

    static final String PREFIX = "execution:";

    private final StateStore store;
    private final InstantSource clock;

    Records(StateStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// An execution as it was read or written.
    record Stored(Entry entry, Execution execution) {}

    @Nullable
    Stored find(String id) {
        Entry entry = store.find(PREFIX + id).orElse(null);
        return entry == null ? null : new Stored(entry, ExecutionRecord.read(id, entry.value()));
    }

    /// Writes an execution that has a new value, in place of what was read, or first.
    ///
    /// @param spare how many bytes its next step may need if it fails; they are left free, and some for the way
    ///     back
    /// @return as [#write]
    /// @throws Failure `INVALID` if the value leaves no such room: nothing is written
    @Nullable
    Stored commit(@Nullable Stored before, Execution next, int spare) {
        byte[] bytes = ExecutionRecord.written(next);
        int room = store.valueLimit();
        room -= next.over() ? 0 : spare + room / WAY_BACK;
        if (bytes.length > room) {
            throw new Failure(
                    Code.INVALID,
                    "the execution takes " + bytes.length + " bytes, and there is room for " + room + " in the store's "
                            + store.valueLimit() + "; keep large values in an object store and pass their names");
        }
        return write(before, next, bytes);
    }

    /// Writes an execution in place of what was read; in few words if there is no room for more.
    ///
    /// @return what is stored now, or null if somebody else was faster
    @Nullable
    Stored write(Stored before, Execution next) {
        byte[] bytes = ExecutionRecord.written(next);
        if (bytes.length <= store.valueLimit()) {
            return write(before, next, bytes);
        }
        Execution brief = next.brief();
        return write(before, brief, ExecutionRecord.written(brief));
    }

    private @Nullable Stored write(@Nullable Stored before, Execution next, byte[] bytes) {
        Indexes indexes = new Indexes(
                next.lease().until(), group(next.pipeline()), next.origin().started());
        Instant expiresAt = clock.instant().plus(next.over() ? KEPT : LEFT);
        String key = PREFIX + next.id();
        try {
            return new Stored(
                    before == null
                            ? store.create(key, bytes, indexes, expiresAt)
                            : store.replace(before.entry(), bytes, indexes, expiresAt),
                    next);
        } catch (Failure failure) {
            boolean doubtful = failure.code() == Code.CONFLICT || failure.effect() == Failure.Effect.UNKNOWN;
            Entry now = doubtful ? store.find(key).orElse(null) : null;
            if (now != null && Arrays.equals(now.value(), bytes)) {
                return new Stored(now, next); // the answer was lost, and not the write
            }
            if (failure.code() == Code.CONFLICT) {
                return null;
            }
            throw failure;
        }
    }

    /// The group that a pipeline's executions are listed in.
    static String group(String pipeline) {
        return PREFIX + pipeline;
    }
}
