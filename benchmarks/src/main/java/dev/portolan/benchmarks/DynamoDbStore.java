package dev.portolan.benchmarks;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.invocation.Headers;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;

/// Durable executions in DynamoDB, over DynamoDB Local in the same process.
///
/// Goal: ten durable steps at 0.8 times the rate of as many bare conditional writes of the same size at least,
/// by the SDK itself with the same client.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets up first
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 6, time = 5)
@Measurement(iterations = 5, time = 5)
public class DynamoDbStore {

    private static final int STEPS = 10;

    /// How long a host has for an invocation, as on Lambda: no lease is longer, and so none is moved by a step.
    private static final Duration HOST = Duration.ofSeconds(30);

    /// The attribute that names an item, and the one that every write changes.
    private static final String KEY = "entry_key";

    private static final String REVISION = "revision";

    private final Map<String, Object> input = Map.of("email", "ann@example.com", "amount", 42, "tags", List.of("x"));
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = RandomGenerator.getDefault();

    private DynamoDbEndpoint endpoint;
    private StateTable table;
    private StateStore store;
    private DynamoDbClient client;
    private Pipeline pipeline;
    private Executions executions;
    private Map<String, AttributeValue> item;
    private long runs;

    /// Starts the database, and keeps the item of an execution that is at work.
    @Setup
    public void start() throws Exception {
        endpoint = new DynamoDbEndpoint();
        table = StateTable.create(endpoint.address(), "state");
        store = table.open();
        client = table.client().build();
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("nothing", Map.class, Map.class, map -> map);
        functions.add("look", Map.class, Map.class, map -> {
            item = client.getItem(get ->
                            get.tableName(table.name()).key(Map.of(KEY, AttributeValue.fromS("execution:look:1"))))
                    .item();
            return map;
        });
        Composer composer = new Composer(functions);
        Runner runner = new Runner(clock, random, Thread::sleep);
        executions = new Executions(store, composer, runner, Continuation.SWEEP, clock, random);
        Pipeline look = composer.recompose(definition("look", Collections.nCopies(STEPS, "look")));
        Event event = new Event("look:1", input, Headers.NONE);
        executions.run(look, event, clock.instant().plus(HOST), StepListener.NONE);
        pipeline = composer.recompose(definition("bench", Collections.nCopies(STEPS, "nothing")));
    }

    private static String definition(String name, List<String> steps) {
        return "{\"pipeline\": \"" + name + "\", \"durable\": true, \"steps\": [{\""
                + String.join("\": {\"timeout\": \"PT1M\"}}, {\"", steps) + "\": {\"timeout\": \"PT1M\"}}]}";
    }

    /// Stops the database.
    @TearDown
    public void stop() throws Exception {
        client.close();
        store.close();
        endpoint.close();
    }

    /// Ten steps, eleven writes.
    @Benchmark
    public Outcome durable() {
        return executions.run(
                pipeline,
                new Event("bench:" + runs++, input, Headers.NONE),
                clock.instant().plus(HOST),
                StepListener.NONE);
    }

    /// The same number of bare conditional writes of the last record's size.
    @Benchmark
    public PutItemResponse bareWrites() {
        Map<String, AttributeValue> written = new HashMap<>(item);
        written.put(KEY, AttributeValue.fromS("bare:" + runs++));
        PutItemResponse answer = put(written, "attribute_not_exists(" + KEY + ")", Map.of());
        for (int i = 0; i < STEPS; i++) {
            AttributeValue read = written.get(REVISION);
            written.put(REVISION, AttributeValue.fromS(Long.toHexString(random.nextLong()) + "0123456789abcdef"));
            answer = put(written, REVISION + " = :read", Map.of(":read", read));
        }
        return answer;
    }

    private PutItemResponse put(
            Map<String, AttributeValue> written, String condition, Map<String, AttributeValue> values) {
        return client.putItem(put -> put.tableName(table.name())
                .item(written)
                .conditionExpression(condition)
                .expressionAttributeValues(values.isEmpty() ? null : values));
    }
}
