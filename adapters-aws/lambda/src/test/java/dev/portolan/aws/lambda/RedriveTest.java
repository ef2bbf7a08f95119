package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import dev.portolan.aws.sqs.SqsDeadLetters;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Invocation;
import dev.portolan.testing.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;

/// Work that was buried in SQS and is moved back to its queue, under a new message id and else as it is.
@Timeout(60)
class RedriveTest {

    private static final Object NONE = Map.of("batchItemFailures", List.of());

    private final Host host = new Host();
    private final SqsClient sqs = client().build();
    private final String queue =
            sqs.createQueue(create -> create.queueName(Moto.name("redrive"))).queueUrl();
    private final SqsDeadLetters deadLetters = new SqsDeadLetters(queue, RedriveTest::client);
    private final List<String> calls = new ArrayList<>();
    private boolean mended;

    @TempDir
    private Path folder;

    @BeforeEach
    void deploy() throws IOException {
        host.functions().add("note", Map.class, Map.class, input -> {
            calls.add(Invocation.current().key());
            return input;
        });
        host.functions().add("permit", Map.class, Map.class, this::permitted);
        host.functions().add("see", Object.class, Object.class, this::permitted);
        host.functions()
                .add("whole", SQSMessage.class, Object.class, message -> permitted(String.valueOf(message.getBody())));
        Files.writeString(folder.resolve("voyage.yaml"), "{pipeline: voyage, durable: true, steps: [note, permit]}");
    }

    private <T> T permitted(T input) {
        calls.add(Invocation.current().key());
        if (!mended) {
            throw new Failure(Failure.Code.DENIED, "not before it is mended");
        }
        calls.add(input.getClass().getSimpleName() + " " + input);
        return input;
    }

    @AfterEach
    void close() {
        sqs.close();
    }

    @Test
    void anExecutionIsTheOneThatItWas() {
        assertThat(invoke("voyage", message("o-1", "{}"))).isEqualTo(NONE);
        mended = true;

        assertThat(invoke("voyage", redriven())).isEqualTo(NONE);

        assertThat(calls).as("it answers what it came to").containsExactly("voyage:o-1/note", "voyage:o-1/permit");
        assertThat(attribute(redriven(), "Portolan-Id")).isEqualTo("voyage:o-1");
    }

    /// A topic carries characters that no message of a queue may have.
    @ParameterizedTest
    @ValueSource(strings = {"o-1", "\"8\"", "Zoë 世界 🌍", "no characters \ufffe\uffff"})
    void aKeyOfAnyCharactersIsTheSame(String key) {
        invoke(
                "see",
                Map.of(
                        "Records",
                        List.of(Map.of(
                                "EventSource",
                                "aws:sns",
                                "Sns",
                                Map.of(
                                        "MessageId",
                                        "n-1",
                                        "Message",
                                        "{}",
                                        "MessageAttributes",
                                        Map.of("Idempotency-Key", Map.of("Value", key)))))));

        assertThat(invoke("see", redriven())).isEqualTo(NONE);
        assertThat(invoke("see", redriven())).as("a second time").isEqualTo(NONE);

        assertThat(calls).hasSize(3).containsOnly("see:" + key + "/see");
    }

    /// Who forged a key has none after the detour either.
    @ParameterizedTest
    @ValueSource(strings = {":schedule:rule/probe@2026-01-01T00:00:00Z", ":sqs:m-2"})
    void aKeyOfAHostStaysRefused(String forged) {
        mended = true;
        assertThat(invoke("see", message(forged, "{}"))).isEqualTo(NONE);

        assertThat(invoke("see", redriven())).isEqualTo(NONE);

        assertThat(calls).isEmpty();
    }

    /// What it was decoded to may be written in another way, which would be decoded to something else.
    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": 1.0}", "\"7\"", "7", "\"\\u0000\"", "plain", " "})
    void aMessageHasTheVeryTextThatCame(String text) {
        invoke("see", message("o-1", text));

        assertThat(record(redriven()).get("body")).isEqualTo(text);
    }

    @Test
    void aWholeMessageIsNotWrappedIntoAnother() {
        invoke("whole", message("o-1", "ahoy"));
        mended = true;

        invoke("whole", redriven());

        assertThat(calls).containsExactly("whole:o-1/whole", "whole:o-1/whole", "String ahoy");
    }

    private Object invoke(String pipeline, Object event) {
        return Host.invoke(host.entryPoint(pipeline, deadLetters, DefinitionFolder.read(folder)), event);
    }

    private static Map<String, Object> message(String key, String body) {
        return event("m-1", body, Map.of("Idempotency-Key", Map.of("stringValue", key, "dataType", "String")));
    }

    /// The dead letter as Lambda hands it over from the queue that it was moved to.
    private Map<String, Object> redriven() {
        Message letter = sqs.receiveMessage(receive -> receive.queueUrl(queue).messageAttributeNames("All"))
                .messages()
                .getFirst();
        sqs.deleteMessage(delete -> delete.queueUrl(queue).receiptHandle(letter.receiptHandle()));
        Map<String, Object> attributes = new HashMap<>();
        letter.messageAttributes()
                .forEach((name, value) ->
                        attributes.put(name, Map.of("stringValue", value.stringValue(), "dataType", value.dataType())));
        return event("m-after-" + letter.messageId(), letter.body(), attributes);
    }

    private static Map<String, Object> event(String id, String body, Map<String, Object> attributes) {
        return Map.of(
                "Records",
                List.of(Map.of(
                        "eventSource", "aws:sqs", "messageId", id, "body", body, "messageAttributes", attributes)));
    }

    private static Object attribute(Map<String, Object> event, String name) {
        Map<?, ?> attributes = (Map<?, ?>) record(event).get("messageAttributes");
        return ((Map<?, ?>) attributes.get(name)).get("stringValue");
    }

    private static Map<?, ?> record(Map<String, Object> event) {
        return (Map<?, ?>) ((List<?>) event.get("Records")).getFirst();
    }

    private static SqsClientBuilder client() {
        return SqsClient.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(Moto.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("moto", "moto")))
                .endpointOverride(Moto.server().address());
    }
}
