package dev.portolan.local;

import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A store that tells of every write when it has returned.
final class ObservedStateStore implements StateStore {

    private final StateStore store;
    private final Consumer<String> written;

    /// @param written hears the key of each entry that was created, replaced or deleted
    ObservedStateStore(StateStore store, Consumer<String> written) {
        this.store = store;
        this.written = written;
    }

    @Override
    public Optional<Entry> find(String key) {
        return store.find(key);
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Entry created = store.create(key, value, indexes, expiresAt);
        written.accept(key);
        return created;
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Entry replaced = store.replace(read, value, indexes, expiresAt);
        written.accept(read.key());
        return replaced;
    }

    @Override
    public void delete(Entry read) {
        store.delete(read);
        written.accept(read.key());
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
