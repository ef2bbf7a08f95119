package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.intake.StoredProfiles;
import dev.portolan.json.Json;
import dev.portolan.local.sqlite.SqliteStateStore;
import dev.portolan.state.Entry;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
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

/// Durable pipelines in two of a function's processes over one store, under AWS's own runtime client.
@Execution(ExecutionMode.CONCURRENT)
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DurableIT {

    private static final String DONE = "{\"batchItemFailures\":[]}";

    @TempDir
    private Path folder;

    private Path shared;
    private SamTemplate.Function function;

    /// The shipped welcome, with a step more that writes its calls down; and a voyage that takes long.
    @BeforeEach
    void deploy() throws IOException {
        shared = Files.createDirectory(folder.resolve("shared"));
        function = SharedStore.deployed(SamTemplate.function("Welcome"), folder.resolve("package"), shared);
        Path pipelines = function.code().resolve("config/pipelines");
        Path welcome = pipelines.resolve("welcome.yaml");
        Files.writeString(welcome, Files.readString(welcome).replace("  - notify", "  - note\n  - notify"));
        Files.writeString(
                pipelines.resolve("voyage.yaml"),
                "{pipeline: voyage, durable: true, steps: [note, {sail: {timeout: 2s, retry: {attempts: 9}}}, note]}");
        try (StateStore store = openStore()) {
            new StoredProfiles(store, new Json()).put("user@example.com", Map.of("name", "Ada"));
        }
    }

    @Test
    void aRequestThatComesAgainElsewhereGetsTheStoredAnswer() throws Exception {
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
            assertThat(state.body())
                    .contains("\"statusCode\":200", "\\\"status\\\":\\\"DONE\\\"", "\\\"name\\\":\\\"notify\\\"");
        }
        assertThat(lines("calls")).containsExactly("welcome:order-7/note");
        try (StateStore store = openStore()) {
            assertThat(store.list("execution:", Page.Request.first(10)).entries())
                    .as("a start leaves no trace")
                    .extracting(Entry::key)
                    .containsExactly("execution:welcome:order-7");
        }
    }

    @Test
    void aMessageThatComesAgainElsewhereRunsNothingTwice() throws Exception {
        String message = event("welcome-queue").replace("not JSON", "{\\\"email\\\":\\\"user@example.com\\\"}");
        try (FunctionProcess first = start("welcome", "1");
                FunctionProcess second = start("welcome", "2")) {
            assertThat(first.invoke(message).body()).isEqualTo(DONE);
            assertThat(second.invoke(message).body()).isEqualTo(DONE);
        }
        assertThat(lines("calls")).containsExactly("welcome:order-1/note", "welcome:order-2/note");
    }

    @Test
    void whatADeadlineCutsOffIsHandedOnAndFinishedWhereItsWakeUpComes() throws Exception {
        Files.writeString(
                function.code().resolve("config/pipelines/voyage.yaml"),
                "{pipeline: voyage, durable: true, steps: [note, {sail: {timeout: 10m}}, note]}");
        try (FunctionProcess first = start("voyage", "1")) {
            first.invoke("[]"); // loads what reports a failure, which a busy machine may need the margin for
            assertThat(first.invoke(message("m-1"), Duration.ofSeconds(3)).body())
                    .isEqualTo(DONE);
            RuntimeApi.Answer direct = first.invoke("{}", Duration.ofSeconds(3));
            assertThat(direct.body()).startsWith("{\"id\":\"voyage::direct:").contains("\"status\":\"RUN\"");
        }
        assertThat(lines("woken")).hasSize(2).contains("voyage::sqs:m-1");
        Files.createFile(shared.resolve("wind"));

        try (FunctionProcess second = start("voyage", "2")) {
            second.invoke("[]"); // it is there before the first one's lease is over
            assertThat(second.invoke(wakeUp("voyage::sqs:m-1")).body()).isEqualTo(DONE);
            assertThat(second.invoke(wakeUp("voyage::sqs:m-1")).body()).isEqualTo(DONE);
            assertThat(second.invoke(message("m-1")).body()).isEqualTo(DONE);
        }
        assertThat(lines("calls").stream().filter(call -> call.contains("m-1")))
                .containsExactly(
                        "voyage::sqs:m-1/note",
                        "voyage::sqs:m-1/sail",
                        "voyage::sqs:m-1/sail",
                        "voyage::sqs:m-1/note#2");
    }

    @Test
    void whatAKilledProcessLeftIsFinishedWhereItsMessageComesAgain() throws Exception {
        try (FunctionProcess second = start("voyage", "2")) {
            second.invoke("[]"); // it is there before the first one's lease is over
            try (FunctionProcess first = start("voyage", "1")) {
                first.api().send(message("m-1"), Duration.ofSeconds(25));
                while (!lines("calls").contains("voyage::sqs:m-1/sail")) {
                    Thread.sleep(10);
                }
            }
            Files.createFile(shared.resolve("wind"));

            assertThat(second.invoke(message("m-1")).body())
                    .as("while the lost worker's lease lasts")
                    .contains("\"itemIdentifier\":\"m-1\"");
            String answer = "";
            while (!answer.equals(DONE)) {
                Thread.sleep(200);
                answer = second.invoke(message("m-1")).body();
            }
        }
        assertThat(lines("calls"))
                .startsWith("voyage::sqs:m-1/note", "voyage::sqs:m-1/sail")
                .endsWith("voyage::sqs:m-1/sail", "voyage::sqs:m-1/note#2")
                .containsOnlyOnce("voyage::sqs:m-1/note", "voyage::sqs:m-1/note#2");
    }

    private StateStore openStore() {
        return SqliteStateStore.open(shared.resolve("state.db"), InstantSource.system());
    }

    private FunctionProcess start(String pipeline, String log) throws IOException {
        Map<String, String> environment = new HashMap<>(function.environment());
        environment.put("PORTOLAN_PIPELINE", pipeline);
        return FunctionProcess.onDemand(function.with(environment), folder.resolve("log" + log));
    }

    private List<String> lines(String file) throws IOException {
        Path path = shared.resolve(file);
        return Files.exists(path) ? Files.readAllLines(path) : List.of();
    }

    private static String event(String name) throws IOException {
        return Files.readString(SamTemplate.PROJECT.resolve("events/" + name + ".json"));
    }

    private static String message(String id) {
        return """
                {"Records": [{"eventSource": "aws:sqs", "messageId": "%s", "body": "{}"}]}""".formatted(id);
    }

    private static String wakeUp(String execution) {
        return """
                {"Records": [{"eventSource": "aws:sqs", "messageId": "w-1", "body": "",
                 "messageAttributes": {"Portolan-Execution": {"stringValue": "%s", "dataType": "String"}}}]}""".formatted(execution);
    }
}
