package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.deadletter.InMemoryDeadLetters;
import dev.portolan.failure.Failure;
import dev.portolan.testing.ContractFunctions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Durable pipelines behind a queue, and the messages that wake their executions.
@Timeout(60)
class LambdaExecutionsTest {

    private static final Object NONE = Map.of("batchItemFailures", List.of());

    private final Host host = new Host();
    private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);

    @TempDir
    private Path folder;

    LambdaExecutionsTest() {
        host.functions().add("call", Map.class, Map.class, input -> {
            calls.incrementAndGet();
            return input;
        });
        host.functions().add("sleep", Map.class, Map.class, input -> {
            host.pass(Duration.ofMinutes(1));
            return input;
        });
        host.functions().add("block", Map.class, Map.class, input -> {
            calls.incrementAndGet();
            begun.countDown();
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return input;
        });
    }

    @BeforeEach
    void writeDefinitions() throws IOException {
        ContractFunctions.writeDefinitions(folder);
        define("once", "call");
        define("slow", "sleep, call");
        define("blocked", "block");
        define("undone", "{call: {undo: echo}}, fail");
    }

    private void define(String name, String steps) throws IOException {
        Files.writeString(
                folder.resolve(name + ".yaml"), "{pipeline: " + name + ", durable: true, steps: [" + steps + "]}");
    }

    @Test
    void aMessageThatIsDeliveredAgainRunsNothingTwice() {
        assertThat(invoke("once", message("m-1", "{\"a\":1}"))).isEqualTo(NONE);
        assertThat(invoke("once", message("m-1", "{\"a\":1}"))).isEqualTo(NONE);

        assertThat(calls).hasValue(1);
    }

    @Test
    void aMessageWhoseWorkRunsElsewhereComesAgainAndIsNotBuried() throws Exception {
        Thread first = Thread.ofVirtual().start(() -> invoke("blocked", message("m-1", "{}")));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        Object second = invoke("blocked", message("m-1", "{}"));
        gate.countDown();
        first.join();

        assertThat(second).isEqualTo(failed("m-1"));
        assertThat(deadLetters.letters()).isEmpty();
        assertThat(invoke("blocked", message("m-1", "{}"))).isEqualTo(NONE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void aMessageWhoseKeyWasUsedForOtherWorkIsBuried() {
        invoke("once", message("m-1", "{\"a\":1}"));

        assertThat(invoke("once", message("m-1", "{\"a\":2}"))).isEqualTo(NONE);
        assertThat(deadLetters.letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason().code()).isEqualTo(Failure.Code.KEY_REUSED));
    }

    @Test
    void whatTheDeadlineLeavesOverIsAcknowledgedAndAWakeUpFinishesIt() {
        assertThat(invoke("slow", message("m-1", "{}"))).isEqualTo(NONE);
        assertThat(calls).hasValue(0);
        assertThat(host.woken()).containsExactly("slow::sqs:m-1");

        assertThat(invoke("slow", Host.wakeUps("slow::sqs:m-1"))).isEqualTo(NONE);
        assertThat(calls).hasValue(1);
        assertThat(invoke("slow", message("m-1", "{}"))).isEqualTo(NONE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void whatWaitsInAFifoQueueHoldsAllBehindIt() {
        List<Object> records = List.of(fifo("m-1"), fifo("m-2"));

        assertThat(invoke("slow", Map.of("Records", records))).isEqualTo(failed("m-1", "m-2"));
        assertThat(invoke("slow", Host.wakeUps("slow::sqs:m-1"))).isEqualTo(NONE);
        assertThat(invoke("slow", Map.of("Records", records))).isEqualTo(failed("m-2"));
    }

    private static Map<String, Object> fifo(String id) {
        return Map.of(
                "messageId", id,
                "body", "{}",
                "eventSource", "aws:sqs",
                "eventSourceARN", "arn:aws:sqs:eu-west-1:123456789012:orders.fifo");
    }

    @Test
    void whatWaitsForAnotherAttemptIsAcknowledged() {
        Object answer = invoke("waiting", message("m-1", "{\"code\":\"UNAVAILABLE\",\"seconds\":120}"));

        assertThat(answer).isEqualTo(NONE);
        assertThat(host.woken()).containsExactly("waiting::sqs:m-1");
        assertThat(deadLetters.letters()).isEmpty();
    }

    @Test
    void whereNobodyIsWokenWhatWaitsComesAgain() {
        host.wakesNobody();

        assertThat(invoke("slow", message("m-1", "{}"))).isEqualTo(failed("m-1"));
        assertThat(invoke("slow", message("m-1", "{}"))).isEqualTo(NONE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void whereNobodyIsWokenNothingIsLeftToLater() {
        host.wakesNobody();
        Map<?, ?> asked = http("POST", "/pipelines/once", Map.of("prefer", "respond-async", "idempotency-key", "k"));
        Map<?, ?> late = http("POST", "/pipelines/slow", Map.of("idempotency-key", "k"));

        Map<?, ?> done = (Map<?, ?>) invoke(null, asked);
        Map<?, ?> unavailable = (Map<?, ?>) invoke(null, late);

        assertThat(done.get("statusCode")).isEqualTo(200);
        assertThat(done.get("headers")).asString().contains("Content-Type").doesNotContain("Preference");
        assertThat(unavailable.get("statusCode")).isEqualTo(503);
        assertThat(unavailable.get("headers")).asString().contains("Retry-After=0");
        assertThat(unavailable.get("body")).asString().contains("goes on when its work comes again");
    }

    @Test
    void aFailureThatMayPassComesAgainAndOneThatWasUndoneIsBuried() {
        String unavailable = "{\"code\":\"UNAVAILABLE\"}";

        assertThat(invoke("failing", message("m-1", unavailable))).isEqualTo(failed("m-1"));
        assertThat(deadLetters.letters()).isEmpty();
        assertThat(invoke("undone", message("m-1", unavailable))).isEqualTo(NONE);
        assertThat(deadLetters.letters()).singleElement().satisfies(letter -> {
            assertThat(letter.pipeline()).isEqualTo("undone");
            assertThat(letter.reason().code()).isEqualTo(Failure.Code.UNAVAILABLE);
        });
    }

    @Test
    void aDirectInvocationThatWaitsIsAnsweredAsHttpWouldBe() {
        Object answer = invoke("slow", Map.of("a", 1));

        assertThat(answer)
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsOnlyKeys("id", "status", "due")
                .containsEntry("id", "slow::direct:request-1")
                .containsEntry("status", "RUN");
    }

    @Test
    void wakeUpsOfWhatIsOverOrNotThereAreAcknowledged() {
        invoke("once", message("m-1", "{}"));
        invoke("undone", message("m-1", "{\"code\":\"UNAVAILABLE\"}"));
        invoke("failing", message("m-1", "{\"code\":\"UNAVAILABLE\"}"));
        try (Logs logs = new Logs()) {
            Object answer = invoke(
                    "once",
                    Host.wakeUps(
                            "once::sqs:m-1",
                            "undone::sqs:m-1",
                            "failing::sqs:m-1",
                            "once:none",
                            "none\nINFO: all is well",
                            "x".repeat(2_000)));

            assertThat(answer).isEqualTo(NONE);
            assertThat(logs.lines())
                    .anyMatch(line -> line.startsWith("execution undone::sqs:m-1: UNAVAILABLE (503)"))
                    .anyMatch(line -> line.startsWith("execution failing::sqs:m-1: UNAVAILABLE (503)"))
                    .anyMatch(line -> line.startsWith("execution once:none: NOT_FOUND (404)"))
                    .anyMatch(line -> line.startsWith("execution none INFO: all is well: NOT_FOUND (404)"))
                    .noneMatch(line -> line.startsWith("execution once::sqs:m-1"));
        }
        assertThat(calls).hasValue(2);
        assertThat(deadLetters.letters()).hasSize(1);
    }

    @Test
    void aWakeUpOfWhatRunsElsewhereComesAgain() throws Exception {
        Thread first = Thread.ofVirtual().start(() -> invoke("blocked", message("m-1", "{}")));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        Object answer = invoke("blocked", Host.wakeUps("blocked::sqs:m-1"));
        gate.countDown();
        first.join();

        assertThat(answer).isEqualTo(failed("w-1"));
        assertThat(calls).hasValue(1);
    }

    @Test
    void aWakeUpThatThisFunctionCannotServeComesAgainForAnother() {
        invoke("slow", message("m-1", "{}"));
        Host poorer = new Host(host);

        Object answer = Host.invoke(
                poorer.entryPoint("echo", deadLetters, DefinitionFolder.EMPTY), Host.wakeUps("slow::sqs:m-1"));

        assertThat(answer).isEqualTo(failed("w-1"));
        assertThat(invoke("slow", Host.wakeUps("slow::sqs:m-1"))).isEqualTo(NONE);
        assertThat(calls).hasValue(1);
    }

    @Test
    void wakeUpsThatTheDeadlineLeftOverComeAgain() {
        invoke("slow", message("m-1", "{}"));
        invoke("once", message("m-1", "{}"));
        Map<?, ?> batch = Map.of(
                "Records",
                List.of(
                        ((List<?>) message("m-9", "{}").get("Records")).getFirst(),
                        ((List<?>) Host.wakeUps("slow::sqs:m-1").get("Records")).getFirst()));

        assertThat(invoke("slow", batch)).isEqualTo(failed("w-1"));
    }

    @Test
    void aFunctionThatNamesNoPipelineTakesWakeUpsAndNoWork() {
        invoke("slow", message("m-1", "{}"));

        assertThat(invoke(null, Host.wakeUps("slow::sqs:m-1"))).isEqualTo(NONE);
        assertThat(calls).hasValue(1);
        Map<?, ?> both = Map.of(
                "Records",
                List.of(
                        ((List<?>) Host.wakeUps("once:k").get("Records")).getFirst(),
                        ((List<?>) message("m-1", "{}").get("Records")).getFirst()));
        assertThatThrownBy(() -> invoke(null, both)).hasMessageContaining("PORTOLAN_PIPELINE");
    }

    @Test
    void aPipelineOverWholeRecordsDoesNotGetWakeUps() {
        host.functions().add("whole", SQSMessage.class, Map.class, message -> Map.of("calls", calls.incrementAndGet()));

        assertThat(invoke("whole", Host.wakeUps("whole:none"))).isEqualTo(NONE);
        assertThat(calls).hasValue(0);
    }

    /// Only a queue's own attribute wakes: whoever writes headers or topics does not.
    @Test
    void neitherAHeaderNorATopicsAttributeWakesAnything() {
        invoke("slow", message("m-1", "{}"));
        Map<?, ?> request =
                http("POST", "/", Map.of("Portolan-Execution", "slow::sqs:m-1", "content-type", "application/json"));
        Map<?, ?> topic = Map.of(
                "Records",
                List.of(Map.of(
                        "EventSource",
                        "aws:sns",
                        "Sns",
                        Map.of(
                                "MessageId", "n-1",
                                "Message", "{}",
                                "MessageAttributes", Map.of("Portolan-Execution", Map.of("Value", "slow::sqs:m-1"))))));

        assertThat(((Map<?, ?>) invoke("once", request)).get("statusCode")).isEqualTo(200);
        assertThat(calls).hasValue(1);
        invoke("once", topic);
        assertThat(calls).hasValue(2);
        assertThat(body(invoke("slow", http("GET", "/executions/slow%3A%3Asqs%3Am-1", Map.of()))))
                .contains("\"status\":\"RUN\"");
    }

    @Test
    void aFunctionOfOneDurablePipelineTellsItsOwnExecutionsWhateverElseItsPathsAre() {
        invoke("once", http("POST", "/anywhere", Map.of("idempotency-key", "k")));
        invoke("counted", http("POST", "/anywhere", Map.of("idempotency-key", "k")));

        assertThat(body(invoke("once", http("GET", "/executions/once%3Ak", Map.of()))))
                .contains("\"status\":\"DONE\"");
        assertThat(status(invoke("once", http("GET", "/executions/counted%3Ak", Map.of()))))
                .isEqualTo(404);
        assertThat(status(invoke("once", http("POST", "/executions/once%3Ak", Map.of()))))
                .isEqualTo(405);
        assertThat(status(invoke("once", http("GET", "/anywhere", Map.of())))).isEqualTo(405);
        assertThat(status(invoke("echo", http("POST", "/executions/x", Map.of()))))
                .as("nothing durable, and no such path")
                .isEqualTo(200);
    }

    /// HTTP APIs hand paths on decoded; what the client sent is a matter of the gateway.
    @Test
    void idsAreFoundWhetherOrNotTheGatewayDecodedThem() {
        for (String key : List.of("50%", "a%2Fb", "é/😀", "a+b c")) {
            invoke("once", http("POST", "/", Map.of("idempotency-key", key)));

            assertThat(body(invoke("once", http("GET", "/executions/once:" + key, Map.of()))))
                    .contains("\"id\":\"once:" + key + "\"");
        }
    }

    @Test
    void theStageIsAPartOfTheLocationWhereItIsAPartOfThePath() {
        Map<Object, Object> api = http("POST", "/live/welcome", Map.of("prefer", "respond-async"));
        api.put("requestContext", Map.of("stage", "live", "http", Map.of("method", "POST")));
        Map<Object, Object> rest = new LinkedHashMap<>(Map.of("resource", "/{proxy+}", "httpMethod", "POST"));
        rest.put("path", "/welcome");
        rest.put("requestContext", Map.of("stage", "live", "path", "/live/welcome"));
        rest.put("multiValueHeaders", Map.of("Prefer", List.of("respond-async")));
        rest.put("body", "{}");

        assertThat(invoke("once", api)).asString().contains("Location=/live/executions/once%3Afresh-");
        assertThat(invoke("once", rest)).asString().contains("Location=[/live/executions/once%3Afresh-");
    }

    private Object invoke(String pipeline, Object event) {
        return Host.invoke(host.entryPoint(pipeline, deadLetters, DefinitionFolder.read(folder)), event);
    }

    private static Object status(Object answer) {
        return ((Map<?, ?>) answer).get("statusCode");
    }

    private static String body(Object answer) {
        return String.valueOf(((Map<?, ?>) answer).get("body"));
    }

    private static Map<String, Object> failed(String... items) {
        return Map.of(
                "batchItemFailures",
                List.of(items).stream()
                        .map(item -> Map.of("itemIdentifier", item))
                        .toList());
    }

    private static Map<String, Object> message(String id, String body) {
        return Map.of("Records", List.of(Map.of("eventSource", "aws:sqs", "messageId", id, "body", body)));
    }

    private static Map<Object, Object> http(String method, String path, Map<String, String> headers) {
        Map<Object, Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("rawPath", path);
        event.put("headers", headers);
        event.put("requestContext", Map.of("stage", "$default", "http", Map.of("method", method)));
        event.put("body", method.equals("POST") ? "{}" : "");
        return event;
    }
}
