package dev.portolan.aws.sqs;

import dev.portolan.aws.client.LightClients;
import dev.portolan.execution.Continuation;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/// Wakes executions by messages that a queue of SQS holds back until their time: the id is the body, and the
/// value of the attribute `Portolan-Execution`, by which whoever receives it knows that it is no work.
///
/// SQS holds a message back for 15 minutes at most, to the second. What waits longer is left to the sweep, and
/// so is an execution whose id has a character that SQS takes in no text, such as half of a surrogate pair.
public final class SqsContinuation implements Continuation {

    private static final String WAKES = "Portolan-Execution";
    private static final Duration LONGEST = Duration.ofMinutes(15);
    private static final long NANOS = 1_000_000_000;

    private final Queue queue;

    /// @param url of a standard queue
    /// @param client how to make the client, once it is needed
    /// @throws Failure `FAILED_PRECONDITION` if it is no queue's URL, or a FIFO queue's
    public SqsContinuation(String url, Supplier<SqsClientBuilder> client) {
        this.queue = Queue.of(url, client);
        if (queue.fifo()) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "a FIFO queue holds no message back by itself; wake executions by a standard queue");
        }
    }

    static SqsContinuation open(String url) {
        return new SqsContinuation(url, () -> LightClients.light(SqsClient.builder()));
    }

    @Override
    public void wake(String id, Duration delay) {
        if (delay.compareTo(LONGEST) <= 0 && !id.isEmpty() && Text.carried(id)) {
            int seconds = Math.toIntExact(Math.ceilDiv(Math.max(0, delay.toNanos()), NANOS));
            queue.send(id, Map.of(WAKES, id), seconds);
        }
    }
}
