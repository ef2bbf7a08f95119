package dev.portolan.local;

import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "crash",
        description = {
            "Kills the process of a durable pipeline twice (SIGKILL), once between two steps and once after a mail was sent"
                    + " and before its step was stored, and shows how others finish it.",
            "The processes are real ones of this command, over a store and an outbox of their own."
        })
final class DemoCrashCommand implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "A new folder to keep the store, the outbox and the definition in. Default: a temporary one,"
                    + " which is removed.")
    private @Nullable Path data;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (data != null && Files.exists(data)) {
            throw new ParameterException(
                    spec.commandLine(), "--data: " + data + " is there already; name a folder that is not");
        }
        Path scratch = Files.createTempDirectory("portolan-demo");
        try {
            Path folder = data == null ? scratch.resolve("data") : data;
            new CrashDemo(folder, scratch, spec.commandLine(), InstantSource.system(), new SecureRandom()).play();
            if (data != null) {
                Sources sources = new Sources();
                sources.data = data;
                sources.config = data.resolve("config");
                spec.commandLine()
                        .getErr()
                        .println("kept; look at it with: " + sources.command("execution show", "welcome:demo"));
            }
            return 0;
        } catch (IOException e) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION, "a process or a file of the demo cannot be made here", e);
        } finally {
            remove(scratch);
        }
    }

    private static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
