package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.StateStore;
import dev.portolan.testing.InterceptedStateStore;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store whose creations and replacements fail as it is told.
final class FaultyStore extends InterceptedStateStore {

    private volatile @Nullable Code refused;
    private volatile boolean losing;
    private volatile boolean stalling;

    FaultyStore(StateStore store) {
        super(store);
    }

    /// Lets every write fail.
    void refuse(Code code) {
        refused = code;
    }

    /// Lets the next write happen without an answer.
    void loseAnswer() {
        losing = true;
    }

    /// Lets every write wait until its thread is interrupted.
    void stall() {
        stalling = true;
    }

    @Override
    protected <T> T around(Call call, String of, Supplier<T> made) {
        if (call != Call.CREATE && call != Call.REPLACE) {
            return made.get();
        }
        Code code = refused;
        if (code != null) {
            throw new Failure(code, "the store does not write");
        }
        if (stalling) {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                throw new Failure(Code.TIMEOUT, "no answer", e);
            }
        }
        T answer = made.get();
        if (losing) {
            losing = false;
            throw new Failure(Code.TIMEOUT, "no answer").withEffect(Effect.UNKNOWN);
        }
        return answer;
    }
}
