package dev.portolan.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Another process of this command: the same JVM with the same options, class path and recording of classes.
final class DemoProcess implements AutoCloseable {

    /// What only one process can have: a debugger's port, the making of a recording.
    private static final List<String> OWN =
            List.of("-agentlib", "-agentpath", "-javaagent", "-Xrunjdwp", "-XX:AOTCacheOutput", "-XX:AOTMode");

    private final Process process;
    private final BufferedReader lines;
    private final Path errors;

    /// Starts it.
    ///
    /// @param scratch takes what it writes to standard error, and the library that a killed process leaves
    DemoProcess(Path scratch, List<String> arguments) throws IOException {
        this.errors = Files.createTempFile(scratch, "process", ".err");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (OWN.stream().noneMatch(option::startsWith)) {
                command.add(option);
            }
        }
        command.add("-Dportolan.terminal=false");
        command.add("-Dorg.sqlite.tmpdir=" + scratch);
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Portolan.class.getName());
        command.addAll(arguments);
        this.process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        this.lines = process.inputReader(UTF_8);
    }

    long pid() {
        return process.pid();
    }

    /// The next line that it prints; null if it is over.
    @Nullable
    String line() throws IOException {
        return lines.readLine();
    }

    /// Ends it as `kill -9` does, wherever it is.
    ///
    /// @return how it ended: 137 on Unix, for signal 9
    int kill() throws InterruptedException {
        process.toHandle().destroyForcibly(); // the process itself would close its output as well
        return process.waitFor();
    }

    /// How it ended.
    int exit() throws InterruptedException {
        return process.waitFor();
    }

    /// What it wrote to standard error.
    String errors() throws IOException {
        return Files.readString(errors);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
