package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A user's own functions: compiled here, away from the class path, from what `new` writes and from Spring beans.
class UserFunctionsTest {

    private static final String INPUT = "{\"name\": \"Grace\", \"email\": \"grace@example.com\"}";

    @TempDir
    private Path folder;

    @Test
    void whatNewWritesRunsFromItsFolderItsClassesAndItsJar() throws IOException {
        Path project = newProject("greet");
        Path classes = compile(project);
        Path jar = jar(classes, folder.resolve("jars").resolve("greet-1.0.0.jar"));

        for (Path place : List.of(project, classes, jar, jar.getParent())) {
            CommandLineRun run = run("greet|notify", place);

            assertThat(run.code()).as(run.err()).isZero();
            assertThat(json(run)).containsEntry("greeting", "Hello Grace").containsEntry("name", "Grace");
        }
    }

    @Test
    void whatNewWritesHasAPipelineThatRuns() throws IOException {
        Path project = newProject("greet");
        compile(project);

        CommandLineRun run = CommandLineRun.of(
                "run", "greet-by-mail",
                "--functions", project.toString(),
                "--config", project.resolve("config").toString(),
                "--data", folder.resolve("data").toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).containsEntry("greeting", "Ahoy Ada");
        try (Stream<Path> mails = Files.list(folder.resolve("data/outbox"))) {
            assertThat(mails.filter(file -> file.toString().endsWith(".eml")))
                    .singleElement()
                    .satisfies(mail -> assertThat(Files.readString(mail)).contains("Subject: Ahoy Ada"));
        }
    }

    @Test
    void aFunctionOfTheUsersIsListed() throws IOException {
        Path project = newProject("send-invoice");
        compile(project);

        assertThat(CommandLineRun.of("function", "list", "--config", "../config", "--functions", project.toString())
                        .out())
                .containsPattern(
                        "send-invoice +Map<String, Object> +Map<String, Object> +salutation +sendinvoice.SendInvoice");
    }

    @Test
    void anUnchangedSpringConfigurationRuns() throws IOException {
        Path source = folder.resolve("src/shop/ShopConfiguration.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, """
                package shop;

                import java.util.function.Function;
                import org.springframework.context.annotation.Bean;
                import org.springframework.context.annotation.Configuration;

                @Configuration
                public class ShopConfiguration {
                    public record Line(String sku, int quantity) {}
                    public record Total(String sku, long cents) {}

                    @Bean
                    Long centsEach() {
                        return 250L;
                    }

                    @Bean
                    public Function<Line, Total> total(Long centsEach) {
                        return line -> new Total(line.sku(), centsEach * line.quantity());
                    }
                }
                """);
        Path classes = compile(List.of(source), folder.resolve("classes"));
        String[] arguments = {
            "run", "total",
            "--functions", classes.toString(),
            "--config", "../config",
            "--data", folder.resolve("data").toString(),
            "--input", "{\"sku\": \"rope\", \"quantity\": 3}"
        };

        CommandLineRun without = CommandLineRun.of(arguments);
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.err()).contains("no functions in").contains("--configuration");

        String[] with = Stream.concat(Stream.of(arguments), Stream.of("--configuration", "shop.ShopConfiguration"))
                .toArray(String[]::new);
        CommandLineRun run = CommandLineRun.of(with);
        assertThat(run.code()).as(run.err()).isZero();
        assertThat(json(run)).isEqualTo(Map.of("sku", "rope", "cents", 750));
    }

    @Test
    void aNameThatIsTakenIsRefusedWithBothOrigins() throws IOException {
        Path project = newProject("tell");
        Path module = project.resolve("src/main/java/tell/TellModule.java");
        Files.writeString(module, Files.readString(module).replace("\"tell\"", "\"notify\""));
        compile(project);

        CommandLineRun run = run("notify", project);

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("two functions are called 'notify'")
                .contains("dev.portolan.intake.Notify")
                .contains("tell.Tell");
    }

    @Test
    void whatAProjectNeedsAtRunTimeIsLoadedFromItsLib() throws IOException {
        Path project = newProject("greet");
        Path helper = project.resolve("helper/Loud.java");
        Files.createDirectories(helper.getParent());
        Files.writeString(
                helper, "package loud; public class Loud { public static String of(String s) { return s + \"!\"; } }");
        Path helpers = compile(List.of(helper), project.resolve("helper/classes"));
        jar(helpers, project.resolve("target/lib/loud.jar"));
        Path source = project.resolve("src/main/java/greet/Greet.java");
        Files.writeString(source, Files.readString(source).replace("salutation + \" \" + name", "loud.Loud.of(name)"));
        compile(project, helpers);

        assertThat(json(run("greet", project))).containsEntry("greeting", "Grace!");

        Files.delete(project.resolve("target/lib/loud.jar"));
        assertThat(run("greet", project).err()).contains("NoClassDefFoundError (loud/Loud)");
    }

    @Test
    void aProjectThatIsNotBuiltIsNamedWithTheRemedy() {
        CommandLineRun run = run("greet", newProject("greet"));

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("is not built; run 'mvn package' in it");
    }

    @Test
    void aPathThatIsNotThereIsNamed() {
        assertThat(run("greet", folder.resolve("nowhere.jar")).err()).contains("nowhere.jar");
    }

    @Test
    void newRefusesWhatIsThereAndWhatIsNoName() {
        newProject("greet");

        for (String name : List.of(
                "greet", "Greet", "2fast", "class", "a--b", "../x", "", "string", "map", "function", "notify")) {
            CommandLineRun run = CommandLineRun.of("new", name, "--in", folder.toString());
            assertThat(run.code()).as(name).isEqualTo(2);
        }
        assertThat(folder.resolve("Greet")).doesNotExist();
    }

    private Path newProject(String name) {
        CommandLineRun run = CommandLineRun.of("new", name, "--in", folder.toString());
        assertThat(run.code()).as(run.err()).isZero();
        return folder.resolve(name);
    }

    private CommandLineRun run(String pipeline, Path functions) {
        return CommandLineRun.of(
                "run",
                pipeline,
                "--functions",
                functions.toString(),
                "--config",
                "../config",
                "--data",
                folder.resolve("data").toString(),
                "--input",
                INPUT);
    }

    /// As Maven does it: `target/classes` with the resources.
    private static Path compile(Path project, Path... classPath) throws IOException {
        Path classes = project.resolve("target/classes");
        List<Path> sources;
        try (Stream<Path> files = Files.walk(project.resolve("src/main/java"))) {
            sources = files.filter(file -> file.toString().endsWith(".java")).toList();
        }
        compile(sources, classes, classPath);
        Path services = Path.of("META-INF/services/dev.portolan.function.FunctionModule");
        Files.createDirectories(classes.resolve(services).getParent());
        Files.copy(project.resolve("src/main/resources").resolve(services), classes.resolve(services));
        return classes;
    }

    private static Path compile(List<Path> sources, Path classes, Path... classPath) throws IOException {
        Files.createDirectories(classes);
        String all = Stream.concat(
                        Stream.of(System.getProperty("java.class.path")),
                        Stream.of(classPath).map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> arguments = new ArrayList<>(List.of("-d", classes.toString(), "-proc:none", "-cp", all));
        sources.forEach(source -> arguments.add(source.toString()));
        int code = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(code).isZero();
        return classes;
    }

    private static Path jar(Path classes, Path jar) throws IOException {
        Files.createDirectories(jar.getParent());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> files = Files.walk(classes)) {
            for (Path entry : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(entry).toString()));
                Files.copy(entry, out);
                out.closeEntry();
            }
        }
        return jar;
    }

    private static Map<Object, Object> json(CommandLineRun run) {
        return new LinkedHashMap<>((Map<?, ?>) new Json().decode(run.out()));
    }
}
