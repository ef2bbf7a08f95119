package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every trigger, on the packages and the functions of the template with state in memory, under AWS's own runtime
/// client.
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class TriggersIT {

    @TempDir
    private static Path folder;

    private static final Map<String, FunctionProcess> FUNCTIONS = new HashMap<>();

    @BeforeAll
    static void start() throws IOException {
        for (String name : new String[] {"Validate", "Enrich", "Notify", "Welcome", "Sweep"}) {
            FUNCTIONS.put(
                    name, FunctionProcess.onDemand(SamTemplate.function(name).inMemory(), folder.resolve(name)));
        }
        SamTemplate.Function probe = UserPackage.of(
                        SamTemplate.function("HealthProbe").inMemory(), folder.resolve("package"))
                .function();
        Files.writeString(probe.code().resolve("config/endpoints.yaml"), """
                - {name: website, url: 'tcp://127.0.0.1:9'}
                - {name: website-port, url: 'tcp://127.0.0.1:9'}
                """);
        FUNCTIONS.put(probe.name(), FunctionProcess.onDemand(probe, folder.resolve(probe.name())));
    }

    @AfterAll
    static void stop() {
        FUNCTIONS.values().forEach(FunctionProcess::close);
    }

    @ParameterizedTest(name = "{0} to {1}: {2}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            validate      | Validate | response | {"email":"ada@example.com","name":"Ada","order":9007199254740993}
            validate-http | Validate | response | "statusCode":200
            enrich        | Enrich   | response | "order":9007199254740993,"name":"Ada","plan":"explorer"
            enrich-http   | Enrich   | response | "statusCode":200
            notify        | Notify   | response | "notification":{"id":
            notify-http   | Notify   | response | "statusCode":200
            welcome       | Welcome  | response | "plan":"explorer","notification":{"id":
            welcome-http  | Welcome  | response | "statusCode":200
            welcome-execution-http | Welcome | response | \\"status\\":\\"DONE\\"
            welcome-url   | Welcome  | response | "statusCode":200
            welcome-queue | Welcome  | response | {"batchItemFailures":[{"itemIdentifier":"00000000-0000-0000-0000-000000000002"}]}
            welcome-wake-up | Welcome | response | {"batchItemFailures":[]}
            sweep-schedule | Sweep | response | null
            health-probe  | HealthProbe | response | [{"endpoint":"website",
            """)
    void anEventOfTheTemplatesTriggersIsAnswered(String event, String function, String kind, String words)
            throws Exception {
        Path file = SamTemplate.PROJECT.resolve("events/" + event + ".json");

        assertAnswered(file, function, kind, words);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            alb           | response | "statusCode":400
            alb-multi     | response | "multiValueHeaders":{
            function-url  | response | /email: missing
            http-api      | response | /email: missing
            rest-api      | response | "multiValueHeaders":{
            sqs           | response | {"batchItemFailures":[{"itemIdentifier":"m-1"}
            dynamodb      | response | {"batchItemFailures":[{"itemIdentifier":"111"}
            sns           | error    | /email: missing
            s3            | error    | /email: missing
            eventbridge   | error    | /email: missing
            schedule-rule | error    | /email: missing
            scheduler     | error    | /email: missing
            cognito       | error    | UNSUPPORTED: an event with 'triggerSource' is not understood
            firehose      | error    | UNSUPPORTED: an event with 'records' is not understood
            kafka         | error    | UNSUPPORTED: records of aws:kafka are not understood
            kinesis       | error    | UNSUPPORTED: records of aws:kinesis are not understood
            logs          | error    | UNSUPPORTED: an event with 'awslogs' is not understood
            websocket     | error    | UNSUPPORTED: an event with 'requestContext' is not understood
            """)
    void anEventThatTheFunctionCannotTakeIsRefusedWithTheReason(String event, String kind, String words)
            throws Exception {
        assertAnswered(Path.of("src/test/resources/events", event + ".json"), "Validate", kind, words);
    }

    private void assertAnswered(Path event, String function, String kind, String words) throws Exception {
        FunctionProcess process = FUNCTIONS.get(function);

        RuntimeApi.Answer answer = process.invoke(Files.readString(event));

        assertThat(answer.kind()).as(answer.body()).isEqualTo(kind);
        assertThat(answer.body()).contains(words).doesNotContain(".java");
        assertThat(process.log()).doesNotContain("@example.com");
    }
}
