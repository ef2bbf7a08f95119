package dev.portolan.testing;

import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store in front of another, which stays the caller's to close: every call passes by what a test does with it.
public abstract class InterceptedStateStore implements StateStore {

    private final StateStore store;

    /// The methods of a store.
    public enum Call {
        FIND,
        CREATE,
        REPLACE,
        DELETE,
        LIST,
        DUE,
        GROUP;

        /// Whether it changes an entry.
        public boolean writes() {
            return this == CREATE || this == REPLACE || this == DELETE;
        }
    }

    protected InterceptedStateStore(StateStore store) {
        this.store = store;
    }

    /// Makes a call, or does something else in its place.
    ///
    /// @param of the key, prefix or group; empty for `due`
    protected abstract <T> T around(Call call, String of, Supplier<T> made);

    @Override
    public Optional<Entry> find(String key) {
        return around(Call.FIND, key, () -> store.find(key));
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        return around(Call.CREATE, key, () -> store.create(key, value, indexes, expiresAt));
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        return around(Call.REPLACE, read.key(), () -> store.replace(read, value, indexes, expiresAt));
    }

    @Override
    public void delete(Entry read) {
        boolean _ = around(Call.DELETE, read.key(), () -> {
            store.delete(read);
            return true;
        });
    }

    @Override
    public Page list(String prefix, Page.Request page) {
        return around(Call.LIST, prefix, () -> store.list(prefix, page));
    }

    @Override
    public Page due(Instant before, Page.Request page) {
        return around(Call.DUE, "", () -> store.due(before, page));
    }

    @Override
    public Page group(String group, Instant since, Page.Request page) {
        return around(Call.GROUP, group, () -> store.group(group, since, page));
    }

    @Override
    public int valueLimit() {
        return store.valueLimit();
    }

    @Override
    public void close() {}
}
