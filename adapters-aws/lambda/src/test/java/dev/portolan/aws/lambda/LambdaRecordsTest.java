package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.deadletter.InMemoryDeadLetters;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LambdaRecordsTest {

    private final Host host = new Host();
    private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
    private final List<String> seen = new ArrayList<>();

    LambdaRecordsTest() {
        host.functions().add("see", Map.class, Map.class, input -> {
            Invocation invocation = Invocation.current();
            seen.add(invocation.key() + " " + input);
            return input;
        });
        host.functions().add("say", String.class, String.class, text -> {
            seen.add(text);
            return text;
        });
        host.functions().add("about", Map.class, Map.class, input -> {
            Invocation.current()
                    .headers()
                    .names()
                    .forEach(name -> seen.add(name + "="
                            + String.join(",", Invocation.current().headers().all(name))));
            return input;
        });
    }

    @Test
    void eachMessageIsDecodedByItselfUnderItsOwnKey() {
        assertThat(invoke("see", Host.event("sqs"))).isEqualTo(Map.of("batchItemFailures", List.of()));

        assertThat(seen)
                .containsExactly("see:order-7/see {sku=rope, quantity=3}", "see::sqs:m-2/see {sku=rope, quantity=3}");
    }

    @Test
    void aFunctionMayTakeItsOwnRecord() {
        assertThat(invoke("order", Host.event("sqs"))).isEqualTo(Map.of("batchItemFailures", List.of()));
    }

    @Test
    void aFunctionOfStringsGetsTheTextAsItIs() {
        invoke("say", queue("orders", "not JSON"));

        assertThat(seen).containsExactly("not JSON");
    }

    @Test
    void exactlyTheRecordsThatFailComeAgain() {
        String[] bodies = new String[10];
        for (int i = 0; i < bodies.length; i++) {
            bodies[i] = i == 1 || i == 4 ? "{\"code\": \"UNAVAILABLE\"}" : "{\"code\": \"INVALID\"}";
        }

        assertThat(invoke("fail", queue("orders", bodies))).isEqualTo(failures("m-2", "m-5"));
        assertThat(deadLetters.letters()).hasSize(8).allSatisfy(letter -> {
            assertThat(letter.pipeline()).isEqualTo("fail");
            assertThat(letter.reason().code()).isEqualTo(Failure.Code.INVALID);
        });
    }

    @Test
    void inAFifoQueueTheFirstThatFailsAndAllBehindItComeAgain() {
        Object answer = invoke(
                "echo|order",
                queue("orders.fifo", "{\"sku\":\"a\",\"quantity\":1}", "{\"x\":1}", "{\"sku\":\"c\",\"quantity\":1}"),
                false);

        assertThat(answer).isEqualTo(failures("m-2", "m-3"));
    }

    @Test
    void aRecordThatCanNeverSucceedIsBuriedAndNotBroughtAgain() {
        assertThat(invoke("see", queue("orders", "{broken"))).isEqualTo(failures());
        assertThat(deadLetters.letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason().detail()).contains("not JSON"));
    }

    @Test
    void withoutDeadLettersItComesBackForTheQueueToBury() {
        assertThat(invoke("see", queue("orders", "{broken"), false)).isEqualTo(failures("m-1"));
    }

    @Test
    void aMessageOfATopicIsDecodedWithItsAttributes() {
        invoke("about", Host.event("sns"));

        assertThat(seen).contains("tenant=acme", "sns.Subject=order");
    }

    @Test
    void aTopicsMessageThatMaySucceedLaterFailsTheInvocation() {
        Map<?, ?> event = topic("{\"code\": \"THROTTLED\"}");

        assertThatThrownBy(() -> invoke("fail", event))
                .isInstanceOf(LambdaEntryPoint.InvocationFailed.class)
                .hasMessage("THROTTLED: as asked");
    }

    @Test
    void anObjectOfABucketIsItsRecord() {
        invoke("see", Host.event("s3"));

        assertThat(seen).singleElement().asString().startsWith("see::s3:harbour/charts/a.png/0055AED6DCD90281E5/see {");
    }

    @Test
    void recordsOfAStreamKeepTheirOrder() {
        assertThat(invoke("see", Host.event("dynamodb"))).isEqualTo(failures());
        assertThat(seen).hasSize(2);
        assertThat(invoke("order", Host.event("dynamodb"), false)).isEqualTo(failures("111", "222"));
    }

    @Test
    void anEventsDetailIsTheBodyAndTheRestHeaders() {
        invoke("order", Host.event("eventbridge"));
        invoke("about", Host.event("eventbridge"));

        assertThat(seen).contains("event.source=shop.orders", "event.detail-type=Order placed", "event.id=ev-1");
    }

    @Test
    void aScheduleIsNamedByItsRuleAndTime() {
        invoke("see", Host.event("schedule-rule"));
        invoke("see", Host.event("scheduler"));

        assertThat(seen)
                .containsExactly(
                        "see::schedule:arn:aws:events:eu-west-1:1:rule/probe@2026-01-01T00:00:00Z/see {}",
                        "see::schedule:arn:aws:scheduler:eu-west-1:1:schedule/default/probe@2026-01-01T00:00:00Z/see {}");
    }

    @Test
    void aDirectInvocationIsTheInputAndTheAnswerTheOutput() {
        assertThat(invoke("order", Map.of("sku", "rope", "quantity", 3)))
                .isEqualTo(Map.of("sku", "rope", "quantity", 3, "key", "order::direct:request-1/order"));
    }

    @Test
    void aDirectInvocationThatFailsSaysWhyWithoutAStackTrace() {
        assertThatThrownBy(() -> invoke("order", Map.of()))
                .isInstanceOf(LambdaEntryPoint.InvocationFailed.class)
                .hasMessage("INVALID: /sku: missing; /quantity: missing")
                .satisfies(thrown -> assertThat(thrown.getStackTrace()).isEmpty());
        assertThatThrownBy(() -> invoke("stray", Map.of())).hasMessage("UNKNOWN: see the function's log");
        assertThatThrownBy(() -> invoke("defect", Map.of())).hasMessage("UNKNOWN: see the function's log");
    }

    @Test
    void anEventOfAnotherServiceIsRefused() {
        assertThatThrownBy(() -> invoke("see", Host.event("kinesis")))
                .hasMessageStartingWith("UNSUPPORTED: records of");
        assertThat(seen).isEmpty();
    }

    @Test
    void aDeploymentOfHttpAloneRefusesOtherTriggers() {
        assertThatThrownBy(() -> Host.invoke(host.entryPoint(null, null), Host.event("sqs")))
                .hasMessageContaining("PORTOLAN_PIPELINE");
    }

    private Object invoke(String pipeline, Object event) {
        return invoke(pipeline, event, true);
    }

    private Object invoke(String pipeline, Object event, boolean buries) {
        return Host.invoke(host.entryPoint(pipeline, buries ? deadLetters : null), event);
    }

    private static Map<String, Object> failures(String... items) {
        return Map.of(
                "batchItemFailures",
                List.of(items).stream()
                        .map(item -> Map.of("itemIdentifier", item))
                        .toList());
    }

    private static Map<?, ?> queue(String name, String... bodies) {
        List<Object> records = new ArrayList<>();
        for (String body : bodies) {
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("messageId", "m-" + (records.size() + 1));
            record.put("body", body);
            record.put("eventSource", "aws:sqs");
            record.put("eventSourceARN", "arn:aws:sqs:eu-west-1:123456789012:" + name);
            records.add(record);
        }
        return Map.of("Records", records);
    }

    private static Map<?, ?> topic(String message) {
        return Map.of(
                "Records",
                List.of(Map.of("EventSource", "aws:sns", "Sns", Map.of("MessageId", "n-1", "Message", message))));
    }

    @Test
    void recordsThatTheDeadlineLeftOverComeAgainUndecoded() {
        Host host = new Host();
        AtomicInteger ran = new AtomicInteger();
        host.functions().add("slow", Object.class, Object.class, input -> {
            ran.incrementAndGet();
            host.pass(Duration.ofMinutes(1));
            return input;
        });

        Map<?, ?> answer = (Map<?, ?>) Host.invoke(host.entryPoint("slow", null), batch("m-1", "m-2", "m-3"));

        assertThat(ran).hasValue(1);
        assertThat(answer.get("batchItemFailures"))
                .isEqualTo(List.of(Map.of("itemIdentifier", "m-2"), Map.of("itemIdentifier", "m-3")));
    }

    @Test
    void anInterruptThatAStepLeavesBehindDisturbsNoOther() {
        Host host = new Host();
        List<Boolean> disturbed = new ArrayList<>();
        host.functions().add("rude", Object.class, Object.class, input -> {
            disturbed.add(Thread.currentThread().isInterrupted());
            Thread.currentThread().interrupt();
            return input;
        });
        LambdaEntryPoint entryPoint = host.entryPoint("rude", null);

        Host.invoke(entryPoint, batch("m-1", "m-2"));
        Host.invoke(entryPoint, batch("m-3"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(disturbed).containsExactly(false, false, false);
    }

    @Test
    void aSenderCannotTakeAKeyThatIsAHosts() {
        Map<String, Object> forged =
                new LinkedHashMap<>(Map.of("eventSource", "aws:sqs", "messageId", "m-1", "body", "{}"));
        forged.put("messageAttributes", Map.of("Idempotency-Key", Map.of("stringValue", ":schedule:rule@now")));

        Map<?, ?> answer = (Map<?, ?>) Host.invoke(host.entryPoint("see", null), Map.of("Records", List.of(forged)));

        assertThat(answer.get("batchItemFailures")).isEqualTo(List.of(Map.of("itemIdentifier", "m-1")));
        assertThat(seen).isEmpty();
    }

    private static Map<String, Object> batch(String... ids) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (String id : ids) {
            records.add(Map.of("eventSource", "aws:sqs", "messageId", id, "body", "{}"));
        }
        return Map.of("Records", records);
    }
}
