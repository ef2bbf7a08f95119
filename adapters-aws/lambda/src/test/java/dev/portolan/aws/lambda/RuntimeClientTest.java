package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The entry point under AWS's own runtime client, in a process of its own.
@EnabledOnOs(value = OS.LINUX, disabledReason = "the runtime client's native part is built for Linux")
class RuntimeClientTest {

    private static final Map<String, String> MEMORY = Map.of(
            "PORTOLAN_STORE", "memory",
            "PORTOLAN_PIPELINE", "validate|notify",
            "LAMBDA_TASK_ROOT", Path.of("..", "..").toAbsolutePath().normalize().toString());

    @TempDir
    private Path folder;

    @Test
    void invocationsOfSeveralTriggersAreAnsweredOneAfterTheOther() throws Exception {
        String customer = "{\"email\":\"Ada@example.com\",\"name\":\"Ada\"}";
        try (RuntimeApi api = new RuntimeApi(MEMORY, folder.resolve("log"))) {
            RuntimeApi.Answer direct = api.invoke(customer);
            RuntimeApi.Answer queue = api.invoke(text(Map.of(
                    "Records",
                    List.of(
                            Map.of("eventSource", "aws:sqs", "messageId", "m-1", "body", customer),
                            Map.of("eventSource", "aws:sqs", "messageId", "m-2", "body", "{}")))));
            RuntimeApi.Answer http = api.invoke(text(Map.of(
                    "version", "2.0",
                    "rawPath", "/",
                    "rawQueryString", "",
                    "headers", Map.of("content-type", "application/json"),
                    "requestContext", Map.of("http", Map.of("method", "POST")),
                    "body", "{\"email\":\"nobody\"}",
                    "isBase64Encoded", false)));
            RuntimeApi.Answer refused = api.invoke(text(Host.event("kinesis")));

            assertThat(direct.kind())
                    .as(Files.readString(folder.resolve("log")))
                    .isEqualTo("response");
            assertThat(direct.body()).startsWith("{\"email\":\"ada@example.com\",\"name\":\"Ada\",\"notification\":");
            assertThat(queue.body()).isEqualTo("{\"batchItemFailures\":[{\"itemIdentifier\":\"m-2\"}]}");
            assertThat(http.body()).contains("\"statusCode\":400").contains("not an e-mail address");
            assertThat(refused.kind()).isEqualTo("error");
            assertThat(refused.body()).contains("UNSUPPORTED").doesNotContain("LambdaEntryPoint.java");
        }
        assertThat(Files.readString(folder.resolve("log"))).doesNotContain("nobody", "ada@", "Ada@");
    }

    @Test
    void aDeploymentThatCannotWorkIsAnErrorOfTheStart() throws Exception {
        try (RuntimeApi api = new RuntimeApi(Map.of("PORTOLAN_PIPELINE", "welcome"), folder.resolve("log"))) {
            RuntimeApi.Answer answer = api.answer();

            assertThat(answer.kind()).isEqualTo("init");
            assertThat(answer.body()).contains("PORTOLAN_STORE must name where state is kept");
        }
    }

    private static String text(Object value) {
        return new String(new Json().encode(value), StandardCharsets.UTF_8);
    }
}
