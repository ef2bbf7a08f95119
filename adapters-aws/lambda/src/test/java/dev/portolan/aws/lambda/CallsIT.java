package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What each function of the template calls, with its own package, environment and drivers, beside
/// `function-calls.tsv`, which its role is held to.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class CallsIT {

    private static final String CUSTOMER = "{\"email\":\"user@example.com\"}";

    /// A message that nobody can welcome.
    private static final String HOPELESS = """
            {"Records": [{"messageId": "m-1", "eventSource": "aws:sqs", "body": "{}",
             "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:WelcomeQueue"}]}
            """;

    @TempDir
    private Path folder;

    private AwsStandIn aws;

    @BeforeEach
    void start() throws IOException {
        aws = new AwsStandIn();
        aws.store("profile:user@example.com", "{\"name\":\"Ada\",\"plan\":\"explorer\"}");
    }

    @AfterEach
    void stop() {
        aws.close();
    }

    @Test
    void enrichCallsWhatTheTableSays() throws Exception {
        try (FunctionProcess enrich = started(SamTemplate.function("Enrich"))) {
            assertThat(enrich.invoke(CUSTOMER).body()).contains("explorer");
        }
        assertThat(aws.calls()).isEqualTo(listed("Enrich"));
    }

    @Test
    void notifyCallsWhatTheTableSays() throws Exception {
        try (FunctionProcess notify = started(SamTemplate.function("Notify"))) {
            assertThat(notify.invoke(event("notify")).body()).contains("\"notification\":{\"id\":\"m-1\"}");
            aws.refuseMail(true);
            assertThat(notify.invoke(event("notify")).kind()).isEqualTo("error");
        }
        assertThat(aws.calls()).isEqualTo(listed("Notify"));
    }

    @Test
    void welcomeAndTheSweepCallWhatTheTableSays() throws Exception {
        String request = event("welcome-http");
        try (FunctionProcess welcome = started(SamTemplate.function("Welcome"))) {
            assertThat(welcome.invoke(request).body()).contains("\"statusCode\":200");
            assertThat(welcome.invoke(HOPELESS).body()).isEqualTo("{\"batchItemFailures\":[]}");
            aws.refuseMail(true);
            assertThat(welcome.invoke(request.replace("order-7", "order-8")).body())
                    .contains("\"statusCode\":4");
            Set<String> without = listed("Welcome");
            assertThat(without).contains("sqs.SendMessage\tWakeUps");
            without.remove("sqs.SendMessage\tWakeUps");
            assertThat(aws.calls()).isEqualTo(without);

            for (String key : new String[] {"order-9", "order-10"}) {
                assertThat(welcome.invoke(request.replace("order-7", key)
                                        .replace("\"headers\": {", "\"headers\": {\"prefer\": \"respond-async\","))
                                .body())
                        .contains("\"statusCode\":202");
            }
            assertThat(aws.calls()).contains("sqs.SendMessage\tWakeUps").isSubsetOf(listed("Welcome"));
        }

        try (FunctionProcess sweep = started(SamTemplate.function("Sweep"))) {
            sweep.invoke(event("sweep-schedule"));
            Set<String> made = aws.calls();
            // Only where the sweep's own time runs out.
            made.add("sqs.SendMessage\tWakeUps");
            assertThat(made).isEqualTo(listed("Sweep"));
        }
    }

    @Test
    void theProbeCallsWhatTheTableSays() throws Exception {
        SamTemplate.Function probe = UserPackage.of(SamTemplate.function("HealthProbe"), folder.resolve("package"))
                .function();
        Files.writeString(probe.code().resolve("config/endpoints.yaml"), """
                - {name: website, url: 'tcp://127.0.0.1:9'}
                - {name: website-port, url: 'tcp://127.0.0.1:9'}
                """);
        try (FunctionProcess process = started(probe)) {
            assertThat(process.invoke(event("health-probe")).body())
                    .contains("website-port")
                    .doesNotContain("not stored");
        }
        assertThat(aws.calls()).isEqualTo(listed("HealthProbe"));
    }

    /// A function with the resources of a stack, all of them in the stand-in.
    private FunctionProcess started(SamTemplate.Function function) throws IOException {
        Map<String, String> environment = new TreeMap<>(function.environment());
        environment.replaceAll((name, value) -> value.replace("${AWS::StackName}", "portolan")
                .replace("${State}", "State")
                .replace("${Sender}", "Portolan <hello@example.com>")
                .replaceAll("\\$\\{(WakeUps|DeadLetters)}", aws.address() + "/123456789012/$1"));
        assertThat(environment.values()).noneMatch(value -> value.contains("${"));
        environment.put("AWS_ENDPOINT_URL", aws.address());
        environment.put("AWS_ACCESS_KEY_ID", "nobody");
        environment.put("AWS_SECRET_ACCESS_KEY", "nobody");
        return FunctionProcess.onDemand(function.with(environment), folder.resolve(function.name()));
    }

    private static String event(String name) throws IOException {
        return Files.readString(SamTemplate.PROJECT.resolve("events/" + name + ".json"));
    }

    private static Set<String> listed(String function) throws IOException {
        try (Stream<String> lines = Files.lines(SamTemplate.PROJECT.resolve("adapters-aws/function-calls.tsv"))) {
            return lines.filter(line -> line.startsWith(function + "\t"))
                    .map(line -> line.substring(function.length() + 1))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }
}
