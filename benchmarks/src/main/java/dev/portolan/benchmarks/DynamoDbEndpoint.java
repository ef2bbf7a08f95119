package dev.portolan.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.DoubleAdder;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.dynamodb.services.exceptions.DynamoDBLocalServiceException;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// DynamoDB Local behind HTTP on the loopback address, counting what it is asked for. Its own server would bind
/// every interface and send telemetry; this takes its handler only.
final class DynamoDbEndpoint implements AutoCloseable {

    private static final String TARGET = "X-Amz-Target";

    private final Map<String, DoubleAdder> counted = new ConcurrentSkipListMap<>();
    private final Server server = new Server(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));

    private final Metered database = new Metered();

    DynamoDbEndpoint() throws Exception {
        server.setHandler(new Handler.Wrapper(new LocalDynamoDBServerHandler(database, null)) {
            @Override
            public boolean handle(Request request, Response response, Callback callback) throws Exception {
                String target = request.getHeaders().get(TARGET);
                count(target == null ? "other" : target.substring(target.indexOf('.') + 1), 1);
                return super.handle(request, response, callback);
            }
        });
        server.start();
    }

    /// What it does for a process that is told to by lines: it prints its address, then answers each line.
    ///
    /// `table NAME EMAIL PROFILE` makes a table that knows a profile, and the definitions of the tables before it
    /// as after a deployment's first execution, and begins to count anew; `counts` prints what was asked for
    /// since, as JSON. It ends with its input.
    public static void main(String[] arguments) throws Exception {
        try (DynamoDbEndpoint endpoint = new DynamoDbEndpoint()) {
            System.out.println(endpoint.address());
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, UTF_8));
            Map<String, byte[]> definitions = new TreeMap<>();
            StateTable table = null;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] words = line.split(" ", 4);
                if (words[0].equals("table")) {
                    if (table != null) {
                        try (StateStore store = table.open()) {
                            Page.Request next = Page.Request.first(100);
                            while (next != null) {
                                Page page = store.list("definition:", next);
                                page.entries().forEach(entry -> definitions.put(entry.key(), entry.value()));
                                next = page.next();
                            }
                        }
                    }
                    table = StateTable.create(endpoint.address(), words[1]);
                    try (StateStore store = table.open()) {
                        store.create("profile:" + words[2], words[3].getBytes(UTF_8), Indexes.NONE, null);
                        definitions.forEach((key, value) -> store.create(key, value, Indexes.NONE, null));
                    }
                    endpoint.counted.clear();
                }
                System.out.println(endpoint.counts());
            }
        }
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + ((ServerConnector) server.getConnectors()[0]).getLocalPort());
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("DynamoDB Local does not stop", e);
        }
        database.shutdown();
    }

    private void count(String what, double many) {
        counted.computeIfAbsent(what, first -> new DoubleAdder()).add(many);
    }

    private String counts() {
        Map<String, Double> sums = new TreeMap<>();
        counted.forEach((what, sum) -> sums.put('"' + what + '"', sum.sum()));
        return sums.toString().replace('=', ':');
    }

    /// Asks for the capacity that each call consumes, and keeps it from whoever did not.
    private final class Metered extends LocalDynamoDBRequestHandler {

        private Metered() throws DynamoDBLocalServiceException {
            super(0, true, null, true, false);
        }

        @Override
        public GetItemResponse getItem(String account, String region, GetItemRequest request) {
            GetItemResponse answer = super.getItem(
                    account,
                    region,
                    request.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build());
            count("read units", answer.consumedCapacity().capacityUnits());
            return answer.toBuilder().consumedCapacity((ConsumedCapacity) null).build();
        }

        @Override
        public PutItemResponse putItem(String account, String region, PutItemRequest request) {
            PutItemResponse answer = super.putItem(
                    account,
                    region,
                    request.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build());
            count("write units", answer.consumedCapacity().capacityUnits());
            return answer.toBuilder().consumedCapacity((ConsumedCapacity) null).build();
        }

        @Override
        public DeleteItemResponse deleteItem(String account, String region, DeleteItemRequest request) {
            DeleteItemResponse answer = super.deleteItem(
                    account,
                    region,
                    request.toBuilder()
                            .returnConsumedCapacity(ReturnConsumedCapacity.INDEXES)
                            .build());
            count("write units", answer.consumedCapacity().capacityUnits());
            return answer.toBuilder().consumedCapacity((ConsumedCapacity) null).build();
        }
    }
}
