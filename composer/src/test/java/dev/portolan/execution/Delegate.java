package dev.portolan.execution;

import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store in front of another, through which every read of an entry and every write goes.
abstract class Delegate implements StateStore {

    private final StateStore store;

    Delegate(StateStore store) {
        this.store = store;
    }

    abstract <T> T call(boolean write, Supplier<T> call);

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        return call(true, () -> store.create(key, value, indexes, expiresAt));
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        return call(true, () -> store.replace(read, value, indexes, expiresAt));
    }

    @Override
    public Optional<Entry> find(String key) {
        return call(false, () -> store.find(key));
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
