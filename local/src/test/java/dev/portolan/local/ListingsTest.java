package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListingsTest {

    private static final String SHIPPED = Path.of("..", "config").toString();

    @TempDir
    private Path folder;

    @Test
    void functionsAreListedAsATable() {
        CommandLineRun run = CommandLineRun.of("function", "list", "--config", SHIPPED);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().findFirst())
                .hasValueSatisfying(line -> assertThat(line).matches("NAME +TAKES +GIVES +WITH +FROM"));
        assertThat(run.out()).containsPattern("enrich +Map<String, Object> +Map<String, Object> +unknown-profile");
    }

    @Test
    void functionsAreListedAsJson() {
        CommandLineRun run = CommandLineRun.of("function", "list", "--config", SHIPPED, "--output", "json");

        List<?> rows = (List<?>) new Json().decode(run.out());
        assertThat(rows.stream().map(row -> (Object) ((Map<?, ?>) row).get("name")))
                .containsExactly("enrich", "health-probe", "notify", "validate");
    }

    @Test
    void pipelinesAreListedWithTheirSteps() {
        assertThat(CommandLineRun.of("pipeline", "list", "--config", SHIPPED).out())
                .containsPattern("welcome +validate, enrich, notify +Greets a new customer");
    }

    @Test
    void whatShipsPassesTheCheck() {
        CommandLineRun run = CommandLineRun.of("pipeline", "check", "--config", SHIPPED);

        assertThat(run.code()).as(run.out()).isZero();
    }

    @Test
    void aCheckNamesEveryMistakeByFileAndLine() throws IOException {
        Files.createDirectories(folder.resolve("pipelines"));
        Files.writeString(
                folder.resolve("pipelines/order.yaml"),
                "pipeline: order\nsteps:\n  - validte\n  - enrich: {with: {x: 1}}\n");

        CommandLineRun run = CommandLineRun.of("pipeline", "check", "--config", folder.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out())
                .contains("order.yaml:3: unknown function 'validte'; did you mean 'validate'?")
                .contains("order.yaml:4: 'x': unknown key; known are unknown-profile");
    }

    @Test
    void aConfigurationFolderThatIsNotThereIsNamed() {
        CommandLineRun run = CommandLineRun.of(
                "pipeline", "list", "--config", folder.resolve("nowhere").toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("nowhere");
    }

    @Test
    void listingAndCheckingTouchNoDisk() throws IOException {
        Path data = folder.resolve("data");

        CommandLineRun.of("function", "list", "--config", SHIPPED, "--data", data.toString());
        CommandLineRun.of("pipeline", "check", "--config", SHIPPED, "--data", data.toString());

        assertThat(data).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "run",
                "function list",
                "pipeline check",
                "profile import",
                "new",
                "completion",
                "execution",
                "execution list",
                "execution retry",
                "demo crash",
                ""
            })
    void everyCommandHelps(String command) {
        String[] arguments = (command + " --help").strip().split(" ");

        CommandLineRun run = CommandLineRun.of(arguments);

        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: portolan");
    }

    @Test
    void aMistypedCommandIsUsageWithASuggestion() {
        CommandLineRun run = CommandLineRun.of("pipline", "list");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("Did you mean").contains("pipeline");
    }

    @Test
    void completionPrintsAScript() {
        assertThat(CommandLineRun.of("completion").out()).contains("complete ").contains("portolan");
    }
}
