package dev.portolan.testing;

import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Counts what is written through it to another store, by key. Thread-safe.
public final class CountedWrites implements StateStore {

    private final StateStore store;
    private final List<String> written = new CopyOnWriteArrayList<>();

    /// In front of a store that stays the caller's to close.
    public CountedWrites(StateStore store) {
        this.store = store;
    }

    /// How many writes were asked for of keys that start with a prefix, whatever came of them.
    public int under(String prefix) {
        int count = 0;
        for (String key : written) {
            count += key.startsWith(prefix) ? 1 : 0;
        }
        return count;
    }

    @Override
    public Optional<Entry> find(String key) {
        return store.find(key);
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        written.add(key);
        return store.create(key, value, indexes, expiresAt);
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        written.add(read.key());
        return store.replace(read, value, indexes, expiresAt);
    }

    @Override
    public void delete(Entry read) {
        written.add(read.key());
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
    public void close() {}
}
