package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import dev.portolan.local.lambda.Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The command over jars that stand for those that the launcher builds.
class PackageCommandTest {

    private static final Path BUILT =
            Path.of(System.getProperty("portolan.home")).resolve("local/target/portolan");

    @TempDir
    private Path folder;

    private Path jar;
    private Path made;

    @BeforeAll
    static void whatTheLauncherBuilds() throws IOException {
        Jars.with(BUILT.resolve("lambda/portolan-aws-lambda-0.1.jar"), "a", "");
        Jars.with(BUILT.resolve("lambda-spring/portolan-aws-spring-0.1.jar"), "a", "");
        Jars.with(BUILT.resolve("aws/portolan-aws-drivers-0.1.jar"), "a", "");
        Jars.with(BUILT.resolve("aws/dynamodb-2.41.jar"), "a", "");
        Jars.with(BUILT.resolve("aws/ssm-2.41.jar"), "a", "");
        Jars.with(BUILT.resolve("aws/secretsmanager-2.41.jar"), "a", "");
        Jars.with(BUILT.resolve("lib/spring-context-7.0.jar"), "a", "");
        Jars.with(BUILT.resolve("lib/picocli-4.7.jar"), "a", "");
    }

    @BeforeEach
    void aProject() throws IOException {
        made = folder.resolve("made");
        jar = Jars.with(
                folder.resolve("greet-1.0.jar"),
                "META-INF/services/dev.portolan.function.FunctionModule",
                GreetModule.class.getName());
        pipeline("greeting", "pipeline: greeting\ndescription: Greets\nsteps:\n  - greet\n");
    }

    @Test
    void eachPipelineBecomesAFunctionOfItsOwn() throws IOException {
        pipeline("checking", "pipeline: checking\nsteps:\n  - validate\n  - greet\n");

        CommandLineRun run = run();

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()).contains("jars: 4").contains("Checking, Greeting");
        assertThat(library())
                .containsExactly(
                        "dynamodb-2.41.jar",
                        "greet-1.0.jar",
                        "portolan-aws-drivers-0.1.jar",
                        "portolan-aws-lambda-0.1.jar");
        assertThat(made.resolve("config/pipelines/greeting.yaml")).exists();
        assertThat(made.resolve("template.yaml"))
                .content()
                .contains("Handler: dev.portolan.aws.lambda.LambdaEntryPoint")
                .contains("PORTOLAN_PIPELINE: \"greeting\"")
                .contains("PORTOLAN_STORE: !Sub dynamodb:${State}")
                .doesNotContain("PORTOLAN_CONFIGURATION", "PORTOLAN_SECRETS");
    }

    @Test
    void stateMayBeKeptNowhereAndNeedsNoDriversThen() throws IOException {
        CommandLineRun run = run("--store", "memory");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.err()).contains("nothing outlives an instance");
        assertThat(library()).containsExactly("greet-1.0.jar", "portolan-aws-lambda-0.1.jar");
        assertThat(made.resolve("template.yaml"))
                .content()
                .contains("PORTOLAN_STORE: \"memory\"")
                .doesNotContain("DynamoDB");
    }

    @Test
    void secretsBringTheirClientAndNoOther() throws IOException {
        CommandLineRun run = run("--secrets", "ssm:/shop/");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(library()).contains("ssm-2.41.jar").doesNotContain("secretsmanager-2.41.jar");
        assertThat(made.resolve("template.yaml")).content().contains("PORTOLAN_SECRETS: \"ssm:/shop/\"");
    }

    @Test
    void whatCannotBeKeptWhereItIsAskedForIsUsage() {
        assertThat(run("--store", "dynamodb:mine")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("the template makes a table of its own");
        });
        assertThat(run("--store", "memory", "--secrets", "ssm:/shop/").code()).isEqualTo(2);
        assertThat(run("--adapter", "spring", "--secrets", "ssm:/shop/").code()).isEqualTo(2);
        assertThat(run("--secrets", "vault:shop")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("must be ssm:/PREFIX/ or secretsmanager:PREFIX");
        });
        assertThat(made).doesNotExist();
    }

    @Test
    void oneMayBeNamedAndAPipeExpressionToo() throws IOException {
        CommandLineRun run = run("--pipeline", "validate|greet", "--output", "json");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat((List<?>) new Json().decode(run.out()))
                .last()
                .isEqualTo(Map.of("file", made.resolve("template.yaml").toString(), "what", List.of("ValidateGreet")));
    }

    @Test
    void aConfigurationBringsSpringAndNothingElseOfTheCommands() throws IOException {
        CommandLineRun run = run("--configuration", UserConfiguration.class.getName(), "--pipeline", "greet|total");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(library()).contains("spring-context-7.0.jar").doesNotContain("picocli-4.7.jar");
        assertThat(made.resolve("template.yaml"))
                .content()
                .contains("PORTOLAN_CONFIGURATION: \"dev.portolan.local.UserConfiguration\"");
    }

    @Test
    void theAdapterOfSpringHasItsOwnHandlerAndJars() throws IOException {
        CommandLineRun run = run("--adapter", "spring");

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(library()).containsExactly("greet-1.0.jar", "portolan-aws-spring-0.1.jar");
        assertThat(made.resolve("template.yaml"))
                .content()
                .contains("Handler: org.springframework.cloud.function.adapter.aws.FunctionInvoker")
                .contains("MAIN_CLASS: \"dev.portolan.aws.spring.SpringDeployment\"")
                .contains("SPRING_CLOUD_FUNCTION_DEFINITION: \"greeting\"");
    }

    @Test
    void underSpringsAdapterBeansAreNamedAndTheirClassMustBeThere() {
        assertThat(run("--adapter", "spring", "--configuration", "a.B").code()).isEqualTo(2);

        CommandLineRun run = run("--adapter", "spring", "--configuration", "a.B", "--pipeline", "one|two");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("no class a.B is in");
        assertThat(made).doesNotExist();
    }

    @Test
    void aPipelineThatDoesNotComposeIsToldAtItsLineAndNothingIsWritten() throws IOException {
        pipeline("broken", "pipeline: broken\nsteps:\n  - gret\n");

        CommandLineRun run = run();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("broken.yaml:3").contains("did you mean 'greet'?");
        assertThat(made).doesNotExist();
    }

    @Test
    void whatIsUnknownIsUsageWithTheChoices() {
        assertThat(run("--target", "moon")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).containsIgnoringCase("lambda");
        });
        assertThat(run("--adapter", "quarkus")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).containsIgnoringCase("portolan, spring");
        });
        assertThat(run("--pipeline", "greting")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("did you mean 'greeting'?");
        });
        assertThat(run("--pipeline", "greet|").code()).isEqualTo(2);
        assertThat(CommandLineRun.of("package")).satisfies(run -> {
            assertThat(run.code()).isEqualTo(2);
            assertThat(run.err()).contains("--target");
        });
    }

    @Test
    void aFolderOfSomebodyElsesIsLeftAlone() throws IOException {
        Files.createDirectories(made);
        Files.writeString(made.resolve("notes.txt"), "mine");

        CommandLineRun run = run();

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("notes.txt was not made by 'portolan package'");
        assertThat(made.resolve("template.yaml")).doesNotExist();
    }

    private void pipeline(String name, String text) throws IOException {
        Path pipelines = Files.createDirectories(folder.resolve("config/pipelines"));
        Files.writeString(pipelines.resolve(name + ".yaml"), text);
    }

    private CommandLineRun run(String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "package",
                "--functions",
                jar.toString(),
                "--config",
                folder.resolve("config").toString(),
                "--to",
                made.toString()));
        if (!List.of(more).contains("--target")) {
            arguments.addAll(List.of("--target", "lambda"));
        }
        arguments.addAll(List.of(more));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private List<String> library() throws IOException {
        try (Stream<Path> jars = Files.list(made.resolve("lib"))) {
            return jars.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
