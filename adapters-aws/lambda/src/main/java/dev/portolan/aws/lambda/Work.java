package dev.portolan.aws.lambda;

import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.http.HttpRequest;
import dev.portolan.invocation.Headers;
import dev.portolan.json.ForeignShape;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One piece of work in an event: a record of a batch, an event of a bus.
///
/// @param item what a partial batch response calls it; empty where there is none
/// @param key names the work, by the key that its sender gave it or after its source: the same when it is
///     delivered again
/// @param raw what came, for whoever must look at it where it cannot be decoded
/// @param body decodes it; throws a [Failure] `INVALID` for what the pipeline cannot take
/// @param wakes the execution that is to be run on, if it is a wake-up: no work for the pipeline. Null for work
record Work(
        String item,
        String key,
        @Nullable Object raw,
        Supplier<@Nullable Object> body,
        Headers headers,
        @Nullable String wakes) {

    /// The attribute of a queue's message that wakes an execution. Headers of HTTP are no attributes.
    private static final String WAKES = "Portolan-Execution";

    private static final Json JSON = new Json();

    private Work(String item, String key, @Nullable Object raw, Supplier<@Nullable Object> body, Headers headers) {
        this(item, key, raw, body, headers, null);
    }

    /// The pieces of work in an event of a queue, a topic, a bucket, a stream or a bus, in their order.
    ///
    /// @param takes what the pipeline takes, which tells whether a text is JSON, or the record is taken whole.
    ///     Asked for work alone
    /// @throws Failure `INVALID` if a record has no name to report it by: success would lose it; `UNSUPPORTED`
    ///     if the pipeline takes another trigger's records. No work may be begun then: the batch fails as one
    static List<Work> of(Trigger trigger, Map<?, ?> event, Supplier<Shape> takes) {
        if (trigger == Trigger.SCHEDULER || trigger == Trigger.EVENTBRIDGE) {
            return List.of(ofBus(event, fitting(trigger, takes)));
        }
        List<Work> all = new ArrayList<>();
        for (Object record : event.get("Records") instanceof List<?> records ? records : List.of()) {
            Map<?, ?> object = map(record);
            if (trigger == Trigger.SQS
                    && map(map(object.get("messageAttributes")).get(WAKES)).get("stringValue") instanceof String id) {
                String item = item(object.get("messageId"), "messageId");
                all.add(new Work(item, "", object, () -> null, Headers.NONE, id));
                continue;
            }
            Shape input = fitting(trigger, takes);
            all.add(
                    switch (trigger) {
                        case SQS -> ofQueue(object, input);
                        case SNS -> ofTopic(object, input);
                        case DYNAMODB -> ofStream(object);
                        default -> ofBucket(object);
                    });
        }
        return all;
    }

    private static Shape fitting(Trigger trigger, Supplier<Shape> takes) {
        Shape input = takes.get();
        if (input.foreign()) {
            AwsEvents.refuseOther(trigger, ((ForeignShape) input).type());
        }
        return input;
    }

    /// What is buried of it: of a message its text as it came, since whoever moves it back brings just that.
    ///
    /// @param event it as it was decoded, or as it came
    Event letter(Event event) {
        return raw instanceof String ? new Event(event.id(), raw, event.headers()) : event;
    }

    private static Work ofQueue(Map<?, ?> record, Shape input) {
        String id = item(record.get("messageId"), "messageId");
        Headers headers = keyed(attributes(map(record.get("messageAttributes")), "stringValue", "binaryValue"));
        Headers own = Headers.NONE;
        for (Map.Entry<?, ?> attribute : map(record.get("attributes")).entrySet()) {
            own = with(own, "sqs." + attribute.getKey(), attribute.getValue());
        }
        String trace = own.first("sqs.AWSTraceHeader");
        own = trace == null ? own : own.with("x-amzn-trace-id", trace);
        return ofMessage("sqs", id, record, record.get("body"), input, headers.replacedBy(own));
    }

    private static Work ofTopic(Map<?, ?> record, Shape input) {
        Map<?, ?> message = map(record.get("Sns"));
        Headers headers = attributes(map(message.get("MessageAttributes")), "Value", "Value");
        if (message.get("Subject") instanceof String subject) {
            headers = with(headers, "sns.Subject", subject);
        }
        return ofMessage("sns", text(message.get("MessageId")), record, message.get("Message"), input, headers);
    }

    /// A message has the key that its sender gave it, or its own id.
    private static Work ofMessage(
            String source, String id, Map<?, ?> record, @Nullable Object body, Shape input, Headers headers) {
        String key = headers.first("Idempotency-Key");
        return new Work(
                id,
                key == null ? named(source, id) : key,
                body instanceof String ? body : record,
                () -> {
                    if (key != null) {
                        Event.chosen(key);
                    }
                    return input.foreign() ? record : value(body, input);
                },
                headers);
    }

    /// The record as it is. A bucket's events have no id: the object's sequencer orders them, and names this
    /// one; where an event has none, what happened and when.
    private static Work ofBucket(Map<?, ?> record) {
        Map<?, ?> s3 = map(record.get("s3"));
        Map<?, ?> object = map(s3.get("object"));
        String bucket = text(map(s3.get("bucket")).get("name"));
        String name = text(object.get("key"));
        String sequencer = text(object.get("sequencer"));
        String last = sequencer.isEmpty() ? text(record.get("eventName")) + text(record.get("eventTime")) : sequencer;
        String key = bucket.isEmpty() || name.isEmpty() || last.isEmpty() ? "" : bucket + "/" + name + "/" + last;
        return new Work("", named("s3", key), record, () -> record, Headers.NONE);
    }

    private static Work ofStream(Map<?, ?> record) {
        String number = item(map(record.get("dynamodb")).get("SequenceNumber"), "SequenceNumber");
        return new Work(number, named("dynamodb", text(record.get("eventID"))), record, () -> record, Headers.NONE);
    }

    /// What happened is the body, what is known about it the headers. A schedule fires again under a new id:
    /// its name and time are the key.
    private static Work ofBus(Map<?, ?> event, Shape input) {
        Map<String, List<String>> about = new LinkedHashMap<>();
        for (Map.Entry<?, ?> known : event.entrySet()) {
            if (!known.getKey().equals("detail")) {
                about.put(
                        line("event." + known.getKey()),
                        texts(known.getValue()).stream().map(Work::line).toList());
            }
        }
        Headers headers = Headers.of(about);
        Object detail = event.get("detail");
        String resource = headers.first("event.resources");
        String time = text(event.get("time"));
        boolean scheduled = ("aws.events".equals(event.get("source")) || "aws.scheduler".equals(event.get("source")))
                && "Scheduled Event".equals(event.get("detail-type"))
                && resource != null
                && !time.isEmpty();
        return new Work(
                "",
                scheduled ? named("schedule", resource + "@" + time) : named("event", text(event.get("id"))),
                event,
                () -> input.foreign() ? whole(event, detail) : detail instanceof String ? value(detail, input) : detail,
                headers);
    }

    /// A scheduler sends the detail as a text.
    private static Map<?, ?> whole(Map<?, ?> event, @Nullable Object detail) {
        Map<Object, @Nullable Object> whole = new LinkedHashMap<>(event);
        whole.put("detail", detail instanceof String text ? JSON.decode(text) : detail);
        return whole;
    }

    /// JSON, unless the pipeline takes a string and no object: then the text itself.
    private static @Nullable Object value(@Nullable Object body, Shape input) {
        if (!(body instanceof String text)) {
            throw new Failure(Failure.Code.INVALID, "the record's body is no text");
        }
        boolean string = input.refusal(Shape.of(String.class)).isEmpty();
        boolean object = input.refusal(Shape.of(Map.class)).isEmpty();
        if (string && !object) {
            return text;
        }
        try {
            return JSON.decode(text);
        } catch (Failure failure) {
            if (string) {
                return text;
            }
            throw failure;
        }
    }

    private static Headers attributes(Map<?, ?> attributes, String textName, String bytesName) {
        Headers headers = Headers.NONE;
        for (Map.Entry<?, ?> entry : attributes.entrySet()) {
            Map<?, ?> attribute = map(entry.getValue());
            Object value = attribute.get(textName) == null ? attribute.get(bytesName) : attribute.get(textName);
            if (value != null && !HttpRequest.reserved(text(entry.getKey()))) {
                headers = with(headers, text(entry.getKey()), value);
            }
        }
        return headers;
    }

    /// A key that no attribute can hold comes back from the dead letters as JSON.
    private static Headers keyed(Headers headers) {
        String kept = headers.first("Idempotency-Key");
        if (kept == null || !"json".equals(headers.first("Portolan-Key"))) {
            return headers;
        }
        try {
            String key = text(JSON.decode(kept));
            return headers.replacedBy(with(Headers.NONE, "Idempotency-Key", key));
        } catch (Failure notOurs) {
            return headers;
        }
    }

    /// What a record is reported by. Lambda takes an empty name for a batch that failed: better before anything
    /// ran.
    private static String item(@Nullable Object name, String member) {
        if (name instanceof String text && !text.isBlank()) {
            return text;
        }
        throw new Failure(
                Failure.Code.INVALID, "a record has no " + member + " to report it by; the batch fails as a whole");
    }

    /// A key after a name that the source gives; empty where it gives none, which is no key. Keys have 255
    /// characters; a longer one is told apart by its hash.
    private static String named(String source, String name) {
        String key = name.isEmpty() ? "" : ":" + source + ":" + name;
        if (key.length() <= 200) {
            return key;
        }
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return key.substring(0, 150) + "#" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    /// One header more. It is one line: whoever passes it on must not be made to write a second.
    private static Headers with(Headers headers, String name, @Nullable Object value) {
        return headers.with(line(name), line(text(value)));
    }

    private static String line(String text) {
        return text.replace('\r', ' ').replace('\n', ' ').replace('\0', ' ');
    }

    /// A text, or what stands for one; anything else is not what the source sends, and counts as absent.
    static String text(@Nullable Object value) {
        return value instanceof String || value instanceof Number || value instanceof Boolean ? value.toString() : "";
    }

    /// The texts of a list, or the one text that stands in its place.
    static List<String> texts(@Nullable Object value) {
        List<String> texts = new ArrayList<>();
        for (Object element : value instanceof List<?> list ? list : Collections.singletonList(value)) {
            if (element != null) {
                texts.add(text(element));
            }
        }
        return texts;
    }
}
