package dev.portolan.aws.lambda;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// One piece of work in an event: a record of a batch, an event of a bus.
///
/// @param item what a partial batch response calls it; empty where there is none
/// @param key names the work: the same when it is delivered again
/// @param body decodes it; throws a [Failure] `INVALID` for what the pipeline cannot take
record Work(String item, String key, Supplier<@Nullable Object> body, Headers headers) {

    private static final Json JSON = new Json();

    /// The pieces of work in an event of a queue, a topic, a bucket, a stream or a bus, in their order.
    ///
    /// @param input what the pipeline takes, which tells whether a text is JSON
    static List<Work> of(Trigger trigger, Map<?, ?> event, Shape input) {
        List<Work> all = new ArrayList<>();
        switch (trigger) {
            case SCHEDULER, EVENTBRIDGE -> all.add(ofBus(event));
            default -> {
                for (Object record : list(event.get("Records"))) {
                    Map<?, ?> object = map(record);
                    all.add(
                            switch (trigger) {
                                case SQS -> ofQueue(object, input);
                                case SNS -> ofTopic(object, input);
                                case DYNAMODB -> ofStream(object);
                                default -> ofBucket(object);
                            });
                }
            }
        }
        return all;
    }

    private static Work ofQueue(Map<?, ?> record, Shape input) {
        String id = text(record.get("messageId"));
        Headers headers = attributes(map(record.get("messageAttributes")), "stringValue", "binaryValue");
        for (Map.Entry<?, ?> attribute : map(record.get("attributes")).entrySet()) {
            headers = headers.with("sqs." + attribute.getKey(), text(attribute.getValue()));
        }
        String trace = headers.first("sqs.AWSTraceHeader");
        headers = trace == null ? headers : headers.with("x-amzn-trace-id", trace);
        String key = headers.first("Idempotency-Key");
        return new Work(id, key == null ? id : key, () -> value(text(record.get("body")), input), headers);
    }

    private static Work ofTopic(Map<?, ?> record, Shape input) {
        Map<?, ?> message = map(record.get("Sns"));
        Headers headers = attributes(map(message.get("MessageAttributes")), "Value", "Value");
        String subject = text(message.get("Subject"));
        headers = subject.isEmpty() ? headers : headers.with("sns.Subject", subject);
        String id = text(message.get("MessageId"));
        String key = headers.first("Idempotency-Key");
        return new Work(id, key == null ? id : key, () -> value(text(message.get("Message")), input), headers);
    }

    /// The record as it is. A bucket's events have no id: the object's sequencer orders them, and names this one.
    private static Work ofBucket(Map<?, ?> record) {
        Map<?, ?> s3 = map(record.get("s3"));
        Map<?, ?> object = map(s3.get("object"));
        String key = String.join(
                "/", text(map(s3.get("bucket")).get("name")), text(object.get("key")), text(object.get("sequencer")));
        return new Work("", shortened(key), () -> record, Headers.NONE);
    }

    private static Work ofStream(Map<?, ?> record) {
        String number = text(map(record.get("dynamodb")).get("SequenceNumber"));
        return new Work(number, text(record.get("eventID")), () -> record, Headers.NONE);
    }

    /// What happened is the body, what is known about it the headers. A schedule fires again under a new id: its name
    /// and time are the key.
    private static Work ofBus(Map<?, ?> event) {
        Map<String, Object> about = new LinkedHashMap<>();
        event.forEach((name, value) -> about.put(text(name), value == null ? "" : value));
        Object detail = about.remove("detail");
        Headers headers = Headers.NONE;
        for (Map.Entry<String, Object> entry : about.entrySet()) {
            List<?> several = entry.getValue() instanceof List<?> list ? list : List.of(entry.getValue());
            for (Object value : several) {
                headers = headers.with("event." + entry.getKey(), text(value));
            }
        }
        String resource = headers.first("event.resources");
        boolean scheduled = "Scheduled Event".equals(event.get("detail-type")) && resource != null;
        String key = scheduled ? shortened(resource + "@" + text(event.get("time"))) : text(event.get("id"));
        return new Work("", key, () -> detail instanceof String text ? JSON.decode(text) : detail, headers);
    }

    /// JSON, unless the pipeline takes a string and no object: then the text itself.
    private static @Nullable Object value(String text, Shape input) {
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
            headers = headers.with(text(entry.getKey()), text(value));
        }
        return headers;
    }

    /// Keys have 255 characters; a longer one is told apart by its hash.
    private static String shortened(String key) {
        return key.length() <= 200
                ? key
                : key.substring(0, 150) + "#" + Base64.getEncoder().encodeToString(hash(key));
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static List<?> list(@Nullable Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    private static String text(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }
}
