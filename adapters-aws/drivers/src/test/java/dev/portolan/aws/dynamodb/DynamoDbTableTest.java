package dev.portolan.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@Timeout(60)
final class DynamoDbTableTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00.001Z");
    private static final byte[] VALUE = {1, 2, 3};
    private static final Indexes DUE = Indexes.due(NOW);

    private final String table = LocalDynamoDb.table();
    private final DynamoDbStateStore store = store(LocalDynamoDb::client);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void dynamoDbDeletesNoEntryBeforeItHasExpired() {
        store.create("k", VALUE, Indexes.NONE, NOW);

        try (DynamoDbClient client = LocalDynamoDb.client().build()) {
            Map<String, AttributeValue> item = client.getItem(
                            get -> get.tableName(table).key(Map.of(DynamoDbTable.KEY, AttributeValue.fromS("k"))))
                    .item();
            assertThat(item.get("expires_second").n()).isEqualTo(Long.toString(NOW.getEpochSecond() + 1));
            assertThat(client.describeTimeToLive(live -> live.tableName(table))
                            .timeToLiveDescription()
                            .attributeName())
                    .isEqualTo("expires_second");
        }
    }

    @Test
    void twoStoresOverOneTableSeeEachOthersWrites() {
        Entry created = store.create("k", VALUE, Indexes.NONE, null);
        try (DynamoDbStateStore other = store(LocalDynamoDb::client)) {
            Entry replaced = other.replace(created, new byte[0], Indexes.NONE, null);

            assertThat(store.find("k").orElseThrow().revision()).isEqualTo(replaced.revision());
        }
    }

    @Test
    void everyShardTakesItsPart() {
        Map<String, Long> shards = IntStream.range(0, 8000)
                .mapToObj(i -> Order.shard("pipeline:" + i))
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));

        assertThat(shards).hasSize(8);
        assertThat(shards.values()).allMatch(part -> part > 800 && part < 1200);
    }

    @Test
    void entriesOfOneInstantHaveAnOrderOfTheirOwn() {
        assertThat(Order.of(new Place(7, "a"))).isNotEqualTo(Order.of(new Place(7, "b")));
        assertThat(Order.compare(Order.of(new Place(7, "a")), Order.before(8))).isNegative();
        assertThat(Order.compare(Order.before(7), Order.of(new Place(7, "a")))).isNegative();
        assertThat(Order.compare(Order.of(new Place(7, "a")), Order.behind(Order.of(new Place(7, "a")))))
                .isNegative();
    }

    @Test
    void anIndexShowsAtMostAHundredEntriesAtOnceAndAllInTheEnd() {
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 130; i++) {
            created.add(store.create("k" + i, VALUE, Indexes.due(NOW.plusMillis(i)), null)
                    .key());
        }

        Page first = store.due(NOW.plusMillis(130), Page.Request.first(1000));
        Page second = store.due(NOW.plusMillis(130), first.next());

        assertThat(first.entries()).hasSize(100);
        assertThat(second.next()).isNull();
        assertThat(keys(first, second)).containsExactlyElementsOf(created);
    }

    @Test
    void aPageEndsWhereDynamoDbAnswersNoMoreAtOnce() {
        byte[] large = new byte[store.valueLimit()];
        List<String> created = new ArrayList<>();
        for (int i = 0; i < 45; i++) {
            created.add(store.create("k" + i, large, Indexes.due(NOW.plusMillis(i)), null)
                    .key());
        }

        List<Page> pages = new ArrayList<>();
        Page.Request next = Page.Request.first(100);
        while (next != null && pages.size() < created.size()) {
            pages.add(store.due(NOW.plusMillis(45), next));
            next = pages.getLast().next();
        }

        assertThat(pages).hasSizeGreaterThan(1);
        assertThat(next).isNull();
        assertThat(keys(pages.toArray(Page[]::new))).containsExactlyElementsOf(created);
    }

    @Test
    void aPageWhoseFirstEntryIsLeftOutIsAskedForAgain() {
        store.create("a", VALUE, DUE, null);
        store.create("b", VALUE, Indexes.due(NOW.plusMillis(1)), null);
        Faults faults = new Faults("BatchGetItem", leftOut("a"));

        try (DynamoDbStateStore full = store(over(faults))) {
            Page first = full.due(NOW.plusMillis(1), Page.Request.first(7));
            Page second = full.due(NOW.plusMillis(1), first.next());

            assertThat(keys(first)).containsExactly("a");
            assertThat(keys(second)).containsExactly("b");
        }
    }

    @Test
    void aPageOfWhichNothingIsAnsweredIsThrottled() {
        store.create("k", VALUE, DUE, null);
        Faults faults = new Faults("BatchGetItem", leftOut("k"));

        try (DynamoDbStateStore throttled = store(over(faults))) {
            Failure failure = catchThrowableOfType(Failure.class, () -> throttled.due(NOW, Page.Request.first(7)));

            assertThat(failure.code()).isEqualTo(Failure.Code.THROTTLED);
            assertThat(failure.effect()).isEqualTo(Failure.Effect.NONE);
        }
    }

    @Test
    void whatHasMovedSinceTheIndexSawItIsLeftOut() {
        store.create("stays", VALUE, DUE, null);
        Entry later = store.create("later", VALUE, DUE, null);
        Entry gone = store.create("gone", VALUE, DUE, null);
        Faults.Fault moved = Faults.after(() -> {
            store.replace(later, VALUE, Indexes.due(NOW.minusMillis(1)), null);
            store.delete(gone);
        });

        try (DynamoDbStateStore lagging = store(over(new Faults("BatchGetItem", moved)))) {
            assertThat(keys(lagging.due(NOW, Page.Request.first(7)))).containsExactly("stays");
        }
    }

    @Test
    void whatHasLeftItsGroupSinceTheIndexSawItIsLeftOut() {
        store.create("stays", VALUE, Indexes.group("g", NOW), null);
        Entry left = store.create("left", VALUE, Indexes.group("g", NOW), null);
        Faults.Fault moved = Faults.after(() -> store.replace(left, VALUE, Indexes.group("h", NOW), null));

        try (DynamoDbStateStore lagging = store(over(new Faults("BatchGetItem", moved)))) {
            assertThat(keys(lagging.group("g", NOW, Page.Request.first(7)))).containsExactly("stays");
        }
    }

    private static Supplier<DynamoDbClientBuilder> over(Faults faults) {
        return () -> faults.under(LocalDynamoDb.client());
    }

    private DynamoDbStateStore store(Supplier<DynamoDbClientBuilder> client) {
        return new DynamoDbStateStore(table, client, InstantSource.fixed(NOW.minusSeconds(1)), new SecureRandom());
    }

    /// DynamoDB answers nothing, and says that one key is left.
    private Faults.Fault leftOut(String key) {
        return Faults.answered(
                200,
                "{\"Responses\":{},\"UnprocessedKeys\":{\"" + table + "\":{\"Keys\":[{\"entry_key\":{\"S\":\"" + key
                        + "\"}}]}}}",
                Map.of());
    }

    private static List<String> keys(Page... pages) {
        return List.of(pages).stream()
                .flatMap(page -> page.entries().stream())
                .map(Entry::key)
                .toList();
    }
}
