package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A function that fails, driven through each kind of trigger: what its own metric counts, and what Lambda's
/// would.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class MetricsIT {

    private static final String HTTP = """
            {"version":"2.0","rawPath":"/explode","headers":{"content-type":"application/json"},
             "requestContext":{"http":{"method":"POST"}},"body":"{}","isBase64Encoded":false}""";

    private static final String SQS = """
            {"Records":[{"eventSource":"aws:sqs","messageId":"one","body":"{}","attributes":{"SentTimestamp":"0"},
             "eventSourceARN":"arn:aws:sqs:eu-west-1:123456789012:work"}]}""";

    private static final String SCHEDULE = "{}";

    @TempDir
    private Path folder;

    /// Of an answered request and of a batch with failed items, Lambda's own metric counts nothing.
    @ParameterizedTest
    @CsvSource({"HTTP, false", "SQS, false", "SCHEDULE, true"})
    void everyTriggersFailureMovesTheMetricThatAlarmsWatch(String trigger, boolean lambdaCounts) throws Exception {
        SamTemplate.Function function = UserFunctions.addedTo(
                        SamTemplate.function("Validate"), folder.resolve("package"))
                .with(Map.of(
                        "PORTOLAN_STORE", "memory",
                        "PORTOLAN_PIPELINE", "explode",
                        "PORTOLAN_METRICS", "Portolan/test"));
        String event = Map.of("HTTP", HTTP, "SQS", SQS, "SCHEDULE", SCHEDULE).get(trigger);

        try (FunctionProcess process = FunctionProcess.onDemand(function, folder.resolve("log"))) {
            RuntimeApi.Answer answer = process.invoke(Objects.requireNonNull(event));

            assertThat(answer.kind().equals("error")).isEqualTo(lambdaCounts);
            assertThat(process.log().lines().filter(line -> line.startsWith("{\"_aws\"")))
                    .singleElement()
                    .satisfies(line -> assertThat(new Json().decode(line))
                            .asInstanceOf(InstanceOfAssertFactories.MAP)
                            .containsEntry("Failed", 1)
                            .containsEntry("pipeline", "explode")
                            .containsEntry("code", "UNKNOWN"));
        }
    }
}
