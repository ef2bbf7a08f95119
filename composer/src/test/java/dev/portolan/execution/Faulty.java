package dev.portolan.execution;

import dev.portolan.failure.Failure;
import dev.portolan.state.StateStore;
import dev.portolan.testing.InterceptedStateStore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store that counts its writes, and fails at one of them as it is told.
final class Faulty extends InterceptedStateStore {

    /// Ends a worker as a crash would: nothing of the engine catches it.
    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    enum Fault {
        /// The worker is gone before the write.
        CRASH_BEFORE,
        /// The worker is gone after the write.
        CRASH_AFTER,
        /// The write happened, and nobody hears of it.
        LOST_ANSWER,
        /// The write did not happen.
        REFUSED
    }

    private int writes;
    private int at = -1;
    private @Nullable Fault fault;

    Faulty(StateStore store) {
        super(store);
    }

    /// Lets the nth write from now on, from 0, meet a fault.
    void fail(int nth, Fault with) {
        at = writes + nth;
        fault = with;
    }

    int writes() {
        return writes;
    }

    @Override
    protected <T> T around(Call call, String of, Supplier<T> made) {
        Fault now = call.writes() && writes++ == at ? fault : null;
        if (now == Fault.CRASH_BEFORE) {
            throw new Crash();
        }
        if (now == Fault.REFUSED) {
            throw new Failure(Failure.Code.THROTTLED, "slow down");
        }
        T answer = made.get();
        if (now == Fault.CRASH_AFTER) {
            throw new Crash();
        }
        if (now == Fault.LOST_ANSWER) {
            throw new Failure(Failure.Code.TIMEOUT, "no answer").withEffect(Failure.Effect.UNKNOWN);
        }
        return answer;
    }
}
