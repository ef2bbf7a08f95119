package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `run health-probe`, and how `run` prints lists of flat objects.
class HealthProbeCommandTest {

    @TempDir
    private Path folder;

    private ServerSocket up;

    @BeforeEach
    void listen() throws IOException {
        up = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Files.createDirectories(folder.resolve("config").resolve("pipelines"));
        write("endpoints.yaml", """
                - name: up
                  url: tcp://127.0.0.1:%d
                - name: hidden
                  url: tcp://169.254.169.254:80
                """.formatted(up.getLocalPort()));
    }

    @AfterEach
    void hangUp() throws IOException {
        up.close();
    }

    @Test
    void printsATableWithoutAnInputAndFailingEndpointsAreNoFailure() {
        CommandLineRun run = run();

        assertThat(run.code()).as(run.err()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0))
                .matches("ENDPOINT +OUTCOME +STATUS +DETAIL +MILLIS +ATTEMPTS +SUCCESSES +FAILURES"
                        + " +ADDRESS +OBSERVER +AT");
        assertThat(lines.get(1)).matches("up +HEALTHY +- +- +\\d+ +1 +1 +0 +127\\.0\\.0\\.1 +\\S+ +\\S+Z");
        assertThat(lines.get(2))
                .matches("hidden +LOCAL_ORIGIN +- .*metadata address, refused.* +\\d+ +2 +0 +1 +169\\.254\\.169\\.254"
                        + " +\\S+ +\\S+Z");
    }

    @Test
    void printsJsonForPrograms() {
        CommandLineRun run = run("--output", "json");

        assertThat((List<?>) new Json().decode(run.out())).hasSize(2).first().satisfies(up -> {
            assertThat(((Map<?, ?>) up).get("endpoint")).isEqualTo("up");
            assertThat(((Map<?, ?>) up).get("status")).isNull();
            assertThat(((Map<?, ?>) up).get("successes")).isEqualTo(1);
        });
    }

    @Test
    void countsGoOnFromCallToCall() {
        run();

        assertThat(run("--input", "{\"only\": [\"up\"]}").out().lines().toList().get(1))
                .matches("up +HEALTHY +- +- +\\d+ +1 +2 +0 .*");
    }

    @Test
    void aMistakeInTheFileIsToldWithItsLine() throws IOException {
        write("endpoints.yaml", "- name: up\n  uri: tcp://127.0.0.1:1\n");

        CommandLineRun run = run();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("endpoints.yaml:2: 'uri': unknown key; did you mean 'url'?");
        assertThat(run.out()).contains("FAILED_PRECONDITION");
    }

    @Test
    void withoutTheFileTheRemedyIsTold() throws IOException {
        Files.delete(folder.resolve("config").resolve("endpoints.yaml"));

        assertThat(run().err()).contains("endpoints.yaml", "write a list such as");
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(folder.resolve("config").resolve(file), text);
    }

    private CommandLineRun run(String... more) {
        List<String> arguments = new ArrayList<>(List.of("run", "health-probe"));
        arguments.addAll(List.of("--config", folder.resolve("config").toString()));
        arguments.addAll(List.of("--data", folder.resolve("data").toString()));
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }
}
