package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The part of the contract that is about what keys, values and instants may be.
abstract class StateStoreBounds extends StateStoreListings {

    private static final int LARGEST_TRIED = 64 * 1024 * 1024;

    @Test
    void aValueMayBeEmpty() {
        Entry created = store.create("k", new byte[0], Indexes.NONE, null);

        assertThat(created.value()).isEmpty();
        assertHolds(created);
        assertHolds(store.replace(create("other"), new byte[0], Indexes.NONE, null));
    }

    @Test
    void everyByteIsKept() {
        byte[] value = new byte[256];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) i;
        }

        store.create("k", value, Indexes.NONE, null);

        assertThat(store.find("k").orElseThrow().value()).isEqualTo(value);
    }

    @Test
    void aValueMayBeAsLargeAsTheLimit() {
        assumeThat(store.valueLimit()).isLessThanOrEqualTo(LARGEST_TRIED);
        byte[] value = new byte[store.valueLimit()];
        Arrays.fill(value, (byte) 7);

        Entry created = store.create(
                "k".repeat(1024), value, new Indexes(START, "g".repeat(1024), START), START.plusSeconds(1));

        assertHolds(created);
    }

    @Test
    void aValueAboveTheLimitIsRefusedWithItsSize() {
        assumeThat(store.valueLimit()).isLessThanOrEqualTo(LARGEST_TRIED);
        int limit = store.valueLimit();
        byte[] value = new byte[limit + 1];
        Entry held = create("held");

        assertThatThrownBy(() -> store.create("k", value, Indexes.NONE, null))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.INVALID))
                .hasMessageContaining(Integer.toString(limit))
                .hasMessageContaining(Integer.toString(limit + 1));
        assertRefused(Code.INVALID, () -> store.replace(held, value, Indexes.NONE, null));
        assertThat(store.find("k")).isEmpty();
        assertHolds(held);
    }

    @Test
    void everyAwkwardKeyIsAKeyOfItsOwn() {
        for (String key : AWKWARD) {
            assertThat(store.find(key)).as("before %s is created", key).isEmpty();
            store.create(key, bytes(key), Indexes.NONE, null);
        }
        for (String key : AWKWARD) {
            Entry found = store.find(key).orElseThrow();
            assertThat(found.key()).isEqualTo(key);
            assertThat(found.value()).isEqualTo(bytes(key));
            store.delete(store.replace(found, VALUE, Indexes.NONE, null));
        }
        assertListed("").isEmpty();
    }

    @Test
    void keysAndGroupsOutOfBoundsAreRefused() {
        List<String> refused = List.of(
                "", "k".repeat(1025), "\u00e9".repeat(512) + "k", "\ud83d\ude00".repeat(257), "\ud83d", "a\ude00b");
        for (String key : refused) {
            Entry read = new Entry(key, "1", VALUE, Indexes.NONE, null);
            assertRefused(Code.INVALID, () -> store.find(key));
            assertRefused(Code.INVALID, () -> create(key));
            assertRefused(Code.INVALID, () -> store.replace(read, VALUE, Indexes.NONE, null));
            assertRefused(Code.INVALID, () -> store.delete(read));
            assertRefused(Code.INVALID, () -> create("k", Indexes.group(key, START)));
            assertRefused(Code.INVALID, () -> group(key, START));
        }
        assertRefused(Code.INVALID, () -> list("\ud83d"));
        assertListed("").isEmpty();
    }

    @Test
    void instantsAreCutToTheMillisecond() {
        Instant fine = START.plusNanos(999_999);
        Entry created = store.create("k", VALUE, new Indexes(fine, "g", fine), fine.plusSeconds(1));

        assertThat(created.indexes()).isEqualTo(new Indexes(START, "g", START));
        assertThat(created.expiresAt()).isEqualTo(START.plusSeconds(1));
        assertHolds(created);
    }

    @Test
    void theFirstAndTheLastInstantAreKept() {
        Instant last = Instant.parse("9999-12-31T23:59:59.999Z");
        Entry created = store.create("k", VALUE, new Indexes(Instant.EPOCH, "g", last), last);

        assertHolds(created);
    }

    @Test
    void instantsOutOfBoundsAreRefused() {
        Entry held = create("held");
        for (Instant wrong : List.of(
                Instant.EPOCH.minusNanos(1), Instant.MIN, Instant.parse("+10000-01-01T00:00:00Z"), Instant.MAX)) {
            assertRefused(Code.INVALID, () -> create("k", Indexes.due(wrong)));
            assertRefused(Code.INVALID, () -> create("k", Indexes.group("g", wrong)));
            assertRefused(Code.INVALID, () -> create("k", wrong));
            assertRefused(Code.INVALID, () -> store.replace(held, VALUE, Indexes.due(wrong), null));
            assertRefused(Code.INVALID, () -> due(wrong));
            assertRefused(Code.INVALID, () -> group("g", wrong));
        }
        assertListed("").containsExactly("held");
        assertHolds(held);
    }
}
