package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Who hears of executions: what `PORTOLAN_TELEMETRY` says to the command, in processes that have it in their
/// environment.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class TelemetryTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir
    Path folder;

    private final List<Process> children = new ArrayList<>();

    @BeforeEach
    void writeDefinition() throws IOException {
        Path pipelines = Files.createDirectories(folder.resolve("config/pipelines"));
        Files.writeString(pipelines.resolve("check.yaml"), "{pipeline: check, durable: true, steps: [validate]}");
    }

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatServeRunsIsALineOnStandardError() throws Exception {
        Process server = portolan(null, "serve", "--port=0");
        Pattern listening = Pattern.compile("listening on (http://\\S+);");
        Matcher address = listening.matcher(err());
        while (!address.find()) {
            assertThat(server.isAlive()).as(err()).isTrue();
            Thread.sleep(20);
            address = listening.matcher(err());
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            client.send(
                    HttpRequest.newBuilder(URI.create(address.group(1) + "/pipelines/check"))
                            .header("Content-Type", "application/json")
                            .header("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01")
                            .POST(HttpRequest.BodyPublishers.ofString("{\"email\":\"user@example.com\"}"))
                            .build(),
                    HttpResponse.BodyHandlers.discarding());
        }

        assertThat(lines())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("event", "execution")
                        .containsEntry("status", "DONE")
                        .containsEntry("trace", TRACE));
    }

    @Test
    void runTellsPeopleAndNobodyElse() throws Exception {
        assertThat(run(null)).isZero();

        assertThat(lines()).isEmpty();
    }

    @Test
    void runTellsWhoeverIsNamedApartFromTheResult() throws Exception {
        assertThat(run("json")).isZero();

        assertThat(lines())
                .singleElement()
                .extracting(line -> line.get("pipeline"))
                .isEqualTo("check");
        assertThat(Files.readString(folder.resolve("out")))
                .contains("user@example.com")
                .doesNotContain("timestamp");
    }

    @Test
    void aLibraryThatIsNotThereIsAskedForByName() throws Exception {
        assertThat(run("micrometer")).isEqualTo(1);

        assertThat(err())
                .contains("PORTOLAN_TELEMETRY: 'micrometer' cannot be used")
                .contains("class path");
    }

    private int run(@Nullable String telemetry) throws Exception {
        return portolan(telemetry, "run", "check", "--input={\"email\":\"user@example.com\"}")
                .waitFor();
    }

    private Process portolan(@Nullable String telemetry, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.sqlite.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Portolan.class.getName()));
        Collections.addAll(command, arguments);
        command.add("--config=" + folder.resolve("config"));
        command.add("--data=" + folder.resolve("data"));
        ProcessBuilder child = new ProcessBuilder(command)
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
        child.environment().remove("PORTOLAN_TELEMETRY");
        if (telemetry != null) {
            child.environment().put("PORTOLAN_TELEMETRY", telemetry);
        }
        Process started = child.start();
        children.add(started);
        return started;
    }

    private String err() throws IOException {
        return Files.readString(folder.resolve("err"), StandardCharsets.UTF_8);
    }

    @SuppressWarnings("unchecked")
    private List<Map<String, Object>> lines() throws IOException {
        return err().lines()
                .filter(line -> line.startsWith("{"))
                .map(line -> (Map<String, Object>) new Json().decode(line))
                .toList();
    }
}
