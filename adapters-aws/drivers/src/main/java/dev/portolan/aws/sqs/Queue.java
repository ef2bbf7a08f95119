package dev.portolan.aws.sqs;

import dev.portolan.aws.client.Calls;
import dev.portolan.aws.client.Resource;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/// A queue that messages are sent to. Thread-safe.
final class Queue {

    private final String url;
    private final Calls<SqsClient> calls;

    private Queue(String url, Calls<SqsClient> calls) {
        this.url = url;
        this.calls = calls;
    }

    /// A queue by its URL.
    ///
    /// @param client how to make the client, once it is needed
    /// @throws Failure `FAILED_PRECONDITION` if the URL is none
    static Queue of(String url, Supplier<SqsClientBuilder> client) {
        String name = url.substring(url.lastIndexOf('/') + 1);
        if (!(url.startsWith("https://") || url.startsWith("http://")) || name.isEmpty() || !Text.carried(url)) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "'sqs' needs a queue's URL, as in sqs:https://sqs.eu-central-1.amazonaws.com/123456789012/NAME");
        }
        return new Queue(url, new Calls<>(new Resource(Resource.Service.SQS, "queue", name), client));
    }

    boolean fifo() {
        return url.endsWith(".fifo");
    }

    /// Sends a message. It may arrive more than once.
    ///
    /// @param attributes of which SQS takes ten
    /// @param delay in seconds, 900 at most
    void send(String body, Map<String, String> attributes, int delay) {
        Map<String, MessageAttributeValue> values = new HashMap<>();
        attributes.forEach((name, value) -> values.put(
                name,
                MessageAttributeValue.builder()
                        .dataType("String")
                        .stringValue(value)
                        .build()));
        calls.write((client, attempts) -> client.sendMessage(message -> {
            message.queueUrl(url).messageBody(body).messageAttributes(values).overrideConfiguration(attempts.watched());
            if (delay > 0) {
                message.delaySeconds(delay);
            }
        }));
    }
}
