package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import dev.portolan.failure.Violation;
import dev.portolan.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ComposerTest {

    private record Person(String email) {}

    private record Greeting(String text) {}

    private record Settings(String template, @Nullable Duration patience) {}

    private static final class Notify implements Function<Map<String, Object>, Map<String, Object>> {
        private final Settings settings;

        Notify(Settings settings) {
            if (settings.template().isEmpty()) {
                throw new IllegalArgumentException("a template has a name");
            }
            this.settings = settings;
        }

        @Override
        public Map<String, Object> apply(Map<String, Object> value) {
            return Map.of("template", settings.template());
        }
    }

    @TempDir
    private Path folder;

    private final FunctionRegistry functions = new FunctionRegistry();

    @BeforeEach
    void registerFunctions() {
        functions.add("validate", Person.class, Person.class, person -> person);
        functions.add("enrich", Object.class, Object.class, value -> value);
        functions.add("greet", Person.class, Greeting.class, person -> new Greeting(person.email()));
        functions.add("log", Object.class, Void.class, value -> null);
        functions.add("clock", Void.class, String.class, nothing -> "noon");
        functions.add("length", String.class, Integer.class, String::length);
        functions.configured("notify", Notify.class, Settings.class, Notify::new);
    }

    @Test
    void aPipeIsItsFunctionsInOrder() {
        Pipeline pipeline = new Composer(functions).compose("validate | enrich|greet");

        assertThat(pipeline.steps()).extracting(Step::name).containsExactly("validate", "enrich", "greet");
        assertThat(pipeline.name()).isEqualTo("validate | enrich|greet");
        assertThat(pipeline.source()).isEqualTo("validate | enrich|greet");
        assertThat(pipeline.steps()).allSatisfy(step -> {
            assertThat(step.retry()).isEqualTo(Retry.NONE);
            assertThat(step.timeout()).isNull();
            assertThat(step.merge()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"greet", " greet "})
    void aFunctionAloneIsAPipeline(String name) {
        assertThat(new Composer(functions).compose(name).steps())
                .extracting(Step::name)
                .containsExactly("greet");
    }

    @Test
    void aFunctionThatComesAgainHasANumber() {
        assertThat(new Composer(functions)
                        .compose("enrich|validate|enrich|enrich")
                        .steps())
                .extracting(Step::name)
                .containsExactly("enrich", "validate", "enrich#2", "enrich#3");
    }

    @Test
    void aSupplierMayBeginAndAConsumerMayEnd() {
        assertThat(new Composer(functions).compose("clock|length|log").steps()).hasSize(3);
    }

    @Test
    void anUnknownPipelineIsNotFoundWithTheNearest() {
        write("welcome.yaml", "pipeline: welcome\nsteps: [enrich]\n");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("welcom"))
                .withMessage("unknown pipeline or function 'welcom'; did you mean 'welcome'?")
                .returns(Failure.Code.NOT_FOUND, Failure::code);
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("validat"))
                .withMessage("unknown pipeline or function 'validat'; did you mean 'validate'?");
    }

    @Test
    void anUnknownFunctionInAPipeIsNotFoundWithTheNearest() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("validate|enrihc"))
                .withMessage("unknown function 'enrihc'; did you mean 'enrich'?")
                .returns(Failure.Code.NOT_FOUND, Failure::code);
    }

    @ParameterizedTest
    @CsvSource({"'', 1", "'|enrich', 1", "'enrich||greet', 2", "'enrich|', 2", "'enrich| |greet', 2"})
    void aNameMissingInAPipeIsRefused(String pipe, int step) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose(pipe))
                .withMessage("step " + step + " of '" + pipe + "': a function's name is missing")
                .returns(Failure.Code.INVALID, Failure::code);
    }

    @Test
    void neighboursInAPipeThatDoNotMeetAreRefused() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("greet|validate"))
                .withMessage("step 2 of 'greet|validate': 'validate' cannot follow 'greet': it needs 'email',"
                        + " which Greeting does not have");
    }

    @Test
    void aFunctionInAPipeThatNeedsConfigurationIsRefused() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("enrich|notify"))
                .withMessage("step 2 of 'enrich|notify': 'template': missing");
    }

    @Test
    void aDefinitionSaysEverything() {
        write("welcome.yaml", """
                pipeline: welcome
                description: Greets a new customer
                example: {email: user@example.com, visits: 3000000000, ratio: 1.10, tags: [a, null, true]}
                steps:
                  - validate
                  - enrich:
                      retry: {attempts: 5, delay: 100ms, factor: 3, cap: 10s}
                      timeout: 5s
                  - notify:
                      with: {template: welcome}
                      merge: true
                  - enrich: {retry: {attempts: 2}}
                  - enrich:
                """);

        Pipeline pipeline = composer().compose("welcome");

        assertThat(pipeline.name()).isEqualTo("welcome");
        assertThat(pipeline.description()).isEqualTo("Greets a new customer");
        assertThat(pipeline.example())
                .isEqualTo(new Json()
                        .decode("{\"email\":\"user@example.com\",\"visits\":3000000000,\"ratio\":1.10,"
                                + "\"tags\":[\"a\",null,true]}"));
        assertThat(pipeline.source()).endsWith("welcome.yaml");
        assertThat(pipeline.steps())
                .extracting(Step::name, Step::retry, Step::timeout, Step::merge)
                .containsExactly(
                        tuple("validate", Retry.NONE, null, false),
                        tuple(
                                "enrich",
                                new Retry(5, Duration.ofMillis(100), 3, Duration.ofSeconds(10)),
                                Duration.ofSeconds(5),
                                false),
                        tuple("notify", Retry.NONE, null, true),
                        tuple("enrich#2", new Retry(2, Duration.ofMillis(200), 2, Duration.ofSeconds(30)), null, false),
                        tuple("enrich#3", Retry.NONE, null, false));
    }

    @Test
    void aDefinitionThatIsCalledLikeAFunctionIsRefused() {
        write("greet.yaml", "description: x\npipeline: greet\nsteps: [validate, greet]\n");

        assertThatThrownBy(() -> composer().compose("greet"))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("greet.yaml:2: a function is called 'greet' already; rename the pipeline");
    }

    @Test
    void bothEndingsOfYamlAreRead() {
        write("greeting.yml", "pipeline: greeting\nsteps: [greet]\n");

        assertThat(composer().names()).containsExactly("greeting");
    }

    @Test
    void aBrokenFileStandsInNobodyElsesWay() {
        write("broken.yaml", "pipeline: [\n");
        write("welcome.yaml", "pipeline: welcome\nsteps: [enrich]\n");
        write("wrong.yaml", "pipeline: wrong\nsteps: [enrihc]\n");

        Composer composer = composer();

        assertThat(composer.compose("welcome").steps()).hasSize(1);
        assertThat(composer.compose("enrich|greet").steps()).hasSize(2);
        assertThat(composer.names()).containsExactlyInAnyOrder("welcome", "wrong");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer.compose("broken"))
                .withMessageStartingWith(folder.resolve("broken.yaml") + ":2: not YAML: ");
        assertThat(composer.check())
                .extracting(Violation::place)
                .containsExactly(folder.resolve("broken.yaml") + ":2", folder.resolve("wrong.yaml") + ":2");
    }

    @Test
    void twoDefinitionsOfOneNameAreBothRefused() {
        write("a.yaml", "# first\npipeline: welcome\nsteps: [enrich]\n");
        write("b.yaml", "pipeline: welcome\nsteps: [greet]\n");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("welcome"))
                .withMessage("%s:1: a pipeline called 'welcome' is there already, at %s:2; rename one"
                        .formatted(folder.resolve("b.yaml"), folder.resolve("a.yaml")));
        assertThat(composer().check()).hasSize(1);
    }

    @Test
    void onlyYamlFilesAreRead() {
        write("notes.txt", "pipeline: welcome\nsteps: [enrich]\n");

        assertThat(composer().names()).isEmpty();
        assertThat(composer().check()).isEmpty();
    }

    @Test
    void aFolderThatIsNotThereIsNotFound() {
        Path missing = folder.resolve("missing");

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> DefinitionFolder.read(missing))
                .withMessage("no folder of definitions can be read at " + missing)
                .returns(Failure.Code.NOT_FOUND, Failure::code);
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() throws IOException {
        Files.write(folder.resolve("welcome.yaml"), "pipeline: wélcome".getBytes(StandardCharsets.ISO_8859_1));

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("welcome"))
                .withMessage(folder.resolve("welcome.yaml") + ": the file is not UTF-8");
    }

    @Test
    void aFolderInPlaceOfAFileIsRefused() throws IOException {
        Files.createDirectory(folder.resolve("welcome.yaml"));

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> composer().compose("welcome"))
                .withMessage(folder.resolve("welcome.yaml") + ": the file cannot be read");
    }

    private Composer composer() {
        return new Composer(functions, DefinitionFolder.read(folder));
    }

    private void write(String file, String text) {
        try {
            Files.writeString(folder.resolve(file), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
