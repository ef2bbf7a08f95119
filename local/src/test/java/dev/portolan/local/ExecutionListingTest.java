package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `execution list` and `execution show` say, over a real store.
class ExecutionListingTest {

    @TempDir
    private Path folder;

    private Shop shop;

    @BeforeEach
    void openShop() throws IOException {
        shop = new Shop(folder);
    }

    @Test
    void executionsAreListedTheLatestFirst() throws IOException {
        shop.perform("order", "o-1");
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");

        CommandLineRun run = shop.run("execution", "list");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", "|")))
                .satisfiesExactly(
                        line -> assertThat(line).isEqualTo("ID|PIPELINE|STATUS|STEP|ATTEMPTS|STARTED|AGE|DUE"),
                        line -> assertThat(line).matches("parcel:p-1\\|parcel\\|STUCK\\|ship\\|2\\|.*Z\\|.*s\\|-"),
                        line -> assertThat(line).matches("order:o-1\\|order\\|DONE\\|-\\|3\\|.*Z\\|.*s\\|-"));
        assertThat(run.err()).isEmpty();
    }

    @Test
    void programsGetThemAsJson() {
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");

        Map<?, ?> row = (Map<?, ?>) ((List<?>) json(shop.run("execution", "list", "--output", "json"))).getFirst();

        assertThat(row.get("id")).isEqualTo("order:o-1");
        assertThat(row.get("status")).isEqualTo("RUN");
        assertThat(row.get("step")).isEqualTo("reserve");
        assertThat(row.get("attempts")).isEqualTo(0);
        assertThat(row.get("due")).isEqualTo(row.get("started"));
    }

    @Test
    void whatIsDoneHasNoStepInJson() {
        shop.perform("order", "o-1");

        Map<?, ?> row = (Map<?, ?>) ((List<?>) json(shop.run("execution", "list", "--output", "json"))).getFirst();

        assertThat(row.containsKey("step")).isTrue();
        assertThat(row.get("step")).isNull();
    }

    @Test
    void aFilterSaysHowManyWereLookedAt() throws IOException {
        shop.perform("order", "o-1");
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");

        CommandLineRun run = shop.run("execution", "list", "--status", "stuck");

        assertThat(run.out()).contains("parcel:p-1").doesNotContain("order:o-1");
        assertThat(run.err().strip()).isEqualTo("executions looked at: 2, of which STUCK: 1");
    }

    @Test
    void aPipelinesExecutionsAreListedAlone() {
        shop.perform("order", "o-1");
        shop.perform("parcel", "p-1");

        assertThat(shop.run("execution", "list", "--pipeline", "parcel").out())
                .contains("parcel:p-1")
                .doesNotContain("order:o-1");
    }

    @Test
    void aLimitSaysThatThereAreMore() {
        shop.perform("order", "o-1");
        shop.perform("order", "o-2");

        CommandLineRun run = shop.run("execution", "list", "--limit", "1");

        assertThat(run.out()).contains("order:o-2").doesNotContain("order:o-1");
        assertThat(run.err()).contains("there are more");
    }

    @ParameterizedTest
    @CsvSource({
        "1h, true",
        "7d, true",
        "1970-01-01, true",
        "2020-01-31T12:00:00Z, true",
        "0s, false",
        "9999-01-01, false"
    })
    void sinceLeavesOutWhatBeganEarlier(String since, boolean listed) {
        shop.perform("order", "o-1");

        assertThat(shop.run("execution", "list", "--since", since).out().contains("order:o-1"))
                .isEqualTo(listed);
    }

    @ParameterizedTest
    @CsvSource({
        "--since, yesterday, --since takes a span such as 2h",
        "--since, 2026-02-30, --since takes a span such as 2h",
        "--limit, 0, --limit is 1 to 1000",
        "--limit, 1001, --limit is 1 to 1000",
        "--status, stuckk, FAILED",
        "--pipeline, ordr, did you mean 'order'?"
    })
    void aBadFilterIsUsageAndSaysWhatIsGood(String option, String value, String said) {
        CommandLineRun run = shop.run("execution", "list", option, value);

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(said);
    }

    @Test
    void anEmptyListSaysWhatFillsIt() {
        CommandLineRun run = shop.run("execution", "list");

        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("durable: true");
    }

    @Test
    void aStuckExecutionIsShownStepByStepWithWhatCanBeDone() throws IOException {
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");

        CommandLineRun run = shop.run("execution", "show", "parcel:p-1");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out())
                .startsWith("STUCK  parcel:p-1")
                .containsPattern("✓ charge .*█.* B")
                .containsPattern("✗ ship .*█.*  UNAVAILABLE")
                .contains("stuck: UNAVAILABLE at 'ship', attempt 1: the ship service is out")
                .containsPattern("run it again: portolan execution retry parcel:p-1 .*--data ")
                .contains("give it up: portolan execution cancel parcel:p-1");
    }

    @Test
    void whatWaitsSaysWhenItGoesOnAndWhatIsToCome() throws IOException {
        shop.let("charge", "THROTTLED PT65S");
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--async");
        shop.run("execution", "sweep");

        assertThat(shop.run("execution", "show", "order:o-1").out())
                .startsWith("WAIT  order:o-1")
                .containsPattern("◷ charge +attempt 2 at [0-9:.]+, in \\d+ s")
                .containsPattern("· ship\n")
                .contains("can be undone: reserve")
                .contains("go on now: portolan execution resume order:o-1");
    }

    @Test
    void whatWasTakenBackIsShown() throws IOException {
        shop.let("ship", "DENIED");
        shop.perform("order", "o-1");

        assertThat(shop.run("execution", "show", "order:o-1").out())
                .startsWith("FAILED  order:o-1")
                .containsPattern("↶ reserve/undo .*█")
                .contains("failed: DENIED at 'ship'")
                .doesNotContain("retry");
    }

    @Test
    void whatIsStuckOnItsWayBackSaysWhatIsToBeUndone() throws IOException {
        shop.perform("order", "o-1");
        shop.let("release", "THROTTLED");
        shop.run("execution", "undo", "order:o-1");

        assertThat(shop.run("execution", "show", "order:o-1").out())
                .startsWith("STUCK  order:o-1")
                .containsPattern("✗ reserve/undo .*THROTTLED")
                .containsPattern("↶ reserve/undo +to be undone")
                .contains("stuck: THROTTLED at 'reserve/undo'")
                .contains("execution retry order:o-1")
                .doesNotContain("execution cancel");
    }

    @Test
    void valuesAreShownOnRequestOnly() {
        shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--header", "tenant=navy");

        assertThat(shop.run("execution", "show", "order:o-1").out()).doesNotContain(folder + "\"");
        assertThat(shop.run("execution", "show", "order:o-1", "--values").out())
                .contains("\"folder\" : \"" + folder + "\"")
                .contains("\"ship\" : true");
        assertThat(shop.run("execution", "show", "order:o-1", "--output", "json")
                        .out())
                .contains("tenant")
                .doesNotContain("navy")
                .doesNotContain(folder.toString());
        assertThat(shop.run("execution", "show", "order:o-1", "--output", "json", "--values")
                        .out())
                .contains("navy")
                .contains(folder.toString());
    }

    @Test
    void programsGetEveryAttemptAsJson() throws IOException {
        shop.let("ship", "UNAVAILABLE");
        shop.perform("parcel", "p-1");

        Map<?, ?> shown = (Map<?, ?>) json(shop.run("execution", "show", "parcel:p-1", "--output", "json"));

        assertThat(shown.get("steps")).isEqualTo(List.of("charge", "ship"));
        assertThat((List<?>) shown.get("history"))
                .extracting(attempt -> (Object) ((Map<?, ?>) attempt).get("code"))
                .containsExactly(null, "UNAVAILABLE");
        assertThat(((Map<?, ?>) shown.get("trouble")).get("step")).isEqualTo("ship");
        assertThat(shown.get("failure")).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "order:o-11, did you mean 'order:o-1'?",
        "o-1, did you mean 'order:o-1'?",
        "nothing, shows those there are"
    })
    void anUnknownIdIsNotFoundWithTheOneThatWasMeant(String id, String hint) {
        shop.perform("order", "o-1");

        CommandLineRun run = shop.run("execution", "show", id);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains(hint);
        assertThat(((Map<?, ?>) json(run)).get("code")).isEqualTo("NOT_FOUND");
    }

    private static Object json(CommandLineRun run) {
        Object tree = new Json().decode(run.out());
        assertThat(tree).isNotNull();
        return tree;
    }
}
