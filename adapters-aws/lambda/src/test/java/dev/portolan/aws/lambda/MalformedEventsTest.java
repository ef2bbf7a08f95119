package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.deadletter.DeadLetters;
import dev.portolan.deadletter.InMemoryDeadLetters;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Events that no source sends, and senders who mean harm.
class MalformedEventsTest {

    private static final String MARKER = "s3cret-marker";
    private static final Object REMOVED = new Object();

    private final Logs logs = new Logs();
    private final Host host = new Host();
    private final InMemoryDeadLetters deadLetters = new InMemoryDeadLetters();
    private final List<Invocation> seen = new ArrayList<>();

    MalformedEventsTest() {
        host.functions().add("see", Object.class, Map.class, input -> {
            seen.add(Invocation.current());
            return Map.of();
        });
    }

    @AfterEach
    void stopListening() {
        logs.close();
    }

    /// Each part of each event is taken away, nulled and mistyped, one at a time.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alb",
                "alb-multi",
                "http-api",
                "function-url",
                "rest-api",
                "sqs",
                "sns",
                "s3",
                "dynamodb",
                "eventbridge",
                "scheduler",
                "schedule-rule"
            })
    void aBrokenPartIsATypedRefusalAtMost(String name) {
        for (String pipeline : List.of("see", "order", "shout", "reversed")) {
            for (boolean buries : List.of(true, false)) {
                LambdaEntryPoint entryPoint = host.entryPoint(pipeline, buries ? deadLetters : null);
                for (Object broken : brokenForms(Host.event(name))) {
                    try {
                        if (Host.invoke(entryPoint, broken) instanceof Map<?, ?> answer) {
                            assertThat(answer.get("statusCode"))
                                    .as("%s", broken)
                                    .isIn(null, 200, 400, 404, 405, 415);
                        }
                    } catch (LambdaEntryPoint.InvocationFailed refused) {
                        assertThat(refused).as("%s", broken).hasMessageMatching("(INVALID|UNSUPPORTED): (?s).*");
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sqs", "dynamodb"})
    void noRecordOfABrokenBatchIsLost(String name) {
        for (Object broken : brokenForms(Host.event(name))) {
            seen.clear();
            int buried = deadLetters.letters().size();
            try {
                List<?> failures = (List<?>)
                        ((Map<?, ?>) Host.invoke(host.entryPoint("see", deadLetters), broken)).get("batchItemFailures");
                // What is no batch any more is a direct invocation, and has no such answer.
                if (failures != null) {
                    int records = ((List<?>) ((Map<?, ?>) broken).get("Records")).size();
                    assertThat(seen.size() + deadLetters.letters().size() - buried + failures.size())
                            .as("%s", broken)
                            .isEqualTo(records);
                }
            } catch (LambdaEntryPoint.InvocationFailed whole) {
                assertThat(seen).as("%s", broken).isEmpty();
            }
        }
    }

    @Test
    void aBatchWithARecordThatIsNoneFailsBeforeAnythingRan() {
        List<Object> records = new ArrayList<>((List<?>) Host.event("sqs").get("Records"));
        for (Object none : Arrays.asList(null, "text", 5, List.of(), Map.of())) {
            List<Object> mixed = new ArrayList<>(records);
            mixed.add(none);

            assertFails(Map.of("Records", mixed), "UNSUPPORTED: records that name no source");
        }
    }

    @Test
    void aBatchOfSeveralSourcesFailsBeforeAnythingRan() {
        List<Object> records = new ArrayList<>((List<?>) Host.event("sqs").get("Records"));
        records.addAll((List<?>) Host.event("dynamodb").get("Records"));

        assertFails(Map.of("Records", records), "UNSUPPORTED: records of several sources in one batch");
    }

    @Test
    void aRecordThatCouldNotBeReportedFailsItsBatchBeforeAnythingRan() {
        for (Object name : Arrays.asList(REMOVED, null, "", " ", 5)) {
            assertFails(
                    changed("sqs", 1, record -> set(record, "messageId", name)),
                    "INVALID: a record has no messageId to report it by");
            assertFails(
                    changed("dynamodb", 1, record -> {
                        Map<Object, Object> stream = new LinkedHashMap<>((Map<?, ?>) record.get("dynamodb"));
                        set(stream, "SequenceNumber", name);
                        record.put("dynamodb", stream);
                    }),
                    "INVALID: a record has no SequenceNumber to report it by");
        }
    }

    @Test
    void aMessageWhoseBodyIsNoTextIsBuriedByItself() {
        Object event = changed("sqs", 0, record -> record.put("body", 5));

        assertThat(Host.invoke(host.entryPoint("see", deadLetters), event))
                .isEqualTo(Map.of("batchItemFailures", List.of()));

        assertThat(seen).hasSize(1);
        assertThat(deadLetters.letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.event().body())
                        .isEqualTo(((List<?>) ((Map<?, ?>) event).get("Records")).getFirst()));
    }

    @Test
    void whatCannotBeDecodedIsBuriedAsItCame() {
        Object event = changed("sqs", 0, record -> record.put("body", "{broken"));

        Host.invoke(host.entryPoint("order", deadLetters), event);

        assertThat(deadLetters.letters()).singleElement().satisfies(letter -> {
            assertThat(letter.event().id()).isEqualTo("order:order-7");
            assertThat(letter.event().body()).isEqualTo("{broken");
            assertThat(letter.event().headers().first("sqs.AWSTraceHeader")).isEqualTo("Root=1-5f");
        });
    }

    @Test
    void aKeyThatIsNoneIsBuriedWithItsMessage() {
        Object event = changed(
                "sqs",
                0,
                record -> record.put(
                        "messageAttributes", Map.of("idempotency-key", Map.of("stringValue", "k".repeat(256)))));

        Host.invoke(host.entryPoint("see", deadLetters), event);

        assertThat(seen).hasSize(1);
        assertThat(deadLetters.letters())
                .singleElement()
                .satisfies(letter -> assertThat(letter.reason()).hasMessageStartingWith("a key has 1 to 255"));
    }

    @Test
    void anAttributeIsOneLineAndCannotPassForTheQueuesOwn() {
        Object event = changed(
                "sqs",
                0,
                record -> record.put(
                        "messageAttributes",
                        Map.of(
                                "traceparent", Map.of("stringValue", "00-a\r\nX-Admin: yes"),
                                "SQS.ApproximateReceiveCount", Map.of("stringValue", "99"),
                                "x-amzn-trace-id", Map.of("stringValue", "Root=forged"))));

        Host.invoke(host.entryPoint("see", null), event);

        Headers headers = seen.getFirst().headers();
        assertThat(headers.first("traceparent")).isEqualTo("00-a  X-Admin: yes");
        assertThat(headers.all("sqs.ApproximateReceiveCount")).containsExactly("1");
        assertThat(headers.all("x-amzn-trace-id")).containsExactly("Root=1-5f");
    }

    @Test
    void anEventOfABucketWithoutASequencerIsNamedByWhatHappenedAndWhen() {
        Object event = changed(
                "s3",
                0,
                record -> record.put(
                        "s3", Map.of("bucket", Map.of("name", "harbour"), "object", Map.of("key", "a.png"))));

        Host.invoke(host.entryPoint("see", null), event);

        assertThat(seen.getFirst().id()).isEqualTo("see::s3:harbour/a.png/ObjectCreated:Put2026-01-01T00:00:00.000Z");
    }

    @Test
    void anEventWithoutAnyNameIsRefused() {
        assertFails(changed("s3", 0, record -> record.remove("s3")), "INVALID: a key has 1 to 255");
        assertFails(with("eventbridge", "id", null), "INVALID: a key has 1 to 255");
    }

    @Test
    void aScheduleWithoutATimeIsNamedByItsId() {
        Host.invoke(host.entryPoint("see", null), with("scheduler", "time", null));

        assertThat(seen.getFirst().id()).isEqualTo("see::event:ev-3");
    }

    @Test
    void whoeverWritesTheSourceIsNotQuoted() {
        assertThatThrownBy(() -> Trigger.of(Map.of("Records", List.of(Map.of("eventSource", MARKER)))))
                .message()
                .doesNotContain(MARKER);
    }

    @Test
    void anotherSourcesEventThatIsNoBatchIsRefused() {
        assertFails(
                Map.of("eventSource", "aws:rmq", "rmqMessagesByQueue", Map.of()), "UNSUPPORTED: records of aws:rmq");
    }

    @Test
    void aMessageThatFailsInTheMiddleOfAFifoQueueHoldsAllBehindIt() {
        List<Object> records = new ArrayList<>();
        for (int i = 1; i <= 10; i++) {
            records.add(Map.of(
                    "messageId",
                    "m-" + i,
                    "body",
                    i == 5 ? "{\"code\":\"THROTTLED\"}" : "{\"code\":\"INVALID\"}",
                    "eventSource",
                    "aws:sqs",
                    "eventSourceARN",
                    "arn:aws:sqs:eu-west-1:1:orders.fifo"));
        }

        assertThat(Host.invoke(host.entryPoint("fail", deadLetters), Map.of("Records", records)))
                .isEqualTo(Map.of(
                        "batchItemFailures",
                        List.of("m-5", "m-6", "m-7", "m-8", "m-9", "m-10").stream()
                                .map(item -> Map.of("itemIdentifier", item))
                                .toList()));
        assertThat(deadLetters.letters()).hasSize(4);
    }

    @Test
    void whatCannotBeBuriedComesAgain() {
        DeadLetters full = (pipeline, event, reason) -> {
            throw new Failure(Failure.Code.UNAVAILABLE, "the queue is away");
        };

        assertThat(Host.invoke(host.entryPoint("order", full), changed("sqs", 0, record -> record.put("body", "{}"))))
                .isEqualTo(Map.of("batchItemFailures", List.of(Map.of("itemIdentifier", "m-1"))));
    }

    /// Every trigger, every way to fail: the payload is told to nobody.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "alb",
                "http-api",
                "rest-api",
                "sqs",
                "sns",
                "s3",
                "dynamodb",
                "eventbridge",
                "scheduler",
                "direct"
            })
    void noPayloadReachesACallerOrTheLog(String name) {
        DeadLetters broken = (pipeline, event, reason) -> {
            throw new IllegalStateException("cannot keep " + event.body());
        };
        host.functions().add("quote", Object.class, Map.class, input -> {
            throw new IllegalArgumentException("bad input " + input, new IllegalStateException(MARKER));
        });
        host.functions().add("overflow", Object.class, Map.class, input -> {
            throw new StackOverflowError(String.valueOf(input));
        });
        host.functions().add("unprintable", Object.class, Object.class, input -> new Unprintable());
        Object sent = name.equals("direct") ? Map.of("sku", MARKER) : marked(Host.event(name));
        List<Object> events = new ArrayList<>(List.of(sent));
        events.addAll(brokenForms(sent));
        for (String pipeline : List.of("order", "reversed", "quote", "overflow", "unprintable", "defect", "fail")) {
            for (DeadLetters graves : Arrays.asList(null, broken)) {
                LambdaEntryPoint entryPoint = host.entryPoint(pipeline, graves);
                for (Object event : events) {
                    try {
                        assertThat(String.valueOf(Host.invoke(entryPoint, event)))
                                .doesNotContain(MARKER, "\tat ", ".java");
                    } catch (LambdaEntryPoint.InvocationFailed failed) {
                        assertThat(Logs.printed(failed)).doesNotContain(MARKER, "\tat ", ".java");
                    }
                }
            }
        }
        assertThat(logs.lines()).isNotEmpty().noneMatch(line -> line.contains(MARKER));
    }

    @Test
    void aLineOfTheLogIsOneLine() {
        host.functions().add("count", Counts.class, Map.class, input -> Map.of());
        assertThatThrownBy(() -> Host.invoke(
                        host.entryPoint("count", null), Map.of("counts", Map.of("a\nSEVERE: forged", "text"))))
                .isInstanceOf(LambdaEntryPoint.InvocationFailed.class);

        assertThat(logs.lines()).noneMatch(line -> line.contains("\nSEVERE: forged"));
    }

    private static final class Unprintable {
        @Override
        public String toString() {
            return MARKER;
        }
    }

    record Counts(Map<String, Integer> counts) {}

    private void assertFails(Object event, String message) {
        assertThatThrownBy(() -> Host.invoke(host.entryPoint("see", null), event))
                .isInstanceOf(LambdaEntryPoint.InvocationFailed.class)
                .hasMessageStartingWith(message);
        assertThat(seen).isEmpty();
    }

    private static void set(Map<Object, Object> map, String name, Object value) {
        if (value == REMOVED) {
            map.remove(name);
        } else {
            map.put(name, value);
        }
    }

    private static Object with(String event, String name, Object value) {
        Map<Object, Object> changed = new LinkedHashMap<>(Host.event(event));
        set(changed, name, value);
        return changed;
    }

    /// An event with one of its records changed.
    private static Object changed(String event, int index, Consumer<Map<Object, Object>> change) {
        List<Object> records = new ArrayList<>((List<?>) Host.event(event).get("Records"));
        Map<Object, Object> record = new LinkedHashMap<>((Map<?, ?>) records.get(index));
        change.accept(record);
        records.set(index, record);
        return Map.of("Records", records);
    }

    /// An event whose payload is the marker.
    private static Object marked(Object tree) {
        Set<String> payload = new LinkedHashSet<>(List.of(
                "body",
                "Message",
                "detail",
                "S",
                "B",
                "Subject",
                "stringValue",
                "Value",
                "x-tenant",
                "X-Tenant",
                "size"));
        return switch (tree) {
            case Map<?, ?> map -> {
                Map<Object, Object> marked = new LinkedHashMap<>();
                map.forEach((name, value) -> marked.put(
                        name,
                        payload.contains(name)
                                ? (value instanceof Map ? Map.of("sku", MARKER) : "{\"sku\": \"" + MARKER + "\"}")
                                : marked(value)));
                yield marked;
            }
            case List<?> list -> list.stream().map(MalformedEventsTest::marked).toList();
            case null, default -> tree;
        };
    }

    /// All that comes of removing, nulling or mistyping one part of a tree.
    static List<Object> brokenForms(Object tree) {
        List<Object> forms = new ArrayList<>();
        switch (tree) {
            case Map<?, ?> map ->
                map.forEach((name, value) -> {
                    List<Object> others = new ArrayList<>(wrong());
                    others.add(REMOVED);
                    others.addAll(brokenForms(value));
                    for (Object other : others) {
                        Map<Object, Object> form = new LinkedHashMap<>(map);
                        set(form, name.toString(), other);
                        forms.add(form);
                    }
                });
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    List<Object> others = new ArrayList<>(wrong());
                    others.addAll(brokenForms(list.get(i)));
                    for (Object other : others) {
                        List<Object> form = new ArrayList<>(list);
                        form.set(i, other);
                        forms.add(form);
                    }
                }
            }
            case null, default -> {}
        }
        return forms;
    }

    private static List<Object> wrong() {
        return Arrays.asList(null, 5, "text", true, List.of(), Map.of(), Arrays.asList((Object) null));
    }
}
