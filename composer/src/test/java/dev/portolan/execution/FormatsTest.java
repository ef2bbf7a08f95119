package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Records that other versions wrote: `format-1` beside this has real ones.
final class FormatsTest {

    private static final String KEY = "execution:" + ID;
    private static final Instant STARTED = Instant.parse("2026-11-01T12:00:00Z");
    private static final Headers HEADERS =
            Headers.NONE.with("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");

    @TempDir
    private Path folder;

    private final Scene scene = new Scene();

    @BeforeEach
    void deploy() throws IOException {
        Files.writeString(folder.resolve("test.yaml"), "pipeline: test\ndurable: true\nsteps: [one, two, three]\n");
        scene.now = STARTED.plus(Duration.ofMinutes(10));
    }

    private Executions executions() {
        Runner runner = new Runner(scene.clock, new Random(1), pause -> {});
        return new Executions(
                scene.store,
                new Composer(scene.functions, DefinitionFolder.read(folder)),
                runner,
                Continuation.SWEEP,
                scene.clock,
                new Random());
    }

    private Entry stored(String name) throws IOException {
        try (InputStream file = FormatsTest.class.getResourceAsStream("format-1/" + name + ".json")) {
            return scene.memory.create(KEY, file.readAllBytes(), Indexes.due(STARTED.plusSeconds(65)), null);
        }
    }

    private static Map<String, Object> input() {
        Map<String, Object> input = new LinkedHashMap<>();
        input.put("sku", "\u00e9-1");
        input.put("order", 7);
        input.put("price", new BigDecimal("12.50"));
        return input;
    }

    private Outcome run(Map<String, Object> input) {
        Executions executions = executions();
        return executions.run(
                new Composer(scene.functions, DefinitionFolder.read(folder)).compose("test"),
                new Event(ID, input, HEADERS),
                null,
                StepListener.NONE);
    }

    private static Outcome.Completed completed() {
        Map<String, Object> value = input();
        for (String name : List.of("one", "two", "three")) {
            value.put(name, true);
        }
        return new Outcome.Completed(value, HEADERS);
    }

    @ParameterizedTest
    @CsvSource({"begun, 0", "after-one, 1", "taken-over, 1", "released, 1"})
    void whatFormat1BeganIsFinishedFromWhereItStood(String name, int done) throws IOException {
        stored(name);

        assertThat(run(input())).isEqualTo(completed());
        assertThat(scene.calls).isEqualTo(List.of("one", "two", "three").subList(done, 3));
        assertThat(scene.memory.find(KEY).map(entry -> new String(entry.value(), UTF_8)))
                .get()
                .asString()
                .contains("\"format\":2");
    }

    @ParameterizedTest
    @CsvSource({"begun, 0", "after-one, 1", "taken-over, 1", "released, 1"})
    void theSweepFinishesItToo(String name, int done) throws IOException {
        stored(name);

        assertThat(executions().operations().sweep(null).rested()).isEqualTo(1);

        assertThat(run(input())).isEqualTo(completed());
        assertThat(scene.calls).isEqualTo(List.of("one", "two", "three").subList(done, 3));
    }

    @Test
    void anotherInputIsOtherWork() throws IOException {
        stored("after-one");

        assertThat(failure(run(Map.of("order", 8))).code()).isEqualTo(Code.KEY_REUSED);
        assertThat(scene.calls).isEmpty();
    }

    @Test
    void aWorkerThatFormat1SaysIsAtItIsLeftAtIt() throws IOException {
        stored("after-one");
        scene.now = STARTED.plusSeconds(64);

        assertThat(failure(run(input())).retryAfter()).isEqualTo(Duration.ofSeconds(1));
        assertThat(scene.calls).isEmpty();
    }

    @Test
    void whatFormat1FinishedAnswersItsKey() throws IOException {
        Entry before = stored("done");

        assertThat(run(input())).isEqualTo(completed());
        assertThat(scene.calls).isEmpty();
        assertThat(scene.memory.find(KEY).orElseThrow().revision()).isEqualTo(before.revision());
    }

    @Test
    void whatFailedInFormat1FailsAgainTheSameWay() throws IOException {
        Entry before = stored("failed");

        Outcome.Failed failed = (Outcome.Failed) run(input());

        assertThat(failed.failure().code()).isEqualTo(Code.INVALID);
        assertThat(failed.failure().detail()).isEqualTo("/order: is odd");
        assertThat(failed.failure().retryable()).isFalse();
        assertThat(failed.step()).isEqualTo("two");
        assertThat(scene.calls).isEmpty();
        assertThat(scene.memory.find(KEY).orElseThrow().revision()).isEqualTo(before.revision());
    }

    @Test
    void whatFormat1DidNotKeepIsNotMadeUp() throws IOException {
        stored("failed");
        Operations operations = executions().operations();

        assertThatThrownBy(() -> operations.retry(ID, "one"))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION));
        assertThat(operations.retry(ID, null).status()).isEqualTo(Status.RUN);
        assertThat(run(input())).isEqualTo(completed());
        assertThat(scene.calls).containsExactly("two", "three");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\":3}",
                "{\"format\":3,\"status\":\"RUN\",\"steps\":[1,2]}",
                "{\"format\":2147483647,\"status\":\"PAUSED\"}"
            })
    void aRecordOfALaterFormatIsLeftToALaterVersion(String record) {
        Entry before = scene.memory.create(KEY, record.getBytes(UTF_8), Indexes.due(STARTED), null);
        Executions executions = executions();

        List<Failure> refusals =
                List.of(failure(run(input())), failure(executions.resume(ID, null, StepListener.NONE)));

        assertThat(refusals).allSatisfy(refusal -> {
            assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(refusal.retryable()).isTrue();
            assertThat(refusal.retryAfter()).isPositive();
        });
        assertThat(executions.operations().sweep(null).left()).isEqualTo(1);
        assertThatThrownBy(() -> executions.operations().cancel(ID)).hasMessageContaining("later version");
        assertThat(scene.calls).isEmpty();
        assertThat(scene.memory.find(KEY).orElseThrow())
                .usingRecursiveComparison()
                .isEqualTo(before);
    }

    @Test
    void whatALaterFormatAddsToThisOneIsPassedOver() throws IOException {
        scene.store.fail(3, Faulty.Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> run(input())).isInstanceOf(Faulty.Crash.class);
        Entry entry = scene.memory.find(KEY).orElseThrow();
        String more = new String(entry.value(), UTF_8).replaceFirst("\\{", "{\"added\":{\"by\":[\"later\"]},");
        scene.memory.replace(entry, more.getBytes(UTF_8), entry.indexes(), null);
        scene.now = scene.now.plus(Duration.ofMinutes(2));

        assertThat(run(input())).isEqualTo(completed());
        assertThat(scene.calls).containsExactly("one", "two", "two", "three");
    }
}
