package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store whose writes fail as it is told.
final class FaultyStore implements StateStore {

    private final StateStore store;
    private volatile @Nullable Code refused;
    private volatile boolean losing;
    private volatile boolean stalling;

    FaultyStore(StateStore store) {
        this.store = store;
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

    private Entry written(Supplier<Entry> write) {
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
        Entry entry = write.get();
        if (losing) {
            losing = false;
            throw new Failure(Code.TIMEOUT, "no answer").withEffect(Effect.UNKNOWN);
        }
        return entry;
    }

    @Override
    public Optional<Entry> find(String key) {
        return store.find(key);
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        return written(() -> store.create(key, value, indexes, expiresAt));
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        return written(() -> store.replace(read, value, indexes, expiresAt));
    }

    @Override
    public void delete(Entry read) {
        store.delete(read);
    }

    @Override
    public Page list(String prefix, Page.Request page) {
        return store.list(prefix, page);
    }

    @Override
    public Page due(Instant before, Page.Request page) {
        return store.due(before, page);
    }

    @Override
    public Page group(String group, Instant since, Page.Request page) {
        return store.group(group, since, page);
    }

    @Override
    public int valueLimit() {
        return store.valueLimit();
    }

    @Override
    public void close() {
        store.close();
    }
}
