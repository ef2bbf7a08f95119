package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The part of the contract that is about [StateStore#list], [StateStore#due] and [StateStore#group].
abstract class StateStoreListings extends StoreFixture {

    private static final String LAST = "\udbff\udfff";

    @Test
    void listShowsEachEntryAsItIs() {
        Entry created = store.create("a", VALUE, new Indexes(START, "g", START), START.plusSeconds(9));

        assertThat(list("")).usingRecursiveFieldByFieldElementComparator().containsExactly(created);
    }

    @Test
    void indexesShowEachEntryAsItIs() throws InterruptedException {
        Entry created = store.create("a", VALUE, new Indexes(START, "g", START), START.plusSeconds(9));

        awaitIndex(() -> {
            assertThat(due(START)).usingRecursiveFieldByFieldElementComparator().containsExactly(created);
            assertThat(group("g", START))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(created);
        });
    }

    @Test
    void listShowsEveryWriteThatReturned() {
        Entry gone = create("gone");
        Entry changed = create("changed");
        store.delete(gone);
        Entry now = store.replace(changed, bytes("new"), Indexes.NONE, null);

        assertThat(list("")).usingRecursiveFieldByFieldElementComparator().containsExactly(now);
    }

    @Test
    void listTakesPrefixesLiterally() {
        for (String key : List.of("a%b", "a%c", "axb", "a_b", "a*b", "a?b", "a[x]b", "a\\b", "A%b", "b", "a")) {
            create(key);
        }

        assertListed("a%").containsExactlyInAnyOrder("a%b", "a%c");
        assertListed("a_").containsExactly("a_b");
        assertListed("a*").containsExactly("a*b");
        assertListed("a?").containsExactly("a?b");
        assertListed("a[x]").containsExactly("a[x]b");
        assertListed("a\\").containsExactly("a\\b");
        assertListed("b").containsExactly("b");
        assertListed("c").isEmpty();
        assertListed("").hasSize(11);
    }

    @Test
    void listTakesPrefixesThatEndInTheLastCharacters() {
        List<String> keys = List.of(
                "a",
                "a" + LAST,
                "a" + LAST + "b",
                "a" + LAST + LAST,
                "a\uffff",
                "a\uffffb",
                "a\ud83d\ude00",
                "a\u007f",
                "b",
                LAST,
                LAST + LAST,
                "\uffff");
        keys.forEach(this::create);

        assertListed("a" + LAST).containsExactlyInAnyOrder("a" + LAST, "a" + LAST + "b", "a" + LAST + LAST);
        assertListed("a\uffff").containsExactlyInAnyOrder("a\uffff", "a\uffffb");
        assertListed("a\u007f").containsExactly("a\u007f");
        assertListed(LAST).containsExactlyInAnyOrder(LAST, LAST + LAST);
        assertListed("").containsExactlyInAnyOrderElementsOf(keys);
    }

    @Test
    void listKeepsAwkwardPrefixesApart() {
        AWKWARD.forEach(this::create);

        for (String prefix : AWKWARD) {
            List<String> expected =
                    AWKWARD.stream().filter(key -> key.startsWith(prefix)).toList();
            assertListed(prefix).containsExactlyInAnyOrderElementsOf(expected);
        }
    }

    @Test
    void pagesCoverWhatStaysExactlyOnceWhileOthersComeAndGo() {
        Set<String> staying = new TreeSet<>();
        for (int i = 0; i < 25; i++) {
            String key = "k%02d".formatted(i);
            staying.add(key);
            create(key);
            create(key + "-leaving");
        }
        List<String> seen = new ArrayList<>();
        Page.Request next = Page.Request.first(7);
        for (int pages = 0; next != null && pages < 100; pages++) {
            Page page = store.list("k", next);
            assertThat(page.entries()).hasSizeLessThanOrEqualTo(7);
            seen.addAll(keys(page.entries()));
            next = page.next();

            create("k-coming" + pages);
            create("kz-coming" + pages);
            store.find("k%02d-leaving".formatted(pages)).ifPresent(store::delete);
            store.find("k%02d-leaving".formatted(24 - pages)).ifPresent(store::delete);
            store.find("k%02d".formatted(pages)).ifPresent(read -> store.replace(read, VALUE, Indexes.NONE, null));
        }

        assertThat(next).as("what follows the last page").isNull();
        assertThat(seen).doesNotHaveDuplicates();
        assertThat(seen.stream().filter(staying::contains)).containsExactlyInAnyOrderElementsOf(staying);
    }

    @Test
    void aPageMayAskForOneEntryOrAThousand() {
        for (int i = 0; i < 5; i++) {
            create("k" + i);
        }

        assertThat(all(page -> store.list("", page), 1)).hasSize(5);
        assertThat(all(page -> store.list("", page), 1000)).hasSize(5);
    }

    @Test
    void aTokenThatNoPageGaveIsRefused() {
        create("a");
        for (String token : List.of("", "a", "no token", "\u00e9", "MTIz")) {
            Page.Request page = new Page.Request(7, token);
            assertRefused(Failure.Code.INVALID, () -> store.list("", page));
            assertRefused(Failure.Code.INVALID, () -> store.due(START, page));
            assertRefused(Failure.Code.INVALID, () -> store.group("g", START, page));
        }
    }

    @Test
    void dueShowsTheLongestOverdueFirstUpToTheBoundInclusive() throws InterruptedException {
        create("c", Indexes.due(START.plusMillis(2)));
        create("late", Indexes.due(START.plusMillis(3)));
        create("b", Indexes.due(START));
        create("never");
        create("a", Indexes.due(START.plusMillis(1)));
        create("z", Indexes.due(Instant.EPOCH));

        awaitKeys(() -> due(START.plusMillis(2)), "z", "b", "a", "c");
        awaitKeys(() -> due(START.plusMillis(1)), "z", "b", "a");
        awaitKeys(() -> due(Instant.EPOCH), "z");
    }

    @Test
    void duePagesCoverEqualInstantsExactlyOnce() throws InterruptedException {
        create("first", Indexes.due(START.minusMillis(1)));
        List<String> same = createTogether(Indexes.due(START));
        create("last", Indexes.due(START.plusMillis(1)));

        awaitIndex(() -> assertFirstSameLast(due(START.plusMillis(1)), same));
    }

    @Test
    void groupPagesCoverEqualInstantsExactlyOnce() throws InterruptedException {
        create("first", Indexes.group("g", START.plusMillis(1)));
        List<String> same = createTogether(Indexes.group("g", START));
        create("last", Indexes.group("g", START.minusMillis(1)));

        awaitIndex(() -> assertFirstSameLast(group("g", START.minusMillis(1)), same));
    }

    @Test
    void anEntryLeavesTheIndexesWhenItIsReplacedWithoutThem() throws InterruptedException {
        Indexes both = new Indexes(START, "g", START);
        Entry left = create("left", both);
        create("kept", both);

        store.replace(left, VALUE, Indexes.NONE, null);

        awaitKeys(() -> due(START), "kept");
        awaitKeys(() -> group("g", Instant.EPOCH), "kept");
    }

    @Test
    void anEntryMovesInTheIndexesWhenItIsReplaced() throws InterruptedException {
        Entry moved = create("moved", new Indexes(START, "g", START));

        store.replace(moved, VALUE, new Indexes(START.plusSeconds(1), "h", START.plusSeconds(2)), null);

        awaitKeys(() -> due(START));
        awaitKeys(() -> due(START.plusSeconds(1)), "moved");
        awaitKeys(() -> group("g", Instant.EPOCH));
        awaitKeys(() -> group("h", START.plusSeconds(2)), "moved");
    }

    @Test
    void anEntryLeavesTheIndexesWhenItIsDeleted() throws InterruptedException {
        Entry deleted = create("deleted", new Indexes(START, "g", START));

        store.delete(deleted);

        awaitKeys(() -> due(START));
        awaitKeys(() -> group("g", Instant.EPOCH));
    }

    @Test
    void groupShowsTheLatestFirstDownToTheBoundInclusive() throws InterruptedException {
        create("b", Indexes.group("g", START));
        create("a", Indexes.group("g", START.plusMillis(1)));
        create("c", Indexes.group("g", START.minusMillis(1)));
        create("d", Indexes.group("g", Instant.EPOCH));
        create("none");

        awaitKeys(() -> group("g", Instant.EPOCH), "a", "b", "c", "d");
        awaitKeys(() -> group("g", START), "a", "b");
        awaitKeys(() -> group("g", START.plusMillis(2)));
    }

    @Test
    void groupsWithAwkwardNamesAreKeptApart() throws InterruptedException {
        for (int i = 0; i < AWKWARD.size(); i++) {
            create("k" + i, Indexes.group(AWKWARD.get(i), START));
        }

        for (int i = 0; i < AWKWARD.size(); i++) {
            String name = AWKWARD.get(i);
            awaitKeys(() -> group(name, Instant.EPOCH), "k" + i);
        }
    }

    @Test
    void theGroupsOfAwkwardKeysAndTheirDuesAreShown() throws InterruptedException {
        AWKWARD.forEach(key -> create(key, new Indexes(START, "g", START)));

        awaitIndex(() -> assertThat(keys(due(START))).containsExactlyInAnyOrderElementsOf(AWKWARD));
        awaitIndex(() -> assertThat(keys(group("g", START))).containsExactlyInAnyOrderElementsOf(AWKWARD));
    }

    private List<String> createTogether(Indexes indexes) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            keys.add(create("same" + i, indexes).key());
        }
        return keys;
    }

    private static void assertFirstSameLast(List<Entry> shown, List<String> same) {
        List<String> keys = keys(shown);
        assertThat(keys).hasSize(same.size() + 2).startsWith("first").endsWith("last");
        assertThat(keys.subList(1, keys.size() - 1)).containsExactlyInAnyOrderElementsOf(same);
    }
}
