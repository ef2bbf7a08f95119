package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPResponse;
import com.amazonaws.services.lambda.runtime.events.ApplicationLoadBalancerRequestEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent.DynamodbStreamRecord;
import com.amazonaws.services.lambda.runtime.events.DynamodbTimeWindowEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SNSEvent.SNSRecord;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification;
import com.amazonaws.services.lambda.runtime.events.models.s3.S3EventNotification.S3EventNotificationRecord;
import dev.portolan.composer.Composer;
import dev.portolan.composer.Runner;
import dev.portolan.deadletter.DeadLetters;
import dev.portolan.deadletter.InMemoryDeadLetters;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.http.HttpRequest;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import dev.portolan.state.InMemoryStateStore;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Functions over the classes of `aws-lambda-java-events`.
class AwsEventsTest {

    private static final Map<String, Class<?>> TYPES = Map.of(
            "sqs", SQSMessage.class,
            "sns", SNSRecord.class,
            "s3", S3EventNotificationRecord.class,
            "dynamodb", DynamodbStreamRecord.class,
            "eventbridge", ScheduledEvent.class,
            "http-api", APIGatewayV2HTTPEvent.class,
            "rest-api", APIGatewayProxyRequestEvent.class,
            "alb", ApplicationLoadBalancerRequestEvent.class);

    private final Host host = new Host();
    private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
    private final List<String> seen = new ArrayList<>();

    AwsEventsTest() {
        take(
                "sqs",
                SQSMessage.class,
                message -> List.of(
                        message.getMessageId(),
                        message.getBody(),
                        message.getAttributes().get("ApproximateReceiveCount"),
                        message.getMessageAttributes().size(),
                        message.getEventSourceArn()));
        take(
                "sns",
                SNSRecord.class,
                record -> List.of(
                        record.getSNS().getMessageId(),
                        record.getSNS().getMessage(),
                        record.getSNS().getTimestamp(),
                        record.getSNS().getMessageAttributes().get("tenant").getValue(),
                        record.getEventSubscriptionArn()));
        take(
                "s3",
                S3EventNotificationRecord.class,
                record -> List.of(
                        record.getEventName(),
                        record.getEventTime(),
                        record.getS3().getBucket().getName(),
                        record.getS3().getObject().getKey(),
                        record.getS3().getObject().getSizeAsLong()));
        take(
                "dynamodb",
                DynamodbStreamRecord.class,
                record -> List.of(
                        record.getEventName(),
                        record.getDynamodb().getSequenceNumber(),
                        record.getDynamodb().getKeys().get("id").getS(),
                        String.valueOf(record.getDynamodb().getApproximateCreationDateTime()),
                        record.getDynamodb().getNewImage() == null
                                ? "none"
                                : StandardCharsets.UTF_8.decode(record.getDynamodb()
                                        .getNewImage()
                                        .get("photo")
                                        .getB())));
        take(
                "eventbridge",
                ScheduledEvent.class,
                event -> List.of(
                        event.getDetailType(), event.getTime().toInstant(), event.getDetail(), event.getResources()));
        take(
                "http-api",
                APIGatewayV2HTTPEvent.class,
                event -> List.of(
                        event.getRequestContext().getHttp().getMethod(),
                        event.getRawPath(),
                        event.getCookies(),
                        event.getHeaders().get("X-Tenant"),
                        String.valueOf(event.getBody()),
                        event.getIsBase64Encoded()));
        take(
                "rest-api",
                APIGatewayProxyRequestEvent.class,
                event -> List.of(
                        event.getHttpMethod(),
                        event.getPathParameters(),
                        event.getMultiValueQueryStringParameters().get("tag"),
                        event.getBody()));
        take(
                "alb",
                ApplicationLoadBalancerRequestEvent.class,
                event -> List.of(event.getHttpMethod(), event.getQueryStringParameters(), event.getBody()));
    }

    private <E> void take(String name, Class<E> type, Function<E, Object> about) {
        host.functions().add(name, type, Map.class, event -> {
            Invocation invocation = Invocation.current();
            seen.add(invocation.key() + " " + about.apply(event));
            return Map.of("headers", invocation.headers().names());
        });
    }

    @Test
    void aMessageOfAQueueComesWhole() {
        assertThat(invoke("sqs", Host.event("sqs"))).isEqualTo(Map.of("batchItemFailures", List.of()));

        assertThat(seen)
                .containsExactly(
                        "sqs:order-7/sqs [m-1, {\"sku\":\"rope\",\"quantity\":3}, 1, 1,"
                                + " arn:aws:sqs:eu-west-1:123456789012:orders]",
                        "sqs::sqs:m-2/sqs [m-2, {\"sku\":\"rope\",\"quantity\":3}, 1, 0,"
                                + " arn:aws:sqs:eu-west-1:123456789012:orders]");
    }

    @Test
    void aMessageOfATopicComesWhole() {
        invoke("sns", Host.event("sns"));

        assertThat(seen)
                .containsExactly(
                        "sns::sns:n-1/sns [n-1, {\"sku\":\"rope\",\"quantity\":3}, 2026-01-01T00:00:00.000Z, acme,"
                                + " arn]");
    }

    @Test
    void anEventOfABucketComesWhole() {
        invoke("s3", Host.event("s3"));

        assertThat(seen)
                .containsExactly("s3::s3:harbour/charts/a.png/0055AED6DCD90281E5/s3 [ObjectCreated:Put,"
                        + " 2026-01-01T00:00:00.000Z, harbour, charts/a.png, 3]");
    }

    @Test
    void aRecordOfAStreamComesWhole() {
        invoke("dynamodb", Host.event("dynamodb"));

        assertThat(seen).hasSize(2);
        assertThat(seen.getFirst())
                .startsWith("dynamodb::dynamodb:e-1/dynamodb [INSERT, 111, 1, ")
                .endsWith(", hello]");
        assertThat(seen.getLast())
                .startsWith("dynamodb::dynamodb:e-2/dynamodb [REMOVE, 222, 2, ")
                .endsWith(", none]");
    }

    @Test
    void anEventOfABusComesWhole() {
        invoke("eventbridge", Host.event("eventbridge"));

        assertThat(seen)
                .containsExactly("eventbridge::event:ev-1/eventbridge [Order placed, 2026-01-01T00:00:00.000Z,"
                        + " {sku=rope, quantity=3}, [arn:one]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"schedule-rule", "scheduler"})
    void aScheduleComesWhole(String event) {
        invoke("eventbridge", Host.event(event));

        assertThat(seen).singleElement().asString().contains("[Scheduled Event, 2026-01-01T00:00:00.000Z, {}, [arn:");
    }

    @Test
    void aRequestOfAnHttpApiComesWholeWithItsCookies() {
        Map<?, ?> response = (Map<?, ?>) invoke("http-api", Host.event("http-api"));

        assertThat(seen)
                .singleElement()
                .asString()
                .endsWith("[POST, /live/functions/headers, [a=1, b=2], acme, {}, false]");
        assertThat(response.get("statusCode")).isEqualTo(200);
        assertThat((String) response.get("body")).contains("X-Tenant", "query.tag", "cookie");
    }

    @Test
    void aRequestOfAnyMethodComesWholeWithItsBodyAsItWas() {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event("http-api"));
        event.put("requestContext", Map.of("http", Map.of("method", "PUT")));
        event.put("body", "AP8=");
        event.put("isBase64Encoded", true);

        invoke("http-api", event);

        assertThat(seen).singleElement().asString().contains("[PUT, ").endsWith("AP8=, true]");
    }

    @Test
    void aRequestOfARestApiComesWhole() {
        invoke("rest-api", Host.event("rest-api"));

        assertThat(seen).singleElement().asString().endsWith("[POST, {proxy=functions/headers}, [a b, c], {}]");
    }

    @Test
    void aRequestOfALoadBalancerComesWhole() {
        invoke("alb", Host.event("alb"));

        assertThat(seen).singleElement().asString().endsWith("[POST, {tag=a%20b}, {}]");
    }

    @Test
    void aPathMayNameAFunctionOverARequest() {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event("http-api"));
        event.put("rawPath", "/live/functions/http-api");

        Map<?, ?> response = (Map<?, ?>) Host.invoke(host.entryPoint(null, null), event);

        assertThat(response.get("statusCode")).isEqualTo(200);
        assertThat(seen).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqs", "sns", "s3", "dynamodb"})
    void aRecordMayBeSentDirectly(String trigger) {
        List<?> records = (List<?>) Host.event(trigger).get("Records");

        invoke(trigger, records.getFirst());

        assertThat(seen).singleElement().asString().startsWith(trigger + "::direct:request-1/" + trigger);
    }

    @Test
    void exactlyTheMessagesThatFailComeAgain() {
        host.functions().add("pick", SQSMessage.class, Map.class, message -> {
            if (message.getMessageId().equals("m-2")) {
                throw new Failure(Failure.Code.UNAVAILABLE, "not now");
            }
            return Map.of();
        });

        assertThat(invoke("pick", Host.event("sqs")))
                .isEqualTo(Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", "m-2"))));
    }

    @Test
    void aRecordOfMistypedPartsIsBuriedByItselfAndNotQuoted() {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event("sqs"));
        List<Object> records = new ArrayList<>((List<?>) event.get("Records"));
        Map<Object, Object> mistyped = new LinkedHashMap<>((Map<?, ?>) records.getFirst());
        mistyped.put("attributes", "marker");
        records.set(0, mistyped);
        event.put("Records", records);

        assertThat(invoke("sqs", event)).isEqualTo(Map.of("batchItemFailures", List.of()));

        assertThat(seen).hasSize(1);
        assertThat(deadLetters.letters()).singleElement().satisfies(letter -> {
            assertThat(letter.event().body()).isEqualTo(mistyped.get("body"));
            assertThat(letter.reason())
                    .hasMessage("this is not AWS's SQSEvent.SQSMessage as AWS sends it")
                    .hasNoCause();
        });
    }

    /// Each part of each event is taken away, nulled and mistyped, one at a time, before AWS's decoder sees it.
    @ParameterizedTest
    @ValueSource(strings = {"sqs", "sns", "s3", "dynamodb", "eventbridge", "http-api", "rest-api", "alb"})
    void aBrokenPartIsATypedRefusalAtMost(String name) {
        host.functions().add("take", TYPES.get(name), Map.class, event -> Map.of());
        try (Logs logs = new Logs()) {
            for (Object broken : MalformedEventsTest.brokenForms(Host.event(name))) {
                try {
                    if (Host.invoke(host.entryPoint("take", null), broken) instanceof Map<?, ?> answer) {
                        assertThat(answer.get("statusCode")).as("%s", broken).isIn(null, 200, 400, 501);
                    }
                } catch (LambdaEntryPoint.InvocationFailed refused) {
                    assertThat(refused).as("%s", broken).hasMessageMatching("(INVALID|UNSUPPORTED): (?s).*");
                }
            }
            assertThat(logs.lines()).isNotEmpty().noneMatch(line -> line.contains("thirdparty"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sqs, sns",
        "sqs, s3",
        "sqs, eventbridge",
        "sns, sqs",
        "s3, dynamodb",
        "dynamodb, sqs",
        "eventbridge, sqs",
        "http-api, sqs",
        "http-api, scheduler"
    })
    void anotherTriggersRecordsAreRefusedBeforeAnyIsTouched(String function, String event) {
        assertThatThrownBy(() -> invoke(function, Host.event(event)))
                .isInstanceOf(LambdaEntryPoint.InvocationFailed.class)
                .hasMessageStartingWith("UNSUPPORTED: the pipeline takes AWS's ");
        assertThat(seen).isEmpty();
        assertThat(deadLetters.letters()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"sqs, http-api", "http-api, rest-api", "rest-api, alb", "alb, function-url"})
    void anotherTriggersRequestsAreRefused(String function, String event) {
        Map<?, ?> response = (Map<?, ?>) invoke(function, Host.event(event));

        assertThat(response.get("statusCode")).isEqualTo(501);
        assertThat(seen).isEmpty();
    }

    @Test
    void aDirectInvocationWithAnythingElseIsRefused() {
        assertThatThrownBy(() -> invoke("sqs", Map.of("sku", "rope")))
                .hasMessageStartingWith("UNSUPPORTED: the pipeline takes AWS's SQSEvent.SQSMessage, as SQS sends it");
        assertThatThrownBy(() -> invoke("sqs", "text")).hasMessage("INVALID: must be AWS's SQSEvent.SQSMessage");
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                SQSEvent.class,
                SNSEvent.class,
                S3Event.class,
                S3EventNotification.class,
                DynamodbEvent.class,
                DynamodbTimeWindowEvent.class
            })
    void aWholeBatchIsRefusedWithWhatToTakeInstead(Class<?> batch) {
        assertThatThrownBy(() -> host.functions().add("batch", batch, Map.class, event -> Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is a whole batch, and records are decoded one by one; take AWS's ");
    }

    @Test
    void anEventThatNoTriggerSendsIsRefused() {
        assertThatThrownBy(() -> host.functions().add("batch", KinesisEvent.class, Map.class, event -> Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is nothing that a function can take");
    }

    @Test
    void aResponseClassIsRefusedWithWhatToGiveInstead() {
        assertThatThrownBy(
                        () -> host.functions().add("respond", Map.class, APIGatewayV2HTTPResponse.class, input -> null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no JSON shape; use a record, Map<String, Object>");
    }

    @Test
    void onlyAnObjectThatMayBeOneCanComeBeforeIt() {
        DeadLetters none = null;
        host.entryPoint("echo|sqs", none);
        host.entryPoint("headers|sqs", none);

        assertThatThrownBy(() -> host.entryPoint("shout|sqs", none))
                .hasMessageContaining("a string is given, and it takes AWS's SQSEvent.SQSMessage");
        assertThatThrownBy(() -> host.entryPoint("order|sqs", none)).hasMessageContaining("'sqs' cannot follow");
    }

    @Test
    void nothingButAnInputMayBeOne() {
        record Holder(SQSMessage message) {}

        assertThatThrownBy(() -> Shape.ofInput(Holder.class)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Shape.of(SQSMessage.class)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aHostWithoutEventsTakesTheRecordAsJson() {
        InstantSource clock = InstantSource.system();
        Composer composer = new Composer(host.functions());
        Runner runner = new Runner(clock, new Random(1), duration -> {});
        HttpEntryPoint http = new HttpEntryPoint(
                composer,
                new Executions(
                        new InMemoryStateStore(clock), composer, runner, Continuation.SWEEP, clock, new Random(1)),
                clock,
                () -> "fresh");
        byte[] record = new Json().encode(((List<?>) Host.event("sqs").get("Records")).getFirst());
        Headers text = Headers.NONE.with("Content-Type", "text/plain");

        assertThat(http.answer(new HttpRequest("POST", "/functions/sqs", Headers.NONE, Headers.NONE, record), null)
                        .status())
                .isEqualTo(200);
        assertThat(http.answer(new HttpRequest("POST", "/functions/sqs", Headers.NONE, text, record), null)
                        .status())
                .isEqualTo(415);
        assertThat(http.answer(new HttpRequest("GET", "/functions/sqs", Headers.NONE, Headers.NONE, record), null)
                        .status())
                .isEqualTo(405);
        assertThat(seen).hasSize(1);
    }

    private Object invoke(String pipeline, Object event) {
        return Host.invoke(host.entryPoint(pipeline, deadLetters), event);
    }
}
