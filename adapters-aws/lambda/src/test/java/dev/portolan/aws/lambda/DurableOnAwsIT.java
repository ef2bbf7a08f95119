package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.aws.dynamodb.DynamoDbStateStore;
import dev.portolan.aws.dynamodb.DynamoDbTable;
import dev.portolan.function.FunctionModule;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.json.Json;
import dev.portolan.state.StateStore;
import dev.portolan.testing.Moto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/// The template's Welcome as it is packaged, with its own drivers over DynamoDB, SQS and SES as moto imitates
/// them, in two processes under AWS's own runtime client.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DurableOnAwsIT {

    private static final String DONE = "{\"batchItemFailures\":[]}";

    @TempDir
    private Path folder;

    private final Moto moto = Moto.server();
    private final String table = Moto.name("durable");
    private String queue;
    private String deadLetters;
    private SamTemplate.Function function;

    @BeforeEach
    void deploy() throws IOException {
        try (DynamoDbClient client = there(DynamoDbClient.builder())) {
            client.createTable(DynamoDbTable.create(table));
        }
        try (SqsClient client = there(SqsClient.builder())) {
            queue = client.createQueue(create -> create.queueName(table)).queueUrl();
            deadLetters = client.createQueue(create -> create.queueName(table + "-dead"))
                    .queueUrl();
        }
        try (SesV2Client client = there(SesV2Client.builder())) {
            client.createEmailIdentity(create -> create.emailIdentity(sender()));
        }
        try (StateStore store = new DynamoDbStateStore(
                table, () -> light(DynamoDbClient.builder()), InstantSource.system(), new SecureRandom())) {
            new StoredProfiles(store, new Json()).put("user@example.com", Map.of("name", "Ada"));
        }
        function = UserPackage.of(SamTemplate.function("Welcome"), folder.resolve("package"))
                .withJar(
                        "voyage.jar",
                        List.of(SharedStore.class, SharedStore.Voyage.class),
                        Map.of(FunctionModule.class, SharedStore.Voyage.class))
                .function();
        Files.writeString(
                function.code().resolve("config/pipelines/voyage.yaml"),
                "{pipeline: voyage, durable: true, steps: [note, {sail: {timeout: 10m}}, note]}");
    }

    @Test
    void aRequestThatComesAgainElsewhereGetsTheStoredAnswerAndOneMailIsSent() throws Exception {
        String request = event("welcome-http");
        try (FunctionProcess first = start("welcome", "1");
                FunctionProcess second = start("welcome", "2")) {
            RuntimeApi.Answer answer = first.invoke(request);
            RuntimeApi.Answer again = second.invoke(request);
            RuntimeApi.Answer other = second.invoke(request.replace("9007199254740993", "8"));
            RuntimeApi.Answer state = second.invoke(event("welcome-execution-http"));

            assertThat(answer.body()).contains("\"statusCode\":200", "Ada", "notification");
            assertThat(again).isEqualTo(answer);
            assertThat(other.body()).contains("\"statusCode\":422", "KEY_REUSED");
            assertThat(state.body()).contains("\"statusCode\":200", "\\\"status\\\":\\\"DONE\\\"");
        }
        assertThat(mails()).isOne();
    }

    @Test
    void aMessageThatComesAgainElsewhereRunsNothingTwiceAndOneThatIsHopelessIsADeadLetter() throws Exception {
        String message = event("welcome-queue");
        try (FunctionProcess first = start("welcome", "1");
                FunctionProcess second = start("welcome", "2")) {
            assertThat(first.invoke(message).body()).isEqualTo(DONE);
            assertThat(second.invoke(message.replace("not JSON", "{\\\"email\\\":\\\"user@example.com\\\"}"))
                            .body())
                    .isEqualTo(DONE);
        }
        assertThat(mails()).isEqualTo(2);
        assertThat(received(deadLetters)).extracting(Message::body).containsExactly("not JSON");
    }

    @Test
    void whatADeadlineCutsOffIsFinishedWhereTheQueueBringsItsWakeUp() throws Exception {
        try (FunctionProcess first = start("voyage", "1")) {
            // Loads the client of DynamoDB, which a busy machine may need the time for.
            assertThat(first.invoke(event("welcome-execution-http")).body()).contains("\"statusCode\":404");
            assertThat(first.invoke(message("m-1"), Duration.ofSeconds(12)).body())
                    .isEqualTo(DONE);
        }
        List<Message> woken = received(queue);
        assertThat(woken).extracting(Message::body).containsExactly("voyage::sqs:m-1");
        Files.createFile(folder.resolve("wind"));

        try (FunctionProcess second = start("voyage", "2")) {
            assertThat(second.invoke(asLambdaHandsItOver(woken.getFirst())).body())
                    .isEqualTo(DONE);
            assertThat(second.invoke(message("m-1")).body()).isEqualTo(DONE);
        }
        assertThat(Files.readAllLines(folder.resolve("calls")))
                .containsExactly(
                        "voyage::sqs:m-1/note",
                        "voyage::sqs:m-1/sail",
                        "voyage::sqs:m-1/sail",
                        "voyage::sqs:m-1/note#2");
    }

    private FunctionProcess start(String pipeline, String log) throws IOException {
        Map<String, String> environment = new HashMap<>(function.environment());
        environment.putAll(moto.environment());
        environment.put("PORTOLAN_PIPELINE", pipeline);
        environment.put("PORTOLAN_STORE", "dynamodb:" + table);
        environment.put("PORTOLAN_CONTINUATION", "sqs:" + queue);
        environment.put("PORTOLAN_DEAD_LETTERS", "sqs:" + deadLetters);
        environment.put("PORTOLAN_NOTIFIER", "ses:Portolan <" + sender() + ">");
        environment.put(SharedStore.FOLDER, folder.toString());
        return FunctionProcess.onDemand(function.with(environment), folder.resolve("log" + log));
    }

    private String sender() {
        return table + "@example.com";
    }

    @SuppressWarnings("unchecked")
    private long mails() {
        Map<String, Map<String, List<Map<String, Object>>>> data =
                (Map<String, Map<String, List<Map<String, Object>>>>) new Json().decode(moto.data());
        return data.get("ses").get("Message").stream()
                .filter(mail -> String.valueOf(mail.get("source")).contains(sender()))
                .count();
    }

    private List<Message> received(String from) {
        try (SqsClient client = there(SqsClient.builder())) {
            return client.receiveMessage(receive ->
                            receive.queueUrl(from).maxNumberOfMessages(10).messageAttributeNames("All"))
                    .messages();
        }
    }

    private static String asLambdaHandsItOver(Message message) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        message.messageAttributes()
                .forEach((name, value) ->
                        attributes.put(name, Map.of("stringValue", value.stringValue(), "dataType", value.dataType())));
        return new Json()
                .pretty(Map.of(
                        "Records",
                        List.of(Map.of(
                                "eventSource",
                                "aws:sqs",
                                "messageId",
                                message.messageId(),
                                "body",
                                message.body(),
                                "messageAttributes",
                                attributes))));
    }

    private static String message(String id) {
        return """
                {"Records": [{"eventSource": "aws:sqs", "messageId": "%s", "body": "{}"}]}""".formatted(id);
    }

    private static String event(String name) throws IOException {
        return Files.readString(SamTemplate.PROJECT.resolve("events/" + name + ".json"));
    }

    private <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> C there(B builder) {
        return light(builder).build();
    }

    private <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B light(B builder) {
        return builder.httpClientBuilder(UrlConnectionHttpClient.builder())
                .region(Region.of(Moto.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("moto", "moto")))
                .endpointOverride(moto.address());
    }
}
