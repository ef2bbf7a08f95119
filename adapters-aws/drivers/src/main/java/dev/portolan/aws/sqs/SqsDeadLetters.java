package dev.portolan.aws.sqs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.aws.client.LightClients;
import dev.portolan.composer.Event;
import dev.portolan.deadletter.DeadLetters;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.json.Json;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;

/// Keeps dead letters in a standard queue of SQS. A message has the body as it came, and five attributes:
/// `Portolan-Pipeline`, `Portolan-Id`, `Portolan-Code`, `Portolan-Detail` and `Portolan-Body`, which says what
/// the body is.
///
/// | `Portolan-Body` | the message's body |
/// |---|---|
/// | `text` | the text |
/// | `base64` | the UTF-8 bytes of a text that has characters which SQS refuses |
/// | `json` | the value, or the empty text, as JSON |
///
/// The sender's key is a sixth, `Idempotency-Key`, as senders themselves give it: moved back to its queue, the
/// message is the same work. A key that SQS refuses as it is stands there as JSON, and `Portolan-Key` is `json`.
///
/// A message may be put twice, if an answer of SQS is lost. In what is for people, a character that SQS refuses
/// is replaced, and a long detail is cut.
public final class SqsDeadLetters implements DeadLetters {

    /// What SQS takes, attributes included; a queue may be set to less.
    static final int MESSAGE_LIMIT = 1024 * 1024;

    /// Names, types and values of the attributes stay below this.
    static final int ATTRIBUTES = 16 * 1024;

    private static final int MOST_CHARACTERS = 1000;

    private static final Json JSON = new Json();

    private final Queue queue;

    /// @param url of a standard queue
    /// @param client how to make the client, once it is needed
    /// @throws Failure `FAILED_PRECONDITION` if it is no queue's URL, or a FIFO queue's
    public SqsDeadLetters(String url, Supplier<SqsClientBuilder> client) {
        this.queue = Queue.of(url, client);
        if (queue.fifo()) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "dead letters have no order, and a FIFO queue wants one; keep them in a standard queue");
        }
    }

    static SqsDeadLetters open(String url) {
        return new SqsDeadLetters(url, () -> LightClients.light(SqsClient.builder()));
    }

    /// Puts work into the queue.
    ///
    /// @throws Failure `INVALID` if it is larger than a message may be, or no Unicode text: it is for whoever
    ///     brought it to keep
    @Override
    public void put(String pipeline, Event event, Failure reason) {
        String form;
        String body;
        if (!(event.body() instanceof String text)) {
            form = "json";
            body = json(event.body());
        } else if (text.isEmpty()) {
            // SQS takes no empty body.
            form = "json";
            body = "\"\"";
        } else if (Text.carried(text)) {
            form = "text";
            body = text;
        } else {
            form = "base64";
            body = base64(text);
        }
        int size = body.getBytes(UTF_8).length + ATTRIBUTES;
        if (size > MESSAGE_LIMIT) {
            throw new Failure(
                    Code.INVALID,
                    "a dead letter has at most " + (MESSAGE_LIMIT - ATTRIBUTES) + " bytes in SQS; this one has "
                            + (size - ATTRIBUTES) + ", and stays where it is. Keep large data in an object store "
                            + "and pass its name");
        }
        Map<String, String> attributes = new HashMap<>(key(event));
        attributes.put("Portolan-Pipeline", shown(pipeline));
        attributes.put("Portolan-Id", shown(event.id()));
        attributes.put("Portolan-Code", reason.code().name());
        attributes.put("Portolan-Detail", shown(reason.detail()));
        attributes.put("Portolan-Body", form);
        queue.send(body, attributes, 0);
    }

    /// What is cut is too long for a key, and stays so.
    private static Map<String, String> key(Event event) {
        String whole = event.headers().first("Idempotency-Key");
        if (whole == null) {
            return Map.of();
        }
        String key = cut(whole);
        return !key.isEmpty() && Text.carried(key)
                ? Map.of("Idempotency-Key", key)
                : Map.of("Idempotency-Key", json(key), "Portolan-Key", "json");
    }

    private static String json(@Nullable Object value) {
        return Text.escaped(new String(JSON.encode(value), UTF_8));
    }

    private static String base64(String text) {
        try {
            ByteBuffer bytes = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
            byte[] all = new byte[bytes.remaining()];
            bytes.get(all);
            return Base64.getEncoder().encodeToString(all);
        } catch (CharacterCodingException e) {
            throw new Failure(
                    Code.INVALID,
                    "the work is no Unicode text: it has half of a surrogate pair, and stays where it is",
                    e);
        }
    }

    /// At least one character, and no more than fit.
    private static String shown(String text) {
        String shown = Text.shown(cut(text));
        return shown.isEmpty() ? " " : shown;
    }

    private static String cut(String text) {
        if (text.length() <= MOST_CHARACTERS) {
            return text;
        }
        boolean pair = Character.isHighSurrogate(text.charAt(MOST_CHARACTERS - 1));
        return text.substring(0, pair ? MOST_CHARACTERS - 1 : MOST_CHARACTERS);
    }
}
