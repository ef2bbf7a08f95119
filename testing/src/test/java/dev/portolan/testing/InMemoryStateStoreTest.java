package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class InMemoryStateStoreTest extends StateStoreContract {

    private static final Indexes BOTH = new Indexes(START, "g", START);

    @Override
    protected StateStore open(InstantSource clock) {
        return new InMemoryStateStore(clock);
    }

    @Test
    void laggingIndexesMissWhatIsCreated() {
        lagging();

        create("new", BOTH);

        assertThat(due(START)).isEmpty();
        assertThat(group("g", START)).isEmpty();
        assertListed("").containsExactly("new");
    }

    @Test
    void laggingIndexesShowEntriesAsTheyWere() {
        Entry before = create("k", BOTH);
        lagging();

        Entry after = store.replace(before, bytes("new"), Indexes.NONE, null);

        assertThat(due(START)).usingRecursiveFieldByFieldElementComparator().containsExactly(before);
        assertThat(group("g", START))
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(before);
        assertHolds(after);
    }

    @Test
    void laggingIndexesShowWhatIsDeleted() {
        Entry gone = create("gone", BOTH);
        lagging();

        store.delete(gone);

        assertThat(due(START)).usingRecursiveFieldByFieldElementComparator().containsExactly(gone);
        assertThat(store.find("gone")).isEmpty();
    }

    @Test
    void laggingIndexesHideWhatHasExpired() {
        create("k", START.plusMillis(1));
        lagging();

        at(START.plusMillis(1));

        assertThat(due(START)).isEmpty();
        assertThat(group("group", START)).isEmpty();
    }

    @Test
    void settledIndexesCatchUpAndKeepUp() {
        InMemoryStateStore lagging = lagging();
        create("first", BOTH);

        lagging.settleIndexes();
        create("second", BOTH);

        assertThat(keys(due(START))).containsExactlyInAnyOrder("first", "second");
        assertThat(keys(group("g", Instant.EPOCH))).containsExactlyInAnyOrder("first", "second");
    }

    @Test
    void theValueLimitIsDynamoDbsUnlessSaid() {
        assertThat(store.valueLimit()).isEqualTo(405_504);
        assertThat(new InMemoryStateStore(InstantSource.system(), 5).valueLimit())
                .isEqualTo(5);
    }

    private InMemoryStateStore lagging() {
        InMemoryStateStore lagging = (InMemoryStateStore) store;
        lagging.lagIndexes();
        return lagging;
    }
}
