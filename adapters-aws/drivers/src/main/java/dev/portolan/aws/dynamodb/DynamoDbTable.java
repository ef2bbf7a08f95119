package dev.portolan.aws.dynamodb;

import java.util.List;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;

/// The table that [DynamoDbStateStore] keeps its entries in.
///
/// An item is an entry; its partition key is the entry's key as text, so that a policy can be bounded by
/// `dynamodb:LeadingKeys` and a person can read the table. The indexes hold keys only: a write that leaves
/// `due`, group and place alone touches neither, whatever the size of the value, and one that changes them
/// moves a small row.
public final class DynamoDbTable {

    /// Into how many parts each index is split, since all entries share the index `due` and perhaps one
    /// group. DynamoDB takes 1,000 writes a second to one index key, and refuses writes to the table above
    /// that; moving an entry is two. The number may be raised later: what was written before is found in the
    /// first of the new parts. It must not be lowered.
    public static final int SHARDS = 8;

    static final String KEY = "entry_key";
    static final String REVISION = "revision";
    static final String VALUE = "content";
    static final String EXPIRES = "expires_milli";

    /// Seconds since 1970, rounded up: DynamoDB must not delete what has not expired.
    static final String TIME_TO_LIVE = "expires_second";

    /// The index of what is due: a shard, and in it the instant and the key's hash.
    static final String DUE = "due";

    static final String DUE_SHARD = "due_shard";
    static final String DUE_ORDER = "due_order";

    /// The index of groups: a shard and the group's name, and in it the instant, latest first, and the key's
    /// hash.
    static final String GROUP = "group";

    static final String GROUP_SHARD = "group_shard";
    static final String GROUP_ORDER = "group_order";

    private DynamoDbTable() {}

    /// What makes the table, with its indexes, paid for by request. Expired entries stay in it until
    /// [#timeToLive] is asked for too.
    public static CreateTableRequest create(String table) {
        return CreateTableRequest.builder()
                .tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        attribute(KEY, ScalarAttributeType.S),
                        attribute(DUE_SHARD, ScalarAttributeType.S),
                        attribute(DUE_ORDER, ScalarAttributeType.B),
                        attribute(GROUP_SHARD, ScalarAttributeType.S),
                        attribute(GROUP_ORDER, ScalarAttributeType.B))
                .keySchema(element(KEY, KeyType.HASH))
                .globalSecondaryIndexes(index(DUE, DUE_SHARD, DUE_ORDER), index(GROUP, GROUP_SHARD, GROUP_ORDER))
                .build();
    }

    /// What lets DynamoDB delete expired entries, hours or days after they count as absent.
    public static UpdateTimeToLiveRequest timeToLive(String table) {
        return UpdateTimeToLiveRequest.builder()
                .tableName(table)
                .timeToLiveSpecification(
                        time -> time.attributeName(TIME_TO_LIVE).enabled(true))
                .build();
    }

    private static GlobalSecondaryIndex index(String name, String shard, String order) {
        return GlobalSecondaryIndex.builder()
                .indexName(name)
                .keySchema(List.of(element(shard, KeyType.HASH), element(order, KeyType.RANGE)))
                .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                .build();
    }

    private static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    private static KeySchemaElement element(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
