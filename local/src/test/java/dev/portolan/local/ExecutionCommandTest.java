package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stepping in, over a real store.
@Timeout(60)
class ExecutionCommandTest {

    @TempDir
    private Path folder;

    private Shop shop;

    @BeforeEach
    void openShop() throws IOException {
        shop = new Shop(folder);
    }

    @Test
    void retryRunsWhatIsStuckAgainUnderTheSameKeysAndPrintsTheResult() throws IOException {
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");
        shop.letWork("ship");

        CommandLineRun run = shop.run("execution", "retry", "parcel:p-1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).containsEntry("ship", true);
        assertThat(shop.calls()).containsExactly("parcel:p-1/charge", "parcel:p-1/ship", "parcel:p-1/ship");
    }

    @Test
    void retryGoesOnFromAnEarlierStepOnRequest() throws IOException {
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");
        shop.letWork("ship");

        CommandLineRun run = shop.run("execution", "retry", "parcel:p-1", "--from", "charge");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(shop.calls())
                .containsExactly("parcel:p-1/charge", "parcel:p-1/ship", "parcel:p-1/charge", "parcel:p-1/ship");
    }

    @Test
    void aRetryThatFailsAgainIsAProblemAndSaysWhereToLook() throws IOException {
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");

        CommandLineRun run = shop.run("execution", "retry", "parcel:p-1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "UNAVAILABLE");
        assertThat(run.err())
                .contains("step 'ship' failed: the ship service is out")
                .contains("the execution is STUCK; see: portolan execution show parcel:p-1");
    }

    @Test
    void resumeGoesOnWithWhatWaitsBeforeItsTime() throws IOException {
        shop.let("charge", "THROTTLED PT1H");
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");
        shop.run("execution", "sweep");
        shop.letWork("charge");

        CommandLineRun run = shop.run("execution", "resume", "order:o-1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).containsEntry("charge", true);
    }

    @Test
    void cancelUndoesWhatIsNotOver() throws IOException {
        shop.let("charge", "THROTTLED PT1H");
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");
        shop.run("execution", "sweep");

        CommandLineRun run = shop.run("execution", "cancel", "order:o-1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).isEqualTo(Map.of("id", "order:o-1", "status", "FAILED", "undone", List.of("reserve")));
        assertThat(shop.calls()).endsWith("order:o-1/reserve/undo");
    }

    @Test
    void undoTakesBackWhatIsDone() {
        shop.perform("order", "o-1");

        CommandLineRun run = shop.run("execution", "undo", "order:o-1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).containsEntry("undone", List.of("reserve"));
    }

    @Test
    void anUndoThatFailsIsAProblem() throws IOException {
        shop.perform("order", "o-1");
        shop.let("release", "DENIED");

        CommandLineRun run = shop.run("execution", "undo", "order:o-1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "DENIED");
        assertThat(run.err()).contains("step 'reserve/undo' failed").contains("the execution is STUCK");
    }

    @ParameterizedTest
    @CsvSource({
        "resume, undo takes back what it did",
        "cancel, undo takes back what it did",
        "retry, what FAILED or is STUCK is tried again",
    })
    void whatIsDoneIsRefusedWithTheRemedy(String verb, String remedy) {
        shop.perform("order", "o-1");

        CommandLineRun run = shop.run("execution", verb, "order:o-1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "FAILED_PRECONDITION");
        assertThat(run.err()).contains(remedy);
        assertThat(shop.calls()).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "cancel", "undo", "retry"})
    void anUnknownIdIsNotFoundWithTheOneThatWasMeant(String verb) {
        shop.perform("order", "o-1");

        CommandLineRun run = shop.run("execution", verb, "ordr:o-1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "NOT_FOUND");
        assertThat(run.err()).contains("did you mean 'order:o-1'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"resume", "cancel", "undo", "retry", "show"})
    void withoutAnIdItIsUsage(String verb) {
        assertThat(shop.run("execution", verb).code()).isEqualTo(2);
    }

    @Test
    void whatHasNoUndoIsNotTakenBack() {
        shop.perform("parcel", "p-1");

        CommandLineRun run = shop.run("execution", "undo", "parcel:p-1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("none of its steps has an undo");
    }

    @Test
    void whoeverComesWhileAWorkerIsAtItHearsWhoAndUntilWhen() throws Exception {
        shop.let("charge", "WAIT");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CommandLineRun> first =
                    threads.submit((Callable<CommandLineRun>) () -> shop.perform("order", "o-1"));
            awaitCall("order:o-1/charge");

            CommandLineRun again = shop.perform("order", "o-1");
            CommandLineRun resumed = shop.run("execution", "resume", "order:o-1");
            String listed = shop.run("execution", "list").out();
            String shown = shop.run("execution", "show", "order:o-1").out();
            shop.letWork("charge");

            assertThat(again.code()).isEqualTo(1);
            assertThat(json(again)).containsEntry("code", "CONFLICT");
            assertThat(again.err()).containsPattern("worker [0-9a-f]{32} has it until 20.*Z");
            assertThat(resumed.code()).isEqualTo(1);
            assertThat(resumed.err()).containsPattern("worker [0-9a-f]{32} has it until 20.*Z");
            assertThat(listed).contains("running");
            assertThat(shown)
                    .containsPattern("▶ charge +attempt 1, running\n")
                    .containsPattern("worker [0-9a-f]{32} has it until 20.*Z");
            assertThat(first.get().code()).isZero();
        }
        assertThat(shop.calls()).hasSize(3);
    }

    @Test
    void whoeverCancelsUnderAWorkerWinsAndTheWorkersStepIsUndoneToo() throws Exception {
        shop.let("charge", "WAIT");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<CommandLineRun> first =
                    threads.submit((Callable<CommandLineRun>) () -> shop.perform("order", "o-1"));
            awaitCall("order:o-1/charge");

            CommandLineRun cancelled = shop.run("execution", "cancel", "order:o-1");
            shop.letWork("charge");

            assertThat(cancelled.code()).as(cancelled.err()).isZero();
            assertThat(json(cancelled)).containsEntry("undone", List.of("reserve"));
            assertThat(first.get().code()).isEqualTo(1);
            assertThat(json(first.get())).containsEntry("detail", "it was cancelled on request");
        }
        assertThat(shop.calls()).doesNotContain("order:o-1/ship");
    }

    private void awaitCall(String key) throws InterruptedException {
        while (!shop.calls().contains(key)) {
            Thread.sleep(5);
        }
    }

    private static Map<Object, Object> json(CommandLineRun run) {
        return new LinkedHashMap<>((Map<?, ?>) new Json().decode(run.out()));
    }
}
