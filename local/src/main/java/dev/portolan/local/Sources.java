package dev.portolan.local;

import dev.portolan.failure.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/// Where a command takes functions, definitions and state from.
final class Sources {

    private static final Path DATA = Path.of(".portolan");

    /// What a shell takes for one word.
    private static final Pattern PLAIN = Pattern.compile("[\\w./:@%+=,-]+");

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
            description =
                    "The folder of pipelines/, templates/, schemas/ and endpoints.yaml. Default: ./config where there is one,"
                            + " otherwise what ships with Portolan.")
    @Nullable
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            defaultValue = ".portolan",
            description = "The folder of the embedded store and the outbox. Default: ${DEFAULT-VALUE}")
    Path data = DATA;

    @Option(
            names = "--store",
            paramLabel = "ADDRESS",
            description = "Where state is kept instead, as in dynamodb:TABLE. Default: the embedded store in --data")
    @Nullable
    String store;

    /// The configuration folder that the rules above lead to.
    Path configFolder() {
        if (config != null) {
            return config;
        }
        Path here = Path.of("config");
        return Files.isDirectory(here.resolve("pipelines")) ? here : shipped();
    }

    /// Opens the laptop that the options name.
    ///
    /// @throws ParameterException if there is no such folder of definitions
    Laptop open(CommandLine commandLine, InstantSource clock) {
        try {
            return Laptop.open(this, clock, commandLine.getErr());
        } catch (Failure failure) {
            throw failure.code() == Failure.Code.NOT_FOUND
                    ? new ParameterException(commandLine, failure.detail())
                    : failure;
        }
    }

    /// Another command over the same sources, as a person would type it.
    ///
    /// @param argument quoted as far as a shell needs it
    String command(String words, String argument) {
        StringBuilder command = new StringBuilder(System.getProperty("portolan.command", "portolan"))
                .append(' ')
                .append(words);
        if (!argument.isEmpty()) {
            command.append(' ').append(quoted(argument));
        }
        functions.forEach(path -> command.append(" --functions ").append(quoted(path.toString())));
        configurations.forEach(name -> command.append(" --configuration ").append(quoted(name)));
        if (config != null) {
            command.append(" --config ").append(quoted(config.toString()));
        }
        if (!data.equals(DATA)) {
            command.append(" --data ").append(quoted(data.toString()));
        }
        if (store != null) {
            command.append(" --store ").append(quoted(store));
        }
        return command.toString();
    }

    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }

    /// What ships with Portolan; the launcher says where that is.
    private static Path shipped() {
        return Path.of(System.getProperty("portolan.home", ".")).resolve("config");
    }
}
