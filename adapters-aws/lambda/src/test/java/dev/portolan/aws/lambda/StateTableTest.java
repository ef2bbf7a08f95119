package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.aws.dynamodb.DynamoDbTable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;

/// The table of `template.yaml` beside the one that the driver asks for.
class StateTableTest {

    private static final Map<?, ?> DEPLOYED = SamTemplate.properties("State");
    private static final CreateTableRequest ASKED = DynamoDbTable.create("state");

    @Test
    void itHasTheKeysThatTheDriverAsksFor() {
        assertThat(DEPLOYED.get("KeySchema")).isEqualTo(keys(ASKED.keySchema()));
        assertThat(DEPLOYED.get("BillingMode")).isEqualTo(ASKED.billingModeAsString());
    }

    @Test
    void itHasTheAttributesThatTheDriverAsksFor() {
        assertThat(DEPLOYED.get("AttributeDefinitions"))
                .isEqualTo(ASKED.attributeDefinitions().stream()
                        .map(attribute -> Map.of(
                                "AttributeName", attribute.attributeName(),
                                "AttributeType", attribute.attributeTypeAsString()))
                        .toList());
    }

    @Test
    void itHasTheIndexesThatTheDriverAsksFor() {
        assertThat(DEPLOYED.get("GlobalSecondaryIndexes"))
                .isEqualTo(ASKED.globalSecondaryIndexes().stream()
                        .map(index -> Map.of(
                                "IndexName", index.indexName(),
                                "KeySchema", keys(index.keySchema()),
                                "Projection",
                                        Map.of(
                                                "ProjectionType",
                                                index.projection().projectionTypeAsString())))
                        .toList());
    }

    @Test
    void whatHasExpiredIsDeletedByTheAttributeThatTheDriverWrites() {
        assertThat(DEPLOYED.get("TimeToLiveSpecification"))
                .isEqualTo(Map.of(
                        "AttributeName",
                        DynamoDbTable.timeToLive("state")
                                .timeToLiveSpecification()
                                .attributeName(),
                        "Enabled",
                        "true"));
    }

    private static List<Map<String, String>> keys(List<KeySchemaElement> elements) {
        return elements.stream()
                .map(element -> Map.of("AttributeName", element.attributeName(), "KeyType", element.keyTypeAsString()))
                .toList();
    }
}
