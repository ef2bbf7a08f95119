package dev.portolan.aws.dynamodb;

import dev.portolan.aws.client.Attempts;
import dev.portolan.aws.client.Calls;
import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.Resource;
import dev.portolan.driver.Driver;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Limits;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/// Keeps entries in a table of DynamoDB, as [DynamoDbTable] describes it.
///
/// A revision is a random number of 128 bits, made anew for every write. It says whose write an entry is,
/// too: when the SDK repeats a write whose answer was lost, and the condition fails, the entry that stands
/// there tells whether it is this very write. A deleted entry can tell nothing: a repeated [#delete] that
/// finds no entry after a lost answer fails with `UNAVAILABLE` and effect `UNKNOWN`.
///
/// [#find], [#list] and the conditions of writes are strongly consistent. [#list] reads the whole table,
/// whatever the prefix: one read unit for 4 KB, and so about 262,000 for 1 GB. A page of it looks at 1,000
/// items or 1 MB, so large pages cost less. [#due] and [#group] show what the indexes knew a moment ago, as
/// far as it still holds, at most 100 entries a page.
public final class DynamoDbStateStore implements StateStore {

    /// DynamoDB's limit is 400 KB for all attributes with their names; the longest key and group leave more
    /// than this.
    static final int VALUE_LIMIT = 396 * 1024;

    /// How many items a page of a listing by prefix looks at.
    private static final int SCANNED = 1000;

    private static final String LIVES =
            "(attribute_not_exists(" + DynamoDbTable.EXPIRES + ") OR " + DynamoDbTable.EXPIRES + " > :now)";
    private static final String FREE =
            "attribute_not_exists(" + DynamoDbTable.KEY + ") OR " + DynamoDbTable.EXPIRES + " <= :now";
    private static final String UNCHANGED = DynamoDbTable.REVISION + " = :read AND " + LIVES;

    private final String table;
    private final Calls<DynamoDbClient> calls;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final IndexListing due;
    private final IndexListing group;

    /// A store over a table that exists.
    ///
    /// @param client how to make the client, once it is needed; the store closes it
    /// @param random the source of revisions: no two processes may be given the same numbers
    public DynamoDbStateStore(
            String table, Supplier<DynamoDbClientBuilder> client, InstantSource clock, RandomGenerator random) {
        this.table = table;
        this.calls = new Calls<>(new Resource(Resource.Service.DYNAMODB, "table", table), client);
        this.clock = clock;
        this.random = random;
        this.due = new IndexListing(table, calls, DynamoDbTable.DUE, DynamoDbTable.DUE_SHARD, DynamoDbTable.DUE_ORDER);
        this.group = new IndexListing(
                table, calls, DynamoDbTable.GROUP, DynamoDbTable.GROUP_SHARD, DynamoDbTable.GROUP_ORDER);
    }

    /// A store over a table of the account and region that AWS's own tools would take.
    static DynamoDbStateStore open(String table, Driver.Host host) {
        return new DynamoDbStateStore(
                table, () -> LightClients.light(DynamoDbClient.builder()), host.clock(), host.random());
    }

    @Override
    public Optional<Entry> find(String key) {
        Limits.key(key);
        Map<String, AttributeValue> item = calls.read((client, attempts) -> client.getItem(get -> get.tableName(table)
                        .key(key(key))
                        .consistentRead(true)
                        .overrideConfiguration(attempts.watched())))
                .item();
        return item.isEmpty() || Item.expired(item, clock.instant()) ? Optional.empty() : Optional.of(Item.entry(item));
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Entry entry = entry(key, value, indexes, expiresAt);
        return put(entry, FREE, Map.of(":now", now()), "the key holds an entry already");
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Entry entry = entry(read.key(), value, indexes, expiresAt);
        return put(entry, UNCHANGED, unchanged(read), "the entry has changed or gone since it was read");
    }

    @Override
    public void delete(Entry read) {
        Limits.key(read.key());
        calls.write((client, attempts) -> {
            try {
                return client.deleteItem(delete -> delete.tableName(table)
                        .key(key(read.key()))
                        .conditionExpression(UNCHANGED)
                        .expressionAttributeValues(unchanged(read))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .overrideConfiguration(attempts.watched()));
            } catch (ConditionalCheckFailedException e) {
                if (e.item().isEmpty() && attempts.effect() == Effect.UNKNOWN) {
                    throw new Failure(
                                    Code.UNAVAILABLE,
                                    "an answer of DynamoDB was lost, and the entry is gone: by this call, or by "
                                            + "another",
                                    e)
                            .withEffect(Effect.UNKNOWN);
                }
                throw conflict("the entry has changed or gone since it was read", e, attempts);
            }
        });
    }

    @Override
    public Page list(String prefix, Page.Request page) {
        Limits.text(prefix);
        Map<String, AttributeValue> values = new HashMap<>(Map.of(":now", now()));
        ScanRequest.Builder scan = ScanRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .filterExpression(LIVES)
                .limit(page.limit());
        if (!prefix.isEmpty()) {
            values.put(":prefix", Item.text(prefix));
            scan.filterExpression("begins_with(" + DynamoDbTable.KEY + ", :prefix) AND " + LIVES)
                    .limit(SCANNED);
        }
        Place after = Place.of(page.after());
        if (after != null) {
            Limits.key(after.key());
            scan.exclusiveStartKey(key(after.key()));
        }
        ScanResponse answer = calls.read((client, attempts) -> client.scan(scan.expressionAttributeValues(values)
                .overrideConfiguration(attempts.watched())
                .build()));
        List<Entry> entries =
                answer.items().stream().limit(page.limit()).map(Item::entry).toList();
        if (entries.size() < answer.items().size()) {
            return new Page(entries, next(entries.getLast().key(), page));
        }
        Map<String, AttributeValue> last = answer.lastEvaluatedKey();
        return new Page(
                entries,
                last.isEmpty() ? null : next(Item.value(last, DynamoDbTable.KEY).s(), page));
    }

    @Override
    public Page due(Instant before, Page.Request page) {
        return due.page("", Limits.milli(before), page, clock.instant());
    }

    @Override
    public Page group(String group, Instant since, Page.Request page) {
        Limits.key(group);
        return this.group.page(group, Item.latestFirst(Limits.milli(since)), page, clock.instant());
    }

    @Override
    public int valueLimit() {
        return VALUE_LIMIT;
    }

    @Override
    public void close() {
        calls.close();
    }

    private Entry put(Entry entry, String condition, Map<String, AttributeValue> values, String conflict) {
        return calls.write((client, attempts) -> {
            try {
                client.putItem(put -> put.tableName(table)
                        .item(Item.of(entry))
                        .conditionExpression(condition)
                        .expressionAttributeValues(values)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)
                        .overrideConfiguration(attempts.watched()));
            } catch (ConditionalCheckFailedException e) {
                if (!Item.text(entry.revision()).equals(e.item().get(DynamoDbTable.REVISION))) {
                    throw conflict(conflict, e, attempts);
                }
            }
            return entry;
        });
    }

    private Entry entry(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Limits.key(key);
        Limits.value(value, VALUE_LIMIT);
        HexFormat hex = HexFormat.of();
        String revision = hex.toHexDigits(random.nextLong()) + hex.toHexDigits(random.nextLong());
        return new Entry(key, revision, value.clone(), Limits.indexes(indexes), Limits.instant(expiresAt));
    }

    private Map<String, AttributeValue> unchanged(Entry read) {
        return Map.of(":read", Item.text(read.revision()), ":now", now());
    }

    private AttributeValue now() {
        return Item.number(clock.millis());
    }

    /// After an attempt whose answer was lost, the write may have happened before somebody else's.
    private static Failure conflict(String message, ConditionalCheckFailedException e, Attempts attempts) {
        return new Failure(Code.CONFLICT, message, e).withEffect(attempts.effect());
    }

    private static Map<String, AttributeValue> key(String key) {
        return Map.of(DynamoDbTable.KEY, Item.text(key));
    }

    private static Page.Request next(String key, Page.Request page) {
        return new Page.Request(page.limit(), new Place(0, key).token());
    }
}
