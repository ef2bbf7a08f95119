package dev.portolan.aws.lambda;

import dev.portolan.failure.Failure;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What invoked the function, told by the shape of the event in a fixed order. Shapes: AWS Lambda Developer Guide,
/// "Invoking Lambda with events from other AWS services".
enum Trigger {
    /// An Application Load Balancer.
    ALB,
    /// An HTTP API or a function URL, payload format 2.0.
    HTTP_API,
    /// A REST API, or an HTTP API in payload format 1.0.
    REST_API,
    SQS,
    SNS,
    S3,
    DYNAMODB,
    /// EventBridge Scheduler's own payload.
    SCHEDULER,
    /// An event of EventBridge, a scheduled rule's among them.
    EVENTBRIDGE,
    /// Whatever the caller of the function sent.
    DIRECT;

    /// Marks of services whose events are not understood: better refused than taken for a direct invocation.
    private static final List<String> FOREIGN = List.of(
            "Records",
            "records",
            "requestContext",
            "awslogs",
            "triggerSource",
            "deliveryStreamArn",
            "alarmData",
            "invocationSchemaVersion",
            "getObjectContext",
            "invokingEvent",
            "CodePipeline.job",
            "raw_path",
            "routeArn",
            "methodArn");

    /// The trigger of an event.
    ///
    /// @throws Failure `UNSUPPORTED` for an event that bears another service's mark
    static Trigger of(@Nullable Object event) {
        if (event instanceof List<?> list) {
            // EventBridge Pipes sends a queue's records bare.
            for (Object element : list) {
                if (source(element) instanceof String) {
                    throw unsupported("a bare list of records is");
                }
            }
        }
        if (!(event instanceof Map<?, ?> object)) {
            return DIRECT;
        }
        if (object.containsKey("routeArn") || object.containsKey("methodArn")) {
            throw unsupported("an authorizer's request is");
        }
        if (object.get("requestContext") instanceof Map<?, ?> context) {
            if (context.containsKey("elb")) {
                return ALB;
            }
            if (context.get("http") instanceof Map<?, ?> && "2.0".equals(object.get("version"))) {
                return HTTP_API;
            }
        }
        if (object.containsKey("httpMethod") && object.containsKey("resource")) {
            return REST_API;
        }
        if (object.get("Records") instanceof List<?> records && !records.isEmpty()) {
            return ofRecords(records);
        }
        if ("aws.scheduler".equals(object.get("source"))) {
            return SCHEDULER;
        }
        if (object.containsKey("detail-type")) {
            return EVENTBRIDGE;
        }
        // A record of a source that is understood may be sent directly, as a trial; other sources' events are theirs.
        if (object.get("eventSource") instanceof String source && source.startsWith("aws:")) {
            ofSource(source);
        }
        for (String mark : FOREIGN) {
            if (object.containsKey(mark)) {
                throw unsupported("an event with '" + mark + "' is");
            }
        }
        return DIRECT;
    }

    /// The one source of all records: a batch of several is nobody's, and part of it would be lost on whoever took it.
    private static Trigger ofRecords(List<?> records) {
        Trigger trigger = ofSource(source(records.getFirst()));
        for (Object record : records) {
            if (ofSource(source(record)) != trigger) {
                throw unsupported("records of several sources in one batch are");
            }
        }
        return trigger;
    }

    /// SNS alone writes its names with capital letters.
    private static @Nullable Object source(@Nullable Object record) {
        return !(record instanceof Map<?, ?> object)
                ? null
                : object.containsKey("eventSource") ? object.get("eventSource") : object.get("EventSource");
    }

    private static Trigger ofSource(@Nullable Object source) {
        String named = source instanceof String text ? text : "";
        return switch (named) {
            case "aws:sqs" -> SQS;
            case "aws:sns" -> SNS;
            case "aws:s3" -> S3;
            case "aws:dynamodb" -> DYNAMODB;
            // Whoever invokes the function may write anything there.
            default ->
                throw unsupported(
                        named.matches("aws:[a-z0-9-]{1,30}")
                                ? "records of " + named + " are"
                                : "records that name no source are");
        };
    }

    /// Whether an event of SQS is a FIFO queue's, whose order holds. The queue's name says so; standard queues have
    /// message groups too.
    static boolean isFifo(Map<?, ?> event) {
        return event.get("Records") instanceof List<?> records
                && records.getFirst() instanceof Map<?, ?> record
                && String.valueOf(record.get("eventSourceARN")).endsWith(".fifo");
    }

    private static Failure unsupported(String what) {
        return new Failure(
                Failure.Code.UNSUPPORTED,
                what + " not understood; connect the source through SQS or EventBridge, or invoke the function"
                        + " directly with what it takes");
    }
}
