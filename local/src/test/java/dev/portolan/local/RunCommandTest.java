package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandTest {

    /// What ships with the project.
    private static final Path SHIPPED = Path.of("..", "config");

    @TempDir
    private Path folder;

    private Path config;
    private Path data;

    @BeforeEach
    void copyConfiguration() throws IOException {
        config = folder.resolve("config");
        data = folder.resolve("data");
        try (Stream<Path> files = Files.walk(SHIPPED)) {
            for (Path file : files.toList()) {
                Path copy = config.resolve(SHIPPED.relativize(file));
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
        }
    }

    @Test
    void welcomeRunsOnItsExampleAndWritesTheMail() throws IOException {
        CommandLineRun run = run("run", "welcome");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).containsEntry("email", "user@example.com").containsEntry("name", "Ada");
        assertThat(mails()).singleElement().asString().contains("Subject: Welcome Ada", "To: user@example.com");
        assertThat(run.err())
                .contains("no --input: using the example of", "welcome.yaml")
                .contains("storing", "user@example.com.json");
    }

    @Test
    void unknownFieldsSurviveAndTheAddressIsLowerCased() throws IOException {
        importProfile("{\"email\": \"grace@example.com\", \"name\": \"Grace\"}");

        CommandLineRun run =
                run("run", "welcome", "--input", "{\"email\": \"Grace@Example.com\", \"order\": 9007199254740993}");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run))
                .containsEntry("email", "grace@example.com")
                .containsEntry("order", 9007199254740993L)
                .containsEntry("name", "Grace");
        assertThat(run.err().strip()).matches("mail: .*[0-9a-f]{32}\\.eml");
    }

    @Test
    void theSameKeyMakesOneMailAndAFreshKeyAnother() throws IOException {
        run("run", "welcome", "--key", "order-7");
        run("run", "welcome", "--key", "order-7");
        assertThat(mails()).hasSize(1);

        run("run", "welcome");
        assertThat(mails()).hasSize(2);
    }

    @Test
    void aKeyThatComesAgainForAnotherMessageSendsNothingAndSaysSo() throws IOException {
        importProfile(
                "[{\"email\": \"a@example.com\", \"name\": \"A\"}, {\"email\": \"b@example.com\", \"name\": \"B\"}]");
        run("run", "welcome", "--key", "order-7", "--input", "{\"email\": \"a@example.com\"}");

        CommandLineRun run = run("run", "welcome", "--key", "order-7", "--input", "{\"email\": \"b@example.com\"}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "KEY_REUSED").containsEntry("status", 422);
        assertThat(mails()).singleElement().asString().contains("Subject: Welcome A");
    }

    @Test
    void aKeyNamesWorkWithinItsPipeline() throws IOException {
        String input = "{\"email\": \"a@example.com\", \"name\": \"A\"}";
        run("run", "notify", "--key", "order-7", "--input", input);
        run("run", "validate|notify", "--key", "order-7", "--input", input);

        assertThat(mails()).hasSize(2);
    }

    @Test
    void aPipelineMayNotBeCalledLikeAFunction() throws IOException {
        define("validate", "pipeline: validate\nsteps:\n  - enrich\n");

        CommandLineRun run = run("run", "validate", "--input", "{}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("validate.yaml:1").contains("a function is called 'validate' already");
    }

    @Test
    void aFileWithoutItsSignIsRecognised() throws IOException {
        Path file = Files.writeString(folder.resolve("in.json"), "{}");

        CommandLineRun run = run("run", "validate", "--input", file.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("did you mean '@" + file + "'?");
    }

    @Test
    void aFolderOfDefinitionsThatIsNotThereIsUsage() {
        config = folder.resolve("nowhere");

        assertThat(run("run", "welcome").code()).isEqualTo(2);
    }

    @Test
    void aHeaderThatIsNoneIsUsage() {
        assertThat(run("run", "validate", "--input", "{}", "--header", "tenant").code())
                .isEqualTo(2);
    }

    @Test
    void aStackTraceIsShownOnRequestOnly() {
        String[] arguments = {"run", "validate", "--input", "{}"};

        assertThat(run(arguments).err()).doesNotContain("\tat ");
        assertThat(run("run", "validate", "--input", "{}", "--stack-trace").err())
                .contains("\tat dev.portolan");
    }

    @Test
    void thePipeSyntaxAndASingleFunctionWorkInPlaceOfAName() {
        CommandLineRun piped =
                run("run", "validate|notify", "--input", "{\"email\": \"a@example.com\", \"name\": \"A\"}");
        CommandLineRun single = run("run", "validate", "--input", "{\"email\": \"A@example.com\"}");

        assertThat(piped.code()).as(piped.err()).isZero();
        assertThat(json(single)).isEqualTo(Map.of("email", "a@example.com"));
    }

    @Test
    void inputComesFromAFileToo() throws IOException {
        Path file = Files.writeString(folder.resolve("in.json"), "{\"email\": \"b@example.com\"}");

        assertThat(json(run("run", "validate", "--input", "@" + file))).containsEntry("email", "b@example.com");
    }

    @Test
    void aFailureIsAProblemDocumentAndExitCodeOne() throws IOException {
        CommandLineRun run = run("run", "validate", "--input", "{\"email\": \"nobody\"}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run))
                .containsEntry("status", 400)
                .containsEntry("code", "INVALID")
                .containsEntry("errors", List.of(Map.of("pointer", "/email", "detail", "not an e-mail address")));
        assertThat(run.err()).contains("step 'validate' failed").doesNotContain("nobody");
    }

    @Test
    void anUnknownProfileIsNotFoundAndNothingIsSent() throws IOException {
        CommandLineRun run = run("run", "welcome", "--input", "{\"email\": \"stranger@example.com\"}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "NOT_FOUND");
        assertThat(run.out() + run.err()).doesNotContain("stranger");
        assertThat(mails()).isEmpty();
    }

    @Test
    void anUnknownPipelineIsUsageWithTheNearestName() {
        CommandLineRun run = run("run", "welcom");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("unknown pipeline or function 'welcom'; did you mean 'welcome'?");
        assertThat(run.out()).isEmpty();
    }

    @Test
    void anUnknownFunctionInAPipeIsUsageWithTheNearestName() {
        CommandLineRun run = run("run", "validate|enrch", "--input", "{}");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("unknown function 'enrch'; did you mean 'enrich'?");
    }

    @ParameterizedTest
    @ValueSource(strings = {"validate||notify", "|", ""})
    void aMissingNameInAPipeIsUsage(String expression) {
        assertThat(run("run", expression, "--input", "{}").code()).isEqualTo(2);
    }

    @Test
    void brokenJsonIsRefusedWithItsPosition() {
        CommandLineRun run = run("run", "welcome", "--input", "{\"email\": secret}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("line 1, column").doesNotContain("secret");
    }

    @Test
    void aWrongTypeIsRefused() {
        CommandLineRun run = run("run", "welcome", "--input", "[1, 2]");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("must be an object");
    }

    @Test
    void anInputBeyondTheLimitIsRefusedWithTheRemedy() throws IOException {
        Path large = folder.resolve("large.json");
        Files.writeString(large, "{\"email\": \"a@example.com\", \"x\": \"" + "y".repeat(10 << 20) + "\"}");

        CommandLineRun run = run("run", "validate", "--input", "@" + large);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("6291456 bytes").contains("object store");
    }

    @Test
    void anInputJustBelowTheLimitRuns() throws IOException {
        Path large = folder.resolve("large.json");
        Files.writeString(large, "{\"email\": \"a@example.com\", \"x\": \"" + "y".repeat(6_000_000) + "\"}");

        assertThat(run("run", "validate", "--input", "@" + large).code()).isZero();
    }

    @Test
    void aFileThatCannotBeReadIsUsage() {
        CommandLineRun run = run("run", "welcome", "--input", "@" + folder.resolve("missing.json"));

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("missing.json cannot be read");
    }

    @Test
    void withoutInputAndExampleItIsUsage() {
        CommandLineRun run = run("run", "validate|notify");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("has no example; give an --input");
    }

    @Test
    void aDataFolderThatCannotBeMadeIsNamedWithTheRemedy() throws IOException {
        data = Files.writeString(folder.resolve("a-file"), "").resolve("below");

        CommandLineRun run = run("run", "welcome");

        assertThat(run.code()).isEqualTo(1);
        assertThat(json(run)).containsEntry("code", "FAILED_PRECONDITION");
        assertThat(run.err()).contains(data.toString()).contains("--data");
    }

    @Test
    void aStoreOfAnotherVersionIsRefusedAndLeftAlone() throws IOException {
        run("run", "welcome");
        Path file = data.resolve("state.db");
        byte[] bytes = Files.readAllBytes(file);
        bytes[63] = 99; // the user version, in a SQLite file's header
        Files.write(file, bytes);

        CommandLineRun run = run("run", "welcome");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("state.db").contains("99");
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes);
    }

    @Test
    void aTemplateThatDoesNotExistIsRefusedBeforeAnythingRuns() throws IOException {
        define("letter", "pipeline: letter\nsteps:\n  - validate\n  - notify:\n      with: {template: welcom}\n");

        CommandLineRun run = run("run", "letter", "--input", "{\"email\": \"a@example.com\"}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("letter.yaml:5").contains("welcom").contains("did you mean 'welcome'?");
    }

    @Test
    void twoDefinitionsOfOneNameAreRefusedWithBothPlaces() throws IOException {
        define("again", "pipeline: welcome\nsteps:\n  - validate\n");

        CommandLineRun run = run("run", "welcome");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("welcome.yaml:1")
                .contains("again.yaml:1")
                .contains("rename one");
    }

    @Test
    void aBrokenNeighbourDoesNotKeepAPipelineFromRunning() throws IOException {
        define("broken", "pipeline: [\n");

        assertThat(run("run", "welcome").code()).isZero();
        assertThat(run("pipeline", "check").code()).isEqualTo(1);
    }

    @Test
    void aSchemaNamedByTheStepIsHeld() throws IOException {
        define("strict", "pipeline: strict\nsteps:\n  - validate: {with: {schema: customer}}\n");

        CommandLineRun run = run("run", "strict", "--input", "{\"email\": 7}");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("/email:").contains("/name");
    }

    private CommandLineRun run(String... arguments) {
        List<String> all = new ArrayList<>(Arrays.asList(arguments));
        all.addAll(List.of("--config", config.toString()));
        if (arguments[0].equals("run")) {
            all.addAll(List.of("--data", data.toString()));
        }
        return CommandLineRun.of(all.toArray(String[]::new));
    }

    private void define(String file, String text) throws IOException {
        Files.writeString(config.resolve("pipelines").resolve(file + ".yaml"), text);
    }

    private void importProfile(String profile) throws IOException {
        Path file = Files.writeString(folder.resolve("profile.json"), profile);
        CommandLineRun run = CommandLineRun.of(
                "profile", "import", file.toString(), "--config", config.toString(), "--data", data.toString());
        assertThat(run.code()).as(run.err()).isZero();
    }

    private static Map<Object, Object> json(CommandLineRun run) {
        return new LinkedHashMap<>((Map<?, ?>) new Json().decode(run.out()));
    }

    private List<String> mails() throws IOException {
        Path outbox = data.resolve("outbox");
        if (!Files.isDirectory(outbox)) {
            return List.of();
        }
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(outbox)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".eml")).toList()) {
                mails.add(Files.readString(file));
            }
        }
        return mails;
    }
}
