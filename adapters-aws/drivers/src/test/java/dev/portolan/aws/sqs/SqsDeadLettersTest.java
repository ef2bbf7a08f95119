package dev.portolan.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.testing.DeadLettersContract;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

@Timeout(60)
class SqsDeadLettersTest extends DeadLettersContract {

    private final Failure reason = new Failure(Code.INVALID, "/quantity: missing");

    private final MotoQueue queue = new MotoQueue();
    private final SqsDeadLetters deadLetters = new SqsDeadLetters(queue.url(), MotoQueue::client);

    @AfterEach
    void close() {
        queue.close();
    }

    @Override
    protected void put(String pipeline, String id, Headers headers, Object body, Failure reason) {
        deadLetters.put(pipeline, new Event(id, body, headers), reason);
    }

    @Override
    protected List<Letter> letters() throws Exception {
        List<Letter> letters = new ArrayList<>();
        for (Message message : queue.receive(1)) {
            String text = message.body();
            letters.add(new Letter(
                    attribute(message, "Pipeline"),
                    attribute(message, "Id"),
                    key(message),
                    switch (attribute(message, "Body")) {
                        case "json" -> new Json().decode(text);
                        case "base64" -> new String(Base64.getDecoder().decode(text), UTF_8);
                        default -> text;
                    },
                    attribute(message, "Code"),
                    attribute(message, "Detail")));
        }
        return letters;
    }

    private static @Nullable String key(Message message) {
        MessageAttributeValue key = message.messageAttributes().get("Idempotency-Key");
        if (key == null) {
            return null;
        }
        return message.messageAttributes().containsKey("Portolan-Key")
                ? (String) new Json().decode(key.stringValue())
                : key.stringValue();
    }

    private static String attribute(Message message, String name) {
        return message.messageAttributes().get("Portolan-" + name).stringValue();
    }

    @Test
    void aTextIsTheBodySoThatItCanBeMovedBack() throws Exception {
        put("order", "order:o-1", "{\"quantity\": 7}", reason);

        assertThat(queue.receive(1)).extracting(Message::body).containsExactly("{\"quantity\": 7}");
    }

    @Test
    void aKeyIsInTheAttributeThatItsSenderSet() throws Exception {
        put("order", "order:o-1", Headers.NONE.with("Idempotency-Key", "o-1"), "a", reason);

        assertThat(queue.receive(1)).singleElement().satisfies(message -> {
            assertThat(message.messageAttributes().get("Idempotency-Key").stringValue())
                    .isEqualTo("o-1");
            assertThat(message.messageAttributes())
                    .containsOnlyKeys(
                            "Portolan-Pipeline",
                            "Portolan-Id",
                            "Portolan-Code",
                            "Portolan-Detail",
                            "Portolan-Body",
                            "Idempotency-Key");
        });
    }

    /// Of all that is in them.
    @Test
    void theAttributesStayBelowWhatIsKeptForThem() throws Exception {
        String words = "\uffff".repeat(100_000);
        deadLetters.put(
                words,
                new Event(words, "a", Headers.NONE.with("Idempotency-Key", words)),
                new Failure(Code.FAILED_PRECONDITION, words));

        assertThat(queue.receive(1)).singleElement().satisfies(message -> {
            assertThat(message.messageAttributes()).hasSizeLessThanOrEqualTo(10);
            assertThat(message.messageAttributes().entrySet().stream()
                            .mapToInt(attribute -> (attribute.getKey()
                                            + attribute.getValue().dataType()
                                            + attribute.getValue().stringValue())
                                    .getBytes(UTF_8)
                                    .length)
                            .sum())
                    .isLessThanOrEqualTo(SqsDeadLetters.ATTRIBUTES);
        });
    }

    @Test
    void anEmptyTextIsKept() throws Exception {
        put("order", "order:o-1", "", reason);

        assertThat(letters()).extracting(Letter::body).containsExactly("");
    }

    @Test
    void whatIsTooLargeStaysWhereItIs() throws Exception {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> put("order", "order:o-1", "x".repeat(SqsDeadLetters.MESSAGE_LIMIT), reason));

        assertThat(failure.code()).isEqualTo(Code.INVALID);
        assertThat(failure.detail()).contains("at most 1032192 bytes", "has 1048576", "stays where it is");
        assertThat(queue.receive(0)).isEmpty();
    }

    @Test
    void whatIsTooLargeForItsQueueStaysWhereItIs() {
        Faults faults = Faults.always(
                "SendMessage",
                Faults.refused(
                        400,
                        "InvalidParameterValue",
                        "One or more parameters are invalid. Reason: Message must be shorter than 1024 bytes.",
                        Map.of()));

        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> new SqsDeadLetters(queue.url(), () -> faults.under(MotoQueue.client()))
                        .put("order", new Event("order:o-1", "x", Headers.NONE), reason));

        assertThat(failure.code()).isEqualTo(Code.INVALID);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
        assertThat(failure.detail()).contains("larger than the queue queue-");
    }

    @Test
    void halfOfASurrogatePairStaysWhereItIs() {
        Failure failure = catchThrowableOfType(Failure.class, () -> put("order", "order:o-1", "a\uD83C", reason));

        assertThat(failure.code()).isEqualTo(Code.INVALID);
        assertThat(failure.detail()).contains("stays where it is");
    }

    @Test
    void aLetterWhoseAnswerWasLostIsThere() throws Exception {
        Faults faults = new Faults("SendMessage", Faults.lost());

        new SqsDeadLetters(queue.url(), () -> faults.under(MotoQueue.client()))
                .put("order", new Event("order:o-1", "x", Headers.NONE), reason);

        assertThat(queue.receive(1)).extracting(Message::body).isNotEmpty().containsOnly("x");
    }

    @Test
    void aFifoQueueIsRefused() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> new SqsDeadLetters("https://sqs.example/1/dead.fifo", MotoQueue::client));

        assertThat(failure.detail()).contains("in a standard queue");
    }
}
