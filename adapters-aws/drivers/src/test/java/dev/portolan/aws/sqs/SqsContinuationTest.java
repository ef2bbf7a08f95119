package dev.portolan.aws.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.testing.ContinuationContract;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.sqs.model.Message;

@Timeout(60)
class SqsContinuationTest extends ContinuationContract {

    private final MotoQueue queue = new MotoQueue();
    private final SqsContinuation continuation = new SqsContinuation(queue.url(), MotoQueue::client);

    @AfterEach
    void close() {
        queue.close();
    }

    @Override
    protected void wake(String id, Duration delay) {
        continuation.wake(id, delay);
    }

    @Override
    protected List<String> wokenAfter(Duration passed, int least) throws Exception {
        Thread.sleep(passed);
        return queue.receive(least).stream().map(Message::body).toList();
    }

    @Test
    void aMessageSaysByItsAttributeThatItIsAWakeUp() throws Exception {
        continuation.wake("order:o-1", Duration.ZERO);

        assertThat(queue.receive(1)).singleElement().satisfies(message -> {
            assertThat(message.body()).isEqualTo("order:o-1");
            assertThat(message.messageAttributes()).hasSize(1);
            assertThat(message.messageAttributes().get("Portolan-Execution").stringValue())
                    .isEqualTo("order:o-1");
        });
    }

    @Test
    void aQuarterOfAnHourIsLeftToTheQueueAndMoreToTheSweep() {
        Faults faults = new Faults("SendMessage");
        SqsContinuation counted = new SqsContinuation(queue.url(), () -> faults.under(MotoQueue.client()));

        counted.wake("order:o-1", Duration.ofMinutes(15));
        counted.wake("order:o-2", Duration.ofMinutes(15).plusNanos(1));
        counted.wake("order:o-3", Duration.ofSeconds(Long.MAX_VALUE));

        assertThat(faults.requests()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"order:\uD83C", "order:\uFFFE"})
    void anIdThatNoMessageCarriesIsLeftToTheSweep(String id) {
        Faults faults = new Faults("SendMessage");

        new SqsContinuation(queue.url(), () -> faults.under(MotoQueue.client())).wake(id, Duration.ZERO);

        assertThat(faults.requests()).isZero();
    }

    @Test
    void aQueueThatIsGoneIsNamed() {
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> new SqsContinuation(queue.url() + "-gone", MotoQueue::client).wake("order:o-1", Duration.ZERO));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains("there is no queue queue-", "-gone", "deploy it");
    }

    @Test
    void aFifoQueueIsRefusedWithTheRemedy() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> new SqsContinuation("https://sqs.example/1/wake.fifo", MotoQueue::client));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains("by a standard queue");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "wake", "https://", "arn:aws:sqs:eu-central-1:123456789012:wake"})
    void whatIsNoUrlIsRefused(String url) {
        Failure failure = catchThrowableOfType(Failure.class, () -> new SqsContinuation(url, MotoQueue::client));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains("a queue's URL, as in sqs:https://");
    }
}
