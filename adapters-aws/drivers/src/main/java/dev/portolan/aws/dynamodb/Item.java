package dev.portolan.aws.dynamodb;

import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Place;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An entry as the attributes of an item, and back.
final class Item {

    /// What a group's instants are counted down from, so that the latest comes first.
    private static final long LAST = Long.MAX_VALUE - 1;

    private static final long MILLIS = 1000;

    private Item() {}

    /// The item of an entry whose instants are cut to the millisecond.
    static Map<String, AttributeValue> of(Entry entry) {
        Map<String, AttributeValue> item = new HashMap<>();
        item.put(DynamoDbTable.KEY, text(entry.key()));
        item.put(DynamoDbTable.REVISION, text(entry.revision()));
        item.put(DynamoDbTable.VALUE, bytes(SdkBytes.fromByteArray(entry.value())));
        Indexes indexes = entry.indexes();
        if (indexes.due() != null) {
            item.put(DynamoDbTable.DUE_SHARD, text(Order.shard(entry.key())));
            item.put(
                    DynamoDbTable.DUE_ORDER,
                    bytes(Order.of(new Place(indexes.due().toEpochMilli(), entry.key()))));
        }
        if (indexes.group() != null && indexes.at() != null) {
            item.put(DynamoDbTable.GROUP_SHARD, text(Order.shard(entry.key()) + indexes.group()));
            item.put(
                    DynamoDbTable.GROUP_ORDER,
                    bytes(Order.of(new Place(latestFirst(indexes.at().toEpochMilli()), entry.key()))));
        }
        if (entry.expiresAt() != null) {
            long milli = entry.expiresAt().toEpochMilli();
            item.put(DynamoDbTable.EXPIRES, number(milli));
            item.put(DynamoDbTable.TIME_TO_LIVE, number(Math.ceilDiv(milli, MILLIS)));
        }
        return item;
    }

    /// The entry of an item.
    ///
    /// @throws Failure `FAILED_PRECONDITION` if somebody else wrote it
    static Entry entry(Map<String, AttributeValue> item) {
        AttributeValue due = item.get(DynamoDbTable.DUE_ORDER);
        AttributeValue group = item.get(DynamoDbTable.GROUP_SHARD);
        Indexes indexes = new Indexes(
                due == null ? null : Instant.ofEpochMilli(Order.rank(due.b())),
                group == null ? null : group.s().substring(1),
                group == null
                        ? null
                        : Instant.ofEpochMilli(latestFirst(Order.rank(
                                value(item, DynamoDbTable.GROUP_ORDER).b()))));
        return new Entry(
                value(item, DynamoDbTable.KEY).s(),
                value(item, DynamoDbTable.REVISION).s(),
                value(item, DynamoDbTable.VALUE).b().asByteArray(),
                indexes,
                expiresAt(item));
    }

    /// The rank of an instant in a group, in milliseconds since 1970; or the instant of a rank.
    static long latestFirst(long milli) {
        return LAST - milli;
    }

    static boolean expired(Map<String, AttributeValue> item, Instant now) {
        Instant expiresAt = expiresAt(item);
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    /// An attribute that every item of ours has.
    static AttributeValue value(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        if (value == null) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "an item of the table has no attribute " + name
                            + ": another program writes to it; give Portolan a table of its own");
        }
        return value;
    }

    static AttributeValue text(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue bytes(SdkBytes bytes) {
        return AttributeValue.fromB(bytes);
    }

    static AttributeValue number(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    private static @Nullable Instant expiresAt(Map<String, AttributeValue> item) {
        AttributeValue milli = item.get(DynamoDbTable.EXPIRES);
        return milli == null ? null : Instant.ofEpochMilli(Long.parseLong(milli.n()));
    }
}
