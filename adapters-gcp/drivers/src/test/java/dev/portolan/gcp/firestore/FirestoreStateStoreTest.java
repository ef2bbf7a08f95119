package dev.portolan.gcp.firestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import dev.portolan.state.StateStore;
import dev.portolan.testing.StateStoreContract;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(FirestoreEmulator.class)
final class FirestoreStateStoreTest extends StateStoreContract {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final byte[] VALUE = {1, 2, 3};

    @Override
    protected StateStore open(InstantSource clock) {
        return new FirestoreStateStore(FirestoreEmulator.collection(), clock, RANDOM);
    }

    @Test
    void theValueLimitLeavesRoomForAllElseInADocument() {
        try (StateStore store = fresh()) {
            assertThat(store.valueLimit()).isEqualTo(1_040_384);
        }
    }

    /// Firestore keeps its update time when a write changes nothing.
    @Test
    void aReplacementByTheSameIsANewRevision() {
        try (StateStore store = fresh()) {
            Entry created = store.create("k", VALUE, Indexes.NONE, null);

            Entry replaced = store.replace(created, VALUE, Indexes.NONE, null);

            assertThat(replaced.revision()).isNotEqualTo(created.revision());
            assertConflict(() -> store.replace(created, VALUE, Indexes.NONE, null));
        }
    }

    /// The emulator takes a document that is not there for one that was last updated in 1970.
    @ParameterizedTest
    @ValueSource(strings = {"t.0.", "t.-1.", "t.1.", "t.1.0", "t.99999999999999999.", "t.1.x", "..", "t.1"})
    void aRevisionThatNobodyGaveIsRefused(String revision) {
        try (StateStore store = fresh()) {
            Entry read = new Entry("free", revision, VALUE, Indexes.NONE, null);

            assertConflict(() -> store.replace(read, VALUE, Indexes.NONE, null));
            assertConflict(() -> store.delete(read));
            assertThat(store.find("free")).isEmpty();
        }
    }

    @Test
    void aRevisionIsEnoughToReplaceAndToExpire() {
        FirestoreCollection where = FirestoreEmulator.collection();
        try (StateStore now = at(where, NOW);
                StateStore later = at(where, NOW.plusMillis(1))) {
            Entry created = now.create("k", VALUE, Indexes.NONE, NOW.plusMillis(1));
            Entry bare = new Entry("k", created.revision(), new byte[0], Indexes.NONE, null);

            assertConflict(() -> later.replace(bare, VALUE, Indexes.NONE, null));
            assertConflict(() -> later.delete(bare));
            now.replace(bare, VALUE, Indexes.NONE, null);
            assertThat(later.find("k")).isPresent();
        }
    }

    @Test
    void pagesOfAllSizesCoverEveryShardInOrder() {
        try (StateStore store = fresh()) {
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                Instant at = NOW.plusMillis(i);
                expected.add("key" + i);
                store.create("key" + i, VALUE, new Indexes(at, "g", at), null);
            }
            for (int limit : new int[] {1, 2, 7, 8, 9, 59, 1000}) {
                assertThat(keys(page -> store.due(NOW.plusMillis(59), page), limit))
                        .as("pages of %d", limit)
                        .containsExactlyElementsOf(expected);
                assertThat(keys(page -> store.group("g", NOW, page), limit))
                        .as("pages of %d", limit)
                        .containsExactlyElementsOf(expected.reversed());
            }
        }
    }

    @Test
    void expiredEntriesShortenPagesAndDoNotEndThem() {
        FirestoreCollection where = FirestoreEmulator.collection();
        try (StateStore store = at(where, NOW);
                StateStore later = at(where, NOW.plusMillis(1))) {
            for (int i = 0; i < 30; i++) {
                Instant expires = i < 25 ? NOW.plusMillis(1) : null;
                store.create("k%02d".formatted(i), VALUE, Indexes.due(NOW.plusMillis(i)), expires);
            }

            assertThat(keys(page -> later.list("", page), 5)).containsExactly("k25", "k26", "k27", "k28", "k29");
            assertThat(keys(page -> later.due(NOW.plusMillis(99), page), 5))
                    .containsExactly("k25", "k26", "k27", "k28", "k29");
        }
    }

    @Test
    void aPageOfLargeValuesEndsEarly() {
        try (StateStore store = fresh()) {
            byte[] large = new byte[store.valueLimit()];
            for (int i = 0; i < 18; i++) {
                store.create("k%02d".formatted(i), large, Indexes.NONE, null);
            }

            Page first = store.list("", Page.Request.first(100));
            assertThat(first.entries()).hasSize(17);
            Page second = store.list("", first.next());
            assertThat(second.entries()).extracting(Entry::key).containsExactly("k17");
            assertThat(second.next()).isNull();
        }
    }

    @Test
    void noKeyStartsWithAPrefixLongerThanAnyKey() {
        try (StateStore store = fresh()) {
            store.create("k".repeat(1024), VALUE, Indexes.NONE, null);

            assertThat(keys(page -> store.list("k".repeat(1024), page), 5)).hasSize(1);
            assertThat(keys(page -> store.list("k".repeat(1025), page), 5)).isEmpty();
            assertThat(keys(page -> store.list("k".repeat(5000), page), 5)).isEmpty();
        }
    }

    @Test
    void aTokenOfAnImpossiblePlaceIsRefused() {
        try (StateStore store = fresh()) {
            for (Place place : List.of(
                    new Place(-1, "k"),
                    new Place(Long.MAX_VALUE, "k"),
                    new Place(0, ""),
                    new Place(0, "k".repeat(1025)))) {
                Page.Request page = new Page.Request(5, place.token());
                for (Runnable listing : List.<Runnable>of(
                        () -> store.list("", page), () -> store.due(NOW, page), () -> store.group("g", NOW, page))) {
                    assertThatThrownBy(listing::run)
                            .isInstanceOfSatisfying(
                                    Failure.class,
                                    failure -> assertThat(failure.code()).isEqualTo(Code.INVALID));
                }
            }
        }
    }

    private static List<String> keys(Function<Page.Request, Page> listing, int limit) {
        List<String> keys = new ArrayList<>();
        for (Page.Request next = Page.Request.first(limit); next != null; ) {
            Page page = listing.apply(next);
            page.entries().forEach(entry -> keys.add(entry.key()));
            next = page.next();
        }
        return keys;
    }

    private static void assertConflict(Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.CONFLICT));
    }

    private static StateStore fresh() {
        return at(FirestoreEmulator.collection(), NOW);
    }

    private static StateStore at(FirestoreCollection where, Instant now) {
        return new FirestoreStateStore(where, InstantSource.fixed(now), RANDOM);
    }
}
