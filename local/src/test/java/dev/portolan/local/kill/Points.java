package dev.portolan.local.kill;

import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The points at which a worker may be killed, each known by how many it passed before: before and after every
/// call of its store, and where its functions say.
final class Points {

    private final int last;
    private final Consumer<String> atLast;
    private final List<String> passed = new ArrayList<>();

    /// @param last the point at which something is to be done, from 0; -1 for none
    Points(int last, Consumer<String> atLast) {
        this.last = last;
        this.atLast = atLast;
    }

    /// Nothing happens at any.
    static Points none() {
        return new Points(-1, point -> {});
    }

    List<String> passed() {
        return passed;
    }

    void reached(String point) {
        passed.add(point);
        if (passed.size() - 1 == last) {
            atLast.accept(point);
        }
    }

    private <T> T around(String call, Supplier<T> made) {
        reached("before " + call);
        T answer = made.get();
        reached("after " + call);
        return answer;
    }

    StateStore around(StateStore store) {
        return new StateStore() {
            @Override
            public Optional<Entry> find(String key) {
                return around("find " + kind(key), () -> store.find(key));
            }

            @Override
            public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
                return around("create " + kind(key), () -> store.create(key, value, indexes, expiresAt));
            }

            @Override
            public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
                return around("replace " + kind(read.key()), () -> store.replace(read, value, indexes, expiresAt));
            }

            @Override
            public Page due(Instant before, Page.Request page) {
                return around("due", () -> store.due(before, page));
            }

            @Override
            public void delete(Entry read) {
                throw new AssertionError("nothing is deleted");
            }

            @Override
            public Page list(String prefix, Page.Request page) {
                return store.list(prefix, page);
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
        };
    }

    private static String kind(String key) {
        return key.substring(0, key.indexOf(':'));
    }
}
