package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CloudWatchMetricsTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-31T12:00:00Z"));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final List<Failure> next = new ArrayList<>();
    private Composer composer;
    private Executions executions;

    @BeforeEach
    void deploy() throws IOException {
        Files.writeString(folder.resolve("order.yaml"), "pipeline: order\ndurable: true\nsteps: [work]\n");
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("work", Map.class, Map.class, input -> {
            if (next.isEmpty()) {
                return input;
            }
            throw next.removeFirst();
        });
        composer = new Composer(functions, DefinitionFolder.read(folder));
        executions = new Executions(
                new InMemoryStateStore(CLOCK),
                composer,
                new Runner(CLOCK, new Random(1), pause -> {}),
                Continuation.SWEEP,
                CLOCK,
                new Random(1),
                new CloudWatchMetrics("Portolan/test", new PrintStream(bytes, false, StandardCharsets.UTF_8), CLOCK));
    }

    private void run(String pipeline, Map<String, Object> input) {
        Pipeline composed = composer.compose(pipeline);
        executions.run(composed, Event.of(composed, "one", input, Headers.NONE), null, StepListener.NONE);
    }

    private List<Object> lines() {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .map(line -> new Json().decode(line))
                .toList();
    }

    private static Map<String, Object> line(String metric, String pipeline, Code code) {
        return Map.of(
                "_aws",
                Map.of(
                        "Timestamp",
                        1_769_860_800_000L,
                        "CloudWatchMetrics",
                        List.of(Map.of(
                                "Namespace",
                                "Portolan/test",
                                "Dimensions",
                                List.of(List.of(), List.of("pipeline"), List.of("pipeline", "code")),
                                "Metrics",
                                List.of(Map.of("Name", metric, "Unit", "Count"))))),
                "pipeline",
                pipeline,
                "code",
                code.name(),
                metric,
                1);
    }

    @Test
    void whatSucceedsLeavesNoLine() {
        run("work", Map.of());
        run("order", Map.of());
        run("order", Map.of());

        assertThat(lines()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            names = {"INVALID", "NOT_FOUND", "CONFLICT", "KEY_REUSED", "UNSUPPORTED"})
    void whatIsItsSendersAffairIsRefused(Code code) {
        next.add(new Failure(code, "no"));

        run("work", Map.of());

        assertThat(lines()).containsExactly(line("Refused", "work", code));
    }

    @ParameterizedTest
    @EnumSource(
            value = Code.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"INVALID", "NOT_FOUND", "CONFLICT", "KEY_REUSED", "UNSUPPORTED"})
    void everyOtherFailureIsCountedAsOne(Code code) {
        next.add(new Failure(code, "no"));

        run("work", Map.of());

        assertThat(lines()).containsExactly(line("Failed", "work", code));
    }

    @Test
    void anExecutionThatRestsWhereItFailedIsStuck() {
        next.add(new Failure(Code.UNAVAILABLE, "the stock service does not answer"));

        run("order", Map.of());

        assertThat(lines()).containsExactly(line("Stuck", "order", Code.UNAVAILABLE));
    }

    @Test
    void aKeyThatComesAgainWithOtherWorkIsRefused() {
        run("order", Map.of());

        run("order", Map.of("other", true));

        assertThat(lines()).containsExactly(line("Refused", "order", Code.KEY_REUSED));
    }

    @Test
    void noPayloadIsInALine() {
        next.add(new Failure(Code.DENIED, "hunter2"));

        run("work", Map.of("password", "hunter2"));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isNotEmpty().doesNotContain("hunter2");
    }
}
