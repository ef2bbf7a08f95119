package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a function's log has of its executions, written through AWS's own runtime client.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class LogLinesIT {

    @TempDir
    private Path folder;

    /// The runtime client has loggers of its own, which put a line into the `message` of another.
    @ParameterizedTest
    @ValueSource(strings = {"Text", "JSON"})
    void aFailedAttemptIsALineByItselfWhateverTheLogsFormat(String format) throws Exception {
        try (FunctionProcess function =
                started(Map.of("PORTOLAN_PIPELINE", "explode", "AWS_LAMBDA_LOG_FORMAT", format))) {
            function.invoke("{\"secret\":\"hunter2\"}");

            assertThat(lines(function, "attempt")).singleElement().satisfies(line -> {
                assertThat(line).containsEntry("level", "ERROR").containsEntry("code", "UNKNOWN");
                assertThat(line.get("timestamp")).asString().matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d.*Z");
                assertThat(line).containsEntry("trace", "5bef4de7ad49b0e87f6ef6c87fc2e700");
            });
            assertThat(function.log()).doesNotContain("hunter2");
        }
    }

    @Test
    void anExecutionIsALineInTheTraceOfItsInvocation() throws Exception {
        try (FunctionProcess function = started(Map.of("PORTOLAN_PIPELINE", "welcome"))) {
            function.invoke("{\"email\":\"user@example.com\"}");

            assertThat(lines(function, "execution"))
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .containsEntry("status", "DONE")
                            .containsEntry("pipeline", "welcome")
                            .containsEntry("steps", 3)
                            .containsEntry("trace", "5bef4de7ad49b0e87f6ef6c87fc2e700"));
            assertThat(function.log()).doesNotContain("user@example.com");
        }
    }

    @Test
    void nobodyHearsWhereNobodyIsNamed() throws Exception {
        try (FunctionProcess function = started(Map.of("PORTOLAN_PIPELINE", "welcome", "PORTOLAN_TELEMETRY", "none"))) {
            function.invoke("{\"email\":\"user@example.com\"}");

            assertThat(lines(function, "execution")).isEmpty();
        }
    }

    private static List<Map<Object, Object>> lines(FunctionProcess function, String event) throws IOException {
        return function.log()
                .lines()
                .filter(line -> line.startsWith("{\"timestamp\""))
                .map(line -> (Map<?, ?>) Objects.requireNonNull(new Json().decode(line)))
                .filter(line -> event.equals(line.get("event")))
                .<Map<Object, Object>>map(HashMap::new)
                .toList();
    }

    private FunctionProcess started(Map<String, String> environment) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.put("PORTOLAN_STORE", "memory");
        SamTemplate.Function function = UserFunctions.addedTo(
                        SamTemplate.function("Validate"), folder.resolve("package"))
                .with(all);
        return FunctionProcess.onDemand(function, folder.resolve("log"));
    }
}
