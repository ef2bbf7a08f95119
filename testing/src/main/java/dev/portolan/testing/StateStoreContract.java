package dev.portolan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;

/// What every [StateStore] must do. A driver's test extends this class and says how a store is opened.
///
/// The tests of the value limit are skipped for a store whose limit is above 64 MiB.
public abstract class StateStoreContract extends StateStoreBounds {

    private static final int THREADS = 8;

    @Test
    void whatIsCreatedIsFound() {
        Entry created = store.create("k", VALUE, new Indexes(START, "g", START.plusMillis(1)), START.plusMillis(2));

        assertThat(created.key()).isEqualTo("k");
        assertThat(created.value()).isEqualTo(VALUE);
        assertThat(created.indexes()).isEqualTo(new Indexes(START, "g", START.plusMillis(1)));
        assertThat(created.expiresAt()).isEqualTo(START.plusMillis(2));
        assertHolds(created);
    }

    @Test
    void aFreeKeyHoldsNothing() {
        create("k");

        assertThat(store.find("other")).isEmpty();
    }

    @Test
    void secondCreateConflictsAndChangesNothing() {
        Entry first = create("k", new Indexes(START, "g", START));

        assertRefused(Code.CONFLICT, () -> store.create("k", bytes("second"), Indexes.NONE, START.plusSeconds(1)));
        assertHolds(first);
    }

    @Test
    void replaceStoresValueIndexesAndExpiry() {
        Entry created = create("k", new Indexes(START, "g", START));

        Entry replaced = store.replace(created, bytes("new"), Indexes.group("h", START), START.plusSeconds(1));

        assertThat(replaced.key()).isEqualTo("k");
        assertThat(replaced.value()).isEqualTo(bytes("new"));
        assertThat(replaced.indexes()).isEqualTo(Indexes.group("h", START));
        assertThat(replaced.expiresAt()).isEqualTo(START.plusSeconds(1));
        assertHolds(replaced);
    }

    @Test
    void aStaleRevisionIsRefused() {
        Entry stale = create("k");
        Entry current = store.replace(stale, bytes("new"), Indexes.NONE, null);

        assertRefused(Code.CONFLICT, () -> store.replace(stale, VALUE, Indexes.NONE, null));
        assertRefused(Code.CONFLICT, () -> store.delete(stale));
        assertHolds(current);
    }

    @Test
    void whatIsDeletedIsGone() {
        Entry deleted = create("k");

        store.delete(deleted);

        assertThat(store.find("k")).isEmpty();
        assertRefused(Code.CONFLICT, () -> store.delete(deleted));
        assertRefused(Code.CONFLICT, () -> store.replace(deleted, VALUE, Indexes.NONE, null));
        assertThat(store.find("k")).isEmpty();
    }

    @Test
    void theRevisionOfADeletedEntryIsRefusedWhenItsKeyIsTakenAgain() {
        Entry before = create("k");
        store.delete(before);
        Entry after = create("k");

        assertThat(after.revision()).isNotEqualTo(before.revision());
        assertRefused(Code.CONFLICT, () -> store.replace(before, VALUE, Indexes.NONE, null));
        assertRefused(Code.CONFLICT, () -> store.delete(before));
        assertHolds(after);
    }

    @Test
    void theRevisionDiffersAfterEveryWrite() {
        Set<String> revisions = new HashSet<>();
        for (int life = 0; life < 4; life++) {
            Entry entry = create("k");
            assertThat(revisions.add(entry.revision())).isTrue();
            for (int write = 0; write < 4; write++) {
                entry = store.replace(entry, VALUE, Indexes.NONE, null);
                assertThat(revisions.add(entry.revision())).isTrue();
            }
            store.delete(entry);
        }
    }

    @Test
    void aRevisionOfAnotherKeyOrStoreIsRefused() {
        Entry one = create("one");
        Entry two = store.replace(create("two"), VALUE, Indexes.NONE, null);
        for (String revision : List.of(two.revision(), "", "x", "-1", "1.5e3", "'")) {
            Entry mixed = new Entry("one", revision, VALUE, Indexes.NONE, null);
            assertRefused(Code.CONFLICT, () -> store.replace(mixed, bytes("new"), Indexes.NONE, null));
            assertRefused(Code.CONFLICT, () -> store.delete(mixed));
        }
        assertHolds(one);
    }

    @Test
    void valuesAreCopied() {
        byte[] mine = bytes("value");
        Entry created = create("k", new Indexes(START, "g", START));
        Entry replaced = store.replace(created, mine, created.indexes(), null);
        mine[0] = 'x';
        replaced.value()[1] = 'x';
        store.find("k").orElseThrow().value()[2] = 'x';
        list("").forEach(entry -> entry.value()[3] = 'x');
        due(START).forEach(entry -> entry.value()[4] = 'x');
        group("g", START).forEach(entry -> entry.value()[4] = 'x');

        assertThat(store.find("k").orElseThrow().value()).isEqualTo(bytes("value"));
    }

    @Test
    void anEntryIsThereUntilItExpires() throws InterruptedException {
        Entry created = create("k", START.plusMillis(2));

        at(START.plusMillis(1).plusNanos(999_999));

        assertHolds(created);
        assertListed("").containsExactly("k");
        awaitKeys(() -> due(START), "k");
        awaitKeys(() -> group("group", START), "k");
    }

    @Test
    void anExpiredEntryIsAbsentEverywhere() throws InterruptedException {
        create("k", START.plusMillis(2));

        at(START.plusMillis(2));

        assertThat(store.find("k")).isEmpty();
        assertListed("").isEmpty();
        awaitKeys(() -> due(START));
        awaitKeys(() -> group("group", START));
    }

    @Test
    void theKeyOfAnExpiredEntryIsFree() {
        Entry expired = create("k", START.plusMillis(2));
        at(START.plusMillis(2));

        Entry after = store.create("k", bytes("new"), Indexes.NONE, null);

        assertThat(after.value()).isEqualTo(bytes("new"));
        assertThat(after.indexes()).isEqualTo(Indexes.NONE);
        assertThat(after.expiresAt()).isNull();
        assertThat(after.revision()).isNotEqualTo(expired.revision());
        assertHolds(after);
        assertRefused(Code.CONFLICT, () -> store.replace(expired, VALUE, Indexes.NONE, null));
        assertRefused(Code.CONFLICT, () -> store.delete(expired));
    }

    @Test
    void anExpiredEntryCannotBeReplacedOrDeleted() {
        Entry expired = create("k", START.plusMillis(2));
        at(START.plusMillis(2));

        assertRefused(Code.CONFLICT, () -> store.replace(expired, VALUE, Indexes.NONE, null));
        assertRefused(Code.CONFLICT, () -> store.delete(expired));
        assertThat(store.find("k")).isEmpty();
    }

    @Test
    void replaceMayClearOrExtendTheExpiry() {
        Entry cleared = create("cleared", START.plusMillis(2));
        Entry extended = create("extended", START.plusMillis(2));
        store.replace(cleared, VALUE, Indexes.NONE, null);
        store.replace(extended, VALUE, Indexes.NONE, START.plusMillis(4));

        at(START.plusMillis(3));
        assertListed("").containsExactlyInAnyOrder("cleared", "extended");

        at(START.plusMillis(4));
        assertListed("").containsExactly("cleared");
    }

    @Test
    void noIncrementIsLostAmongThreads() throws Exception {
        store.create("counter", bytes("0"), Indexes.NONE, null);

        together(() -> {
            for (int i = 0; i < 50; i++) {
                increment();
            }
        });

        assertThat(store.find("counter").orElseThrow().value()).isEqualTo(bytes(Integer.toString(THREADS * 50)));
    }

    @Test
    void oneOfManyThreadsCreatesAKeyBeItFreeOrExpired() throws Exception {
        int keys = 50;
        for (int i = 0; i < keys; i += 2) {
            create("k" + i, START.plusMillis(1));
        }
        at(START.plusMillis(1));
        AtomicIntegerArray created = new AtomicIntegerArray(keys);
        CyclicBarrier round = new CyclicBarrier(THREADS);

        together(() -> {
            for (int i = 0; i < keys; i++) {
                round.await(60, TimeUnit.SECONDS);
                if (unlessConflict("k" + i)) {
                    created.incrementAndGet(i);
                }
            }
        });

        for (int i = 0; i < keys; i++) {
            assertThat(created.get(i)).as("how many created k%d", i).isEqualTo(1);
        }
    }

    private void increment() {
        while (true) {
            Entry read = store.find("counter").orElseThrow();
            int count = Integer.parseInt(new String(read.value(), UTF_8));
            try {
                store.replace(read, bytes(Integer.toString(count + 1)), Indexes.NONE, null);
                return;
            } catch (Failure failure) {
                assertThat(failure.code()).as(failure.detail()).isEqualTo(Code.CONFLICT);
            }
        }
    }

    private boolean unlessConflict(String key) {
        try {
            create(key);
            return true;
        } catch (Failure failure) {
            assertThat(failure.code()).as(failure.detail()).isEqualTo(Code.CONFLICT);
            return false;
        }
    }

    private static void together(Work work) throws Exception {
        try (ExecutorService executor = Executors.newFixedThreadPool(THREADS)) {
            Callable<Boolean> each = () -> {
                work.run();
                return true;
            };
            for (Future<Boolean> future : executor.invokeAll(Collections.nCopies(THREADS, each))) {
                assertThat(future.get()).isTrue();
            }
        }
    }

    /// What each of several threads does.
    private interface Work {
        void run() throws Exception;
    }
}
