package dev.portolan.aws.dynamodb;

import dev.portolan.aws.client.Calls;
import dev.portolan.aws.client.Resource;
import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/// Reads an index: asks all of its shards, merges what they answer, and fetches the entries themselves.
///
/// An index shows where entries stood a moment ago. The entries are read consistently, and one that stands
/// elsewhere by now, or is gone, is left out.
final class IndexListing {

    /// Most items that one call may fetch by key.
    private static final int BATCH = 100;

    /// A row of an index.
    private record Row(String key, String shard, SdkBytes order) {}

    private final String table;
    private final Calls<DynamoDbClient> calls;
    private final Resource resource;
    private final String index;
    private final String shard;
    private final String order;

    /// @param shard the attribute that the index is split by
    /// @param order the attribute that a shard is ordered by
    IndexListing(String table, Calls<DynamoDbClient> calls, String index, String shard, String order) {
        this.table = table;
        this.calls = calls;
        this.resource = new Resource(Resource.Service.DYNAMODB, "index", index + " of the table " + table);
        this.index = index;
        this.shard = shard;
        this.order = order;
    }

    /// The entries of a name up to a rank, lowest rank first.
    ///
    /// @param name what follows the shard's own character in the index's hash key
    /// @param last the highest rank; less than the largest number
    Page page(String name, long last, Page.Request request, Instant now) {
        Place after = Place.of(request.after());
        SdkBytes from = after == null ? Order.before(0) : Order.behind(Order.of(after));
        SdkBytes to = Order.before(last + 1);
        if (Order.compare(from, to) >= 0) {
            return new Page(List.of(), null);
        }
        int limit = Math.min(request.limit(), BATCH);
        List<Row> rows = new ArrayList<>();
        SdkBytes known = to;
        boolean more = false;
        for (int number = 0; number < DynamoDbTable.SHARDS; number++) {
            QueryResponse answer = query(Order.shard(number) + name, from, to, limit);
            answer.items().forEach(item -> rows.add(row(item)));
            if (answer.hasLastEvaluatedKey() && !answer.lastEvaluatedKey().isEmpty()) {
                more = true;
                SdkBytes end = row(answer.lastEvaluatedKey()).order();
                known = Order.compare(end, known) < 0 ? end : known;
            }
        }
        SdkBytes end = known;
        rows.removeIf(row -> Order.compare(row.order(), end) > 0);
        rows.sort(Comparator.comparing(Row::order, Order::compare));
        if (rows.size() > limit) {
            more = true;
            rows.subList(limit, rows.size()).clear();
        }
        return rows.isEmpty() ? new Page(List.of(), null) : fetch(rows, more, request.limit(), now);
    }

    private QueryResponse query(String hash, SdkBytes from, SdkBytes to, int limit) {
        return calls.read(
                resource,
                (client, attempts) -> client.query(query -> query.tableName(table)
                        .indexName(index)
                        .keyConditionExpression(shard + " = :shard AND " + order + " BETWEEN :from AND :to")
                        .expressionAttributeValues(
                                Map.of(":shard", Item.text(hash), ":from", Item.bytes(from), ":to", Item.bytes(to)))
                        .limit(limit)
                        .overrideConfiguration(attempts.watched())));
    }

    /// A page of the entries of rows. It ends early where DynamoDB has answered as much as it does at once;
    /// which of the entries it leaves out is its own choice.
    private Page fetch(List<Row> rows, boolean more, int limit, Instant now) {
        List<Map<String, AttributeValue>> keys = rows.stream()
                .map(Row::key)
                .distinct()
                .map(key -> Map.of(DynamoDbTable.KEY, Item.text(key)))
                .toList();
        KeysAndAttributes wanted =
                KeysAndAttributes.builder().keys(keys).consistentRead(true).build();
        BatchGetItemResponse answer = calls.read((client, attempts) -> client.batchGetItem(
                batch -> batch.requestItems(Map.of(table, wanted)).overrideConfiguration(attempts.watched())));
        Map<String, Map<String, AttributeValue>> found = new HashMap<>();
        answer.responses().values().forEach(items -> items.forEach(item -> found.put(key(item), item)));
        List<String> left = answer.unprocessedKeys().values().stream()
                .flatMap(unprocessed -> unprocessed.keys().stream())
                .map(IndexListing::key)
                .toList();
        if (left.size() == keys.size()) {
            throw new Failure(Failure.Code.THROTTLED, "DynamoDB has too many calls for the table " + table);
        }
        if (left.contains(rows.getFirst().key())) {
            return fetch(rows.subList(0, rows.size() / 2), true, limit, now);
        }
        List<Entry> entries = new ArrayList<>();
        Row last = rows.getFirst();
        for (Row row : rows) {
            if (left.contains(row.key())) {
                return new Page(entries, next(last, limit));
            }
            last = row;
            Map<String, AttributeValue> item = found.get(row.key());
            if (item != null && stands(row, item) && !Item.expired(item, now)) {
                entries.add(Item.entry(item));
            }
        }
        return new Page(entries, more ? next(last, limit) : null);
    }

    private boolean stands(Row row, Map<String, AttributeValue> item) {
        return Item.text(row.shard()).equals(item.get(shard))
                && Item.bytes(row.order()).equals(item.get(order));
    }

    private Row row(Map<String, AttributeValue> item) {
        return new Row(
                key(item), Item.value(item, shard).s(), Item.value(item, order).b());
    }

    private static String key(Map<String, AttributeValue> item) {
        return Item.value(item, DynamoDbTable.KEY).s();
    }

    private static Page.Request next(Row last, int limit) {
        return new Page.Request(limit, new Place(Order.rank(last.order()), last.key()).token());
    }
}
