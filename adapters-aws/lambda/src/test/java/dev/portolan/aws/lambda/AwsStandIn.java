package dev.portolan.aws.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portolan.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Answers the calls of AWS's clients on the loopback address, and writes down which were made. It checks no
/// conditions, no signatures and no rights: it is for finding out what a function calls.
final class AwsStandIn implements AutoCloseable {

    private static final Json JSON = new Json();

    /// The table's items, by their keys.
    private final Map<String, Map<?, ?>> items = new ConcurrentHashMap<>();

    private final Set<String> calls = new ConcurrentSkipListSet<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile boolean refusesMail;

    AwsStandIn() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /// Puts an entry into the table.
    void store(String key, String content) {
        items.put(
                key,
                Map.of(
                        "entry_key", Map.of("S", key),
                        "revision", Map.of("S", "1"),
                        "content", Map.of("B", Base64.getEncoder().encodeToString(content.getBytes(UTF_8)))));
    }

    /// Whether mail is rejected from now on.
    void refuseMail(boolean refuses) {
        refusesMail = refuses;
    }

    /// The calls since it was asked last, as `function-calls.tsv` has them: operation, resource, and what the key
    /// begins with.
    Set<String> calls() {
        Set<String> made = new TreeSet<>(calls);
        calls.clear();
        return made;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
            Map<?, ?> request =
                    (Map<?, ?>) JSON.decode(exchange.getRequestBody().readAllBytes());
            int status = 200;
            Object answer;
            if (target == null) {
                calls.add("sesv2.SendEmail\tSenderIdentity");
                status = refusesMail ? 400 : 200;
                answer = refusesMail ? Map.of("message", "not today") : Map.of("MessageId", "m-1");
                if (refusesMail) {
                    exchange.getResponseHeaders().set("x-amzn-ErrorType", "MessageRejected");
                }
            } else if (target.startsWith("AmazonSQS.")) {
                String url = request.get("QueueUrl").toString();
                calls.add("sqs." + target.substring(10) + "\t" + url.substring(url.lastIndexOf('/') + 1));
                answer = Map.of(
                        "MessageId",
                        "m-1",
                        "MD5OfMessageBody",
                        md5(request.get("MessageBody").toString().getBytes(UTF_8)),
                        "MD5OfMessageAttributes",
                        md5(attributes((Map<?, ?>) request.get("MessageAttributes"))));
            } else {
                answer = database(target.substring(target.indexOf('.') + 1), request);
            }
            byte[] body = JSON.encode(answer);
            exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private Map<?, ?> database(String operation, Map<?, ?> request) {
        String resource = String.valueOf(request.get("TableName"));
        if (request.get("IndexName") != null) {
            resource += "/index/" + request.get("IndexName");
        }
        Map<?, ?> named = (Map<?, ?>) (request.get("Key") == null ? request.get("Item") : request.get("Key"));
        String key = named == null ? "" : text(named.get("entry_key"), "S");
        Map<?, ?> answer = switch (operation) {
            case "GetItem" -> items.containsKey(key) ? Map.of("Item", items.get(key)) : Map.of();
            case "PutItem" -> {
                items.put(key, named);
                yield Map.of();
            }
            case "DeleteItem" -> {
                items.remove(key);
                yield Map.of();
            }
            case "Query" -> {
                Map<?, ?> values = (Map<?, ?>) request.get("ExpressionAttributeValues");
                List<Map<?, ?>> rows = items.values().stream()
                        .filter(item -> due(item, values))
                        .toList();
                yield Map.of("Items", rows, "Count", rows.size());
            }
            case "BatchGetItem" -> {
                Map.Entry<?, ?> table = ((Map<?, ?>) request.get("RequestItems"))
                        .entrySet()
                        .iterator()
                        .next();
                resource = table.getKey().toString();
                List<?> keys = (List<?>) ((Map<?, ?>) table.getValue()).get("Keys");
                yield Map.of(
                        "Responses",
                        Map.of(
                                resource,
                                keys.stream()
                                        .map(each -> items.get(text(((Map<?, ?>) each).get("entry_key"), "S")))
                                        .toList()));
            }
            default -> throw new IllegalArgumentException("not expected of a function: " + operation);
        };
        calls.add("dynamodb." + operation + "\t" + resource
                + (named == null ? "" : "\t" + key.substring(0, key.indexOf(':') + 1)));
        return answer;
    }

    private static boolean due(Map<?, ?> item, Map<?, ?> values) {
        if (item.get("due_shard") == null) {
            return false;
        }
        byte[] order = Base64.getDecoder().decode(text(item.get("due_order"), "B"));
        Map<String, byte[]> bounds = new HashMap<>();
        for (String bound : List.of(":from", ":to")) {
            bounds.put(bound, Base64.getDecoder().decode(text(values.get(bound), "B")));
        }
        return text(item.get("due_shard"), "S").equals(text(values.get(":shard"), "S"))
                && Arrays.compareUnsigned(bounds.get(":from"), order) <= 0
                && Arrays.compareUnsigned(order, bounds.get(":to")) <= 0;
    }

    private static String text(Object attribute, String type) {
        return ((Map<?, ?>) attribute).get(type).toString();
    }

    /// What SQS hashes of attributes: Amazon SQS Developer Guide, "Calculating the MD5 message digest for message
    /// attributes".
    private static byte[] attributes(Map<?, ?> attributes) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (Object name : new TreeSet<>(attributes.keySet())) {
            Object attribute = attributes.get(name);
            write(out, name.toString());
            write(out, text(attribute, "DataType"));
            out.writeByte(1);
            write(out, text(attribute, "StringValue"));
        }
        return bytes.toByteArray();
    }

    private static void write(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
