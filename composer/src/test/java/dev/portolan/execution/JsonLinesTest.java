package dev.portolan.execution;

import static dev.portolan.execution.Scene.HEADERS;
import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonLinesTest {

    private final Scene scene = new Scene();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final JsonLines lines = new JsonLines(new PrintStream(bytes, false, StandardCharsets.UTF_8), scene.clock);

    private Outcome run(Pipeline pipeline) {
        return scene.executions(lines).run(pipeline, scene.event(), null, StepListener.NONE);
    }

    private List<Object> told() {
        List<Object> told = new ArrayList<>();
        for (String line : bytes.toString(StandardCharsets.UTF_8).split("\n", -1)) {
            if (!line.isEmpty()) {
                told.add(new Json().decode(line));
            }
        }
        return told;
    }

    private static Map<String, Object> members(Object... namesAndValues) {
        Map<String, Object> members = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return members;
    }

    @Test
    void anExecutionIsOneLineAndEachFailedAttemptIsOne() {
        scene.functions.add("slow", Map.class, Map.class, input -> {
            scene.now = scene.now.plusNanos(30_999_999);
            throw new Failure(Code.UNAVAILABLE, "the stock service does not answer");
        });

        run(scene.pipeline("'one', 'slow'"));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).endsWith("}\n").doesNotContain("order");
        assertThat(told())
                .containsExactly(
                        members(
                                "timestamp", "2026-01-31T12:00:00.030Z",
                                "level", "WARN",
                                "event", "attempt",
                                "execution", ID,
                                "pipeline", "test",
                                "trace", "0af7651916cd43dd8448eb211c80319c",
                                "step", "slow",
                                "attempt", 1,
                                "code", "UNAVAILABLE",
                                "detail", "the stock service does not answer",
                                "ms", 30),
                        members(
                                "timestamp", "2026-01-31T12:00:00.030Z",
                                "level", "WARN",
                                "event", "execution",
                                "execution", ID,
                                "pipeline", "test",
                                "trace", "0af7651916cd43dd8448eb211c80319c",
                                "status", "STUCK",
                                "step", "slow",
                                "attempt", 1,
                                "code", "UNAVAILABLE",
                                "detail", "the stock service does not answer",
                                "ms", 30,
                                "steps", 1,
                                "attempts", 2));
    }

    @Test
    void aCompletedExecutionIsAsOldAsItsFirstWorkerMadeIt() {
        scene.failing("two", new Failure(Code.THROTTLED, "slow down").withRetryAfter(Duration.ofHours(1)));
        String steps = "'one', {'two': {'retry': {'attempts': 2, 'delay': '1ms'}}}";
        run(scene.pipeline(steps));
        scene.now = scene.now.plus(Duration.ofHours(1));
        bytes.reset();

        run(scene.pipeline(steps));

        assertThat(told())
                .containsExactly(members(
                        "timestamp", "2026-01-31T13:00:00.000Z",
                        "level", "INFO",
                        "event", "execution",
                        "execution", ID,
                        "pipeline", "test",
                        "trace", "0af7651916cd43dd8448eb211c80319c",
                        "status", "DONE",
                        "ms", 3_600_000,
                        "steps", 1,
                        "attempts", 1));
    }

    @Test
    void aRunInMemoryIsToldOfWhereItFails() {
        Pipeline pipe = new Composer(scene.functions).pipe("one|two");
        scene.executions(lines).run(pipe, new Event(ID, INPUT, Headers.NONE), null, StepListener.NONE);
        assertThat(bytes.size()).isZero();
        scene.failing("two", new Failure(Code.INVALID, "/sku: missing"));

        scene.executions(lines).run(pipe, new Event(ID, INPUT, Headers.NONE), null, StepListener.NONE);

        assertThat(told())
                .singleElement()
                .isEqualTo(members(
                        "timestamp", "2026-01-31T12:00:00.000Z",
                        "level", "WARN",
                        "event", "attempt",
                        "execution", ID,
                        "pipeline", "one|two",
                        "step", "two",
                        "attempt", 1,
                        "code", "INVALID",
                        "detail", "/sku: missing",
                        "ms", 0));
    }

    @ParameterizedTest
    @CsvSource({"UNKNOWN, ERROR", "INVALID, WARN", "TIMEOUT, WARN"})
    void whatNobodyForesawIsAnError(Code code, String level) {
        scene.failing("one", new Failure(code, "no"));

        run(scene.pipeline("'one'"));

        assertThat(told()).hasSize(2).extracting("level").containsOnly(level);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb",
                "a\r\nb",
                "a\",\"level\":\"ERROR\"}\n{\"event\":\"execution\"",
                "a\u0000b",
                "a\u0085b",
                "a\u2028b\u2029c",
                "a\u007fb\u009bc",
                "half \ud83d of a pair",
                "\udc00"
            })
    void noTextCanForgeALineOrKeepOneFromBeingWritten(String text) {
        scene.failing("one", new Failure(Code.INVALID, text));
        Event event = new Event("test:" + text, INPUT, HEADERS);

        scene.executions(lines).run(new Composer(scene.functions).pipe("one"), event, null, StepListener.NONE);

        String written = bytes.toString(StandardCharsets.UTF_8);
        assertThat(written).endsWith("}\n");
        assertThat(written.substring(0, written.length() - 1))
                .doesNotContainPattern("[\\p{Cntrl}\\u0085\\u2028\\u2029]");
        assertThat(told()).singleElement().extracting("event", "level").containsExactly("attempt", "WARN");
    }

    @Test
    void whatIsOrdinaryIsToldAsItIs() {
        scene.failing("one", new Failure(Code.INVALID, "Grüße 🌍 \"here\""));

        run(scene.pipeline("'one'"));

        assertThat(told()).extracting("detail").containsOnly("Grüße 🌍 \"here\"");
    }

    @Test
    void aDetailWithoutEndIsCut() {
        scene.failing("one", new Failure(Code.INVALID, "🌍".repeat(100_000)));

        run(new Composer(scene.functions).pipe("one"));

        assertThat(told()).singleElement().extracting("detail").isEqualTo("🌍".repeat(1_000) + "…");
    }

    @Test
    void aWorkerThatLosesItsExecutionSaysThatItRunsElsewhere() {
        lines.begun(scene.pipeline("'one'"), ID, HEADERS, scene.now)
                .ended(new Outcome.Waiting(ID, scene.now), Status.RUN);

        assertThat(told()).singleElement().extracting("status", "level").containsExactly("RUN", "INFO");
    }

    @Test
    void aLineIsOneWriteWhoeverElseWrites() throws Exception {
        List<String> writes = new ArrayList<>();
        OutputStream each = new OutputStream() {
            @Override
            public void write(int one) {
                writes.add(String.valueOf((char) one));
            }

            @Override
            public void write(byte[] some, int from, int length) {
                writes.add(new String(some, from, length, StandardCharsets.UTF_8));
            }
        };
        JsonLines shared = new JsonLines(new PrintStream(each, false, StandardCharsets.UTF_8), scene.clock);
        Pipeline pipeline = scene.pipeline("'one'");
        String key = "k".repeat(250);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < 200; i++) {
                String id = "test:" + key + i;
                threads.execute(() -> shared.begun(pipeline, id, HEADERS, scene.now)
                        .ended(new Outcome.Completed(INPUT, HEADERS), Status.DONE));
            }
        }

        assertThat(writes)
                .hasSize(200)
                .allSatisfy(line ->
                        assertThat(new Json().decode(line)).extracting("status").isEqualTo("DONE"));
    }

    @Test
    void workThatIsTurnedAwayIsALine() {
        Pipeline pipeline = scene.pipeline("'one'");
        run(pipeline);
        bytes.reset();

        scene.executions(lines)
                .run(pipeline, new Event(ID, Map.of("another", "input"), HEADERS), null, StepListener.NONE);

        assertThat(told())
                .containsExactly(members(
                        "timestamp",
                        "2026-01-31T12:00:00.000Z",
                        "level",
                        "WARN",
                        "event",
                        "refused",
                        "execution",
                        ID,
                        "pipeline",
                        "test",
                        "code",
                        "KEY_REUSED",
                        "detail",
                        "the key was used with another input; other work needs a key of its own"));
    }
}
