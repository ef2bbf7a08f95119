package dev.portolan.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `run` of durable pipelines and `execution sweep`, over a real store.
@Timeout(60)
class DurableRunTest {

    @TempDir
    private Path folder;

    private Shop shop;

    @BeforeEach
    void openShop() throws IOException {
        shop = new Shop(folder);
    }

    @Test
    void theSameKeyAgainGivesTheStoredResultAndCallsNothing() {
        CommandLineRun first = shop.perform("order", "o-1");
        CommandLineRun again = shop.perform("order", "o-1");

        assertThat(first.code()).as(first.err()).isZero();
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(shop.calls()).hasSize(3);
    }

    @Test
    void theSameKeyWithAnotherInputIsRefused() {
        shop.perform("order", "o-1");

        CommandLineRun other = shop.run("run", "order", "--key", "o-1", "--input", "{\"folder\": \"/\"}");

        assertThat(other.code()).isEqualTo(1);
        assertThat(json(other)).containsEntry("code", "KEY_REUSED");
    }

    @Test
    void aFailureNamesItsExecution() throws IOException {
        shop.let("charge", "DENIED");

        CommandLineRun run = shop.perform("order", "o-1");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "DENIED");
        assertThat(run.err())
                .contains("step 'charge' failed: the charge service is out")
                .contains("the execution is FAILED; see: portolan execution show order:o-1");
    }

    @Test
    void aKeyWithSpacesIsQuotedForTheShell() throws IOException {
        shop.let("charge", "DENIED");

        assertThat(shop.perform("order", "Ada's o 1").err()).contains("execution show 'order:Ada'\\''s o 1'");
    }

    @Test
    void asyncPrintsTheIdAloneAndASweepDoesTheWork() {
        CommandLineRun accepted = shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");

        assertThat(accepted.code()).as(accepted.err()).isZero();
        assertThat(accepted.out()).isEqualTo("order:o-1" + System.lineSeparator());
        assertThat(accepted.err()).contains("execution sweep");
        assertThat(shop.calls()).isEmpty();

        CommandLineRun swept = shop.run("execution", "sweep");

        assertThat(swept.code()).isZero();
        assertThat(swept.out().strip()).isEqualTo("✓ order:o-1");
        assertThat(swept.err().strip()).isEqualTo("executions that came to rest: 1");
        assertThat(shop.calls()).hasSize(3);
    }

    @Test
    void asyncOfWhatIsOverPrintsTheIdAndSaysSo() {
        shop.perform("order", "o-1");

        CommandLineRun run = shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");

        assertThat(run.code()).isZero();
        assertThat(run.out().strip()).isEqualTo("order:o-1");
        assertThat(run.err()).contains("goes no further by itself");
    }

    @Test
    void asyncUnderAKeyOfOtherWorkIsRefused() {
        shop.perform("order", "o-1");

        CommandLineRun run = shop.run("run", "order", "--key", "o-1", "--input", "{\"folder\": \"/\"}", "--async");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "KEY_REUSED");
    }

    @Test
    void asyncOfWhatRunsInMemoryIsUsageWithTheRemedy() {
        CommandLineRun run = shop.run("run", "reserve|ship", "--input", shop.input(), "--async");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--async").contains("durable: true");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void aSweepTellsWhatWaitsAndWhatFailed() throws IOException {
        shop.let("charge", "THROTTLED PT1H");
        shop.let("ship", "DENIED");
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");
        String first = shop.run("execution", "sweep").out();
        shop.letWork("charge");
        shop.run("run", "parcel", "--key", "p-1", "--input", shop.input(), "--async");
        String second = shop.run("execution", "sweep").out();

        assertThat(first).containsPattern("◷ order:o-1  goes on at 20.*Z");
        assertThat(second.strip()).isEqualTo("✗ parcel:p-1  at 'ship'  DENIED: the ship service is out");
    }

    @Test
    void aSweepFindsNothingToDo() {
        shop.perform("order", "o-1");

        CommandLineRun swept = shop.run("execution", "sweep");

        assertThat(swept.out()).isEmpty();
        assertThat(swept.err().strip()).isEqualTo("executions that came to rest: 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"execution sweep --watch", "execution sweep", "execution resume order:o-1"})
    void whatIsToldToStopHandsItsExecutionOn(String command) throws Exception {
        shop.let("charge", "WAIT");
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");
        Process worker = start(shop.arguments(command.split(" ", -1)));
        try {
            while (!shop.calls().contains("order:o-1/charge")) {
                assertThat(worker.isAlive()).isTrue();
                Thread.sleep(10);
            }
            worker.toHandle().destroy(); // the process itself would close its output as well

            assertThat(worker.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(worker.errorReader(UTF_8).readAllAsString()).contains("stopped");
        } finally {
            worker.destroyForcibly().waitFor();
        }
        assertThat(shop.run("execution", "show", "order:o-1").out())
                .startsWith("RUN  order:o-1")
                .contains("as soon as somebody takes it up");
        shop.letWork("charge");
        assertThat(shop.run("execution", "sweep").out().strip()).isEqualTo("✓ order:o-1");
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.sqlite.tmpdir=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Portolan.class.getName()));
        command.addAll(arguments);
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static Map<Object, Object> json(CommandLineRun run) {
        return new LinkedHashMap<>((Map<?, ?>) new Json().decode(run.out()));
    }
}
