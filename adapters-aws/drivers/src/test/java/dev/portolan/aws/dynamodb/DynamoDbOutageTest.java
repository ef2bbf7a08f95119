package dev.portolan.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.aws.client.LightClients;
import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// What becomes of state and of executions while DynamoDB does not do what it should for a while.
@Timeout(60)
final class DynamoDbOutageTest {

    private static final Instant BEGIN = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration OUTAGE = Duration.ofSeconds(30);

    private final String table = LocalDynamoDb.table();
    private volatile Instant now = BEGIN;

    private DynamoDbStateStore store(Supplier<DynamoDbClientBuilder> client) {
        return new DynamoDbStateStore(table, client, () -> now, new SecureRandom());
    }

    private Failure failure(Supplier<DynamoDbClientBuilder> client, Consumer<DynamoDbStateStore> call) {
        try (DynamoDbStateStore store = store(client)) {
            return catchThrowableOfType(Failure.class, () -> call.accept(store));
        }
    }

    @Test
    void whatIsNotAllowedIsNamedByItsActionAndItsResource() {
        Entry entry = new Entry("k", "r", new byte[0], Indexes.NONE, null);
        Page.Request page = Page.Request.first(9);
        Map<String, Consumer<DynamoDbStateStore>> calls = Map.of(
                "GetItem", store -> store.find("k"),
                "PutItem", store -> store.create("k", new byte[0], Indexes.NONE, null),
                "DeleteItem", store -> store.delete(entry),
                "Scan", store -> store.list("", page));
        calls.forEach((operation, call) -> assertDenied(operation, "the table " + table, call));
        assertDenied("Query", "the index due of the table " + table, store -> store.due(BEGIN, page));
        assertDenied("Query", "the index group of the table " + table, store -> store.group("g", BEGIN, page));
        try (DynamoDbStateStore calm = store(LocalDynamoDb::client)) {
            calm.create("k", new byte[0], Indexes.due(BEGIN), null);
        }
        assertDenied("BatchGetItem", "the table " + table, store -> store.due(BEGIN, page));
    }

    private void assertDenied(String operation, String resource, Consumer<DynamoDbStateStore> call) {
        Faults denied = Faults.always(operation, Faults.refused(400, "AccessDeniedException"));

        Failure failure = failure(() -> denied.under(LocalDynamoDb.client()), call);

        assertThat(failure.code()).isEqualTo(Code.DENIED);
        assertThat(failure.detail())
                .isEqualTo("the caller may not do this: allow dynamodb:" + operation + " on " + resource);
    }

    /// Whoever is told to come back does: nothing is lost, and nothing has two effects.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void anExecutionOutlastsHalfAMinuteOfThrottling(int stepsBefore) {
        List<String> calls = new ArrayList<>();
        FunctionRegistry functions = new FunctionRegistry();
        Instant[] outage = {stepsBefore == 0 ? BEGIN : Instant.MAX};
        for (int i = 1; i <= 3; i++) {
            int step = i;
            functions.add("step-" + i, Object.class, Object.class, input -> {
                calls.add(Invocation.current().key());
                if (step == stepsBefore && outage[0].equals(Instant.MAX)) {
                    outage[0] = now;
                }
                return input;
            });
        }
        Faults faults = Faults.always("PutItem", request -> {
            boolean throttled =
                    !now.isBefore(outage[0]) && Duration.between(outage[0], now).compareTo(OUTAGE) < 0;
            return throttled ? Faults.refused(400, "ThrottlingException").of(request) : request.call();
        });
        try (DynamoDbStateStore store = store(() -> faults.under(LocalDynamoDb.client()))) {
            Composer composer = new Composer(functions);
            Runner runner = new Runner(() -> now, new SecureRandom(), pause -> now = now.plus(pause));
            Executions executions =
                    new Executions(store, composer, runner, Continuation.SWEEP, () -> now, new SecureRandom());
            Pipeline pipeline = composer.recompose(
                    "{\"pipeline\": \"order\", \"durable\": true, \"steps\": [\"step-1\", \"step-2\", \"step-3\"]}");

            Outcome outcome = null;
            for (int i = 0; i < 60 && !(outcome instanceof Outcome.Completed); i++) {
                outcome = run(executions, pipeline);
                if (outcome instanceof Outcome.Failed failed) {
                    assertThat(failed.failure().retryable()).as("%s", failed).isTrue();
                    assertThat(failed.failure().retryAfter()).isPositive();
                    now = now.plus(failed.failure().retryAfter());
                }
            }

            assertThat(outcome).isInstanceOf(Outcome.Completed.class);
            assertThat(calls.stream().distinct())
                    .containsExactly("order:o-1/step-1", "order:o-1/step-2", "order:o-1/step-3");
            assertThat(calls.size()).isLessThanOrEqualTo(4);
            assertThat(now).isAfterOrEqualTo(BEGIN.plus(OUTAGE)).isBefore(BEGIN.plus(Duration.ofMinutes(3)));
        }
    }

    private static Outcome run(Executions executions, Pipeline pipeline) {
        try {
            return executions.run(
                    pipeline, new Event("order:o-1", Map.of("n", 7), Headers.NONE), null, StepListener.NONE);
        } catch (Failure failure) {
            return new Outcome.Failed(failure, "", 0);
        }
    }

    /// The SDK learns the difference from the answer, and signs anew.
    @Test
    void aClockThatIsAnHourSlowIsCorrectedByTheAnswer() {
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(
                Instant.now().plus(Duration.ofHours(1)).atOffset(ZoneOffset.UTC));
        Faults faults = new Faults(
                "PutItem", Faults.refused(400, "InvalidSignatureException", "Signature expired", Map.of("Date", date)));

        try (DynamoDbStateStore store = store(() -> faults.under(LocalDynamoDb.client()))) {
            store.create("k", new byte[0], Indexes.NONE, null);

            assertThat(store.find("k")).isPresent();
        }
        assertThat(faults.requests()).isEqualTo(2);
    }

    @Test
    void whereNobodyListensNothingIsLeftBehind() throws IOException {
        URI nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }

        Failure failure = failure(
                () -> LocalDynamoDb.client().endpointOverride(nobody),
                store -> store.create("k", new byte[0], Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.retryable()).isTrue();
    }

    /// With the timeouts that ship: a call may take eight seconds, and a few for a busy machine.
    @Test
    void anEndpointThatTakesACallAndNeverAnswersIsLeftInTime() throws Exception {
        assertLeftInTime(LocalDynamoDb.client(), "", Duration.ofSeconds(8), Duration.ofSeconds(20));
    }

    @Test
    void anEndpointThatAnswersAByteNowAndThenIsLeftInTime() throws Exception {
        DynamoDbClientBuilder client = LocalDynamoDb.client();
        client.overrideConfiguration(client.overrideConfiguration().toBuilder()
                .apiCallTimeout(Duration.ofSeconds(1))
                .apiCallAttemptTimeout(Duration.ofSeconds(1))
                .build());
        assertLeftInTime(
                client,
                "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\nContent-Length: 100000\r\n\r\n{",
                Duration.ofSeconds(1),
                Duration.ofSeconds(12));
    }

    private void assertLeftInTime(DynamoDbClientBuilder client, String begin, Duration least, Duration most)
            throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> trickle(server, begin));
            client.endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort()));
            long start = System.nanoTime();

            Failure failure = failure(() -> client, store -> store.create("k", new byte[0], Indexes.NONE, null));

            Duration passed = Duration.ofNanos(System.nanoTime() - start);
            assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
            assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(passed).isBetween(least.minusMillis(100), most);
            assertThat(least).isLessThanOrEqualTo(LightClients.CALL_TIMEOUT);
        }
    }

    private static void trickle(ServerSocket server, String begin) {
        try {
            while (true) {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        socket.getOutputStream().write(begin.getBytes(StandardCharsets.US_ASCII));
                        while (!begin.isEmpty()) {
                            socket.getOutputStream().write(' ');
                            Thread.sleep(50);
                        }
                        socket.getInputStream().readAllBytes();
                    } catch (IOException | InterruptedException e) {
                        // The client has hung up, or the test is over.
                    }
                });
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
