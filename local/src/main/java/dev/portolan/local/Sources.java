package dev.portolan.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a command takes functions, definitions and state from.
final class Sources {

    @Option(
            names = "--functions",
            paramLabel = "JAR-OR-FOLDER",
            description =
                    "Functions of your own: a jar, a folder of jars, or a Maven project that is built. Repeatable.")
    List<Path> functions = new ArrayList<>();

    @Option(
            names = "--configuration",
            paramLabel = "CLASS",
            description = "A Spring @Configuration class in --functions whose @Bean functions to use. Repeatable.")
    List<String> configurations = new ArrayList<>();

    @Option(
            names = "--config",
            paramLabel = "DIR",
            description = "The folder of pipelines/, templates/ and schemas/. Default: ./config where there is one,"
                    + " otherwise what ships with Portolan.")
    @Nullable
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".portolan",
            description = "The folder of the embedded store and the outbox. Default: ${DEFAULT-VALUE}")
    Path data = Path.of(".portolan");

    /// The configuration folder that the rules above lead to.
    Path configFolder() {
        if (config != null) {
            return config;
        }
        Path here = Path.of("config");
        return Files.isDirectory(here.resolve("pipelines")) ? here : shipped();
    }

    /// What ships with Portolan; the launcher says where that is.
    private static Path shipped() {
        return Path.of(System.getProperty("portolan.home", ".")).resolve("config");
    }
}
