package coldstart;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Reads and writes as often, as much and on the same conditions as Portolan does for its welcome pipeline. */
public final class Handler implements RequestStreamHandler {

    private final ObjectMapper json = JsonMapper.builder().build();
    private final DynamoDbClient client = DynamoDbClient.create();
    private final String table = System.getenv("TABLE");
    private final Function<Map<String, Object>, Map<String, Object>> validate = new Validate();
    private final Function<Map<String, Object>, Map<String, Object>> enrich = new Enrich();
    private final Function<Map<String, Object>, Map<String, Object>> send = new Notify();

    @Override
    @SuppressWarnings("unchecked")
    public void handleRequest(InputStream in, OutputStream out, Context context) {
        Map<String, Object> value = json.readValue(in, Map.class);
        String key = "execution:welcome:" + context.getAwsRequestId();
        if (!find(key).isEmpty()) {
            throw new IllegalStateException("delivered twice");
        }
        String read = write(key, null, "RUN", 0, value);
        value = validate.apply(value);
        read = write(key, read, "RUN", 1, value);
        value = enrich.apply(value);
        byte[] profile = find("profile:" + value.get("email")).get("content").b().asByteArray();
        value.putAll(json.readValue(profile, Map.class));
        read = write(key, read, "RUN", 2, value);
        read = write(key, read, "ONCE", 2, value);
        value = send.apply(value);
        write(key, read, "DONE", 3, value);
        json.writeValue(out, value);
    }

    private Map<String, AttributeValue> find(String key) {
        return client.getItem(get -> get.tableName(table)
                        .key(Map.of("entry_key", AttributeValue.fromS(key)))
                        .consistentRead(true))
                .item();
    }

    private String write(String key, String read, String status, int cursor, Map<String, Object> value) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("v", 1);
        content.put("status", status);
        content.put("definition", "7f8a4c01d2b36e59a0c4f1e2d3b4a5968778695a4b3c2d1e0f1a2b3c4d5e6f70");
        content.put("started", System.currentTimeMillis());
        content.put("cursor", cursor);
        content.put("value", value);
        String revision = UUID.randomUUID().toString();
        // The same in every write: no index is moved before the end.
        byte[] order = Arrays.copyOf(key.getBytes(StandardCharsets.UTF_8), 40);
        Map<String, AttributeValue> item = new HashMap<>();
        item.put("entry_key", AttributeValue.fromS(key));
        item.put("revision", AttributeValue.fromS(revision));
        item.put("content", AttributeValue.fromB(SdkBytes.fromByteArray(json.writeValueAsBytes(content))));
        item.put("group_shard", AttributeValue.fromS("1welcome"));
        item.put("group_order", AttributeValue.fromB(SdkBytes.fromByteArray(order)));
        if (!status.equals("DONE")) {
            item.put("due_shard", AttributeValue.fromS("1"));
            item.put("due_order", AttributeValue.fromB(SdkBytes.fromByteArray(order)));
        }
        client.putItem(put -> {
            put.tableName(table).item(item);
            if (read == null) {
                put.conditionExpression("attribute_not_exists(entry_key)");
            } else {
                put.conditionExpression("revision = :read")
                        .expressionAttributeValues(Map.of(":read", AttributeValue.fromS(read)));
            }
        });
        return revision;
    }
}
