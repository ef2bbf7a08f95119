package dev.portolan.aws.lambda;

import dev.portolan.driver.Driver;
import dev.portolan.execution.Continuation;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Invocation;
import dev.portolan.local.sqlite.SqliteStateStore;
import dev.portolan.state.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.sqlite.JDBC;

/// A store that several functions' processes share, the file `state.db` of a folder; who is to be woken is
/// written to `woken` there. Deployed as users deploy theirs.
public final class SharedStore implements Driver {

    /// Says which folder.
    static final String FOLDER = "SHARED_FOLDER";

    @Override
    public String scheme() {
        return "shared";
    }

    @Override
    public StateStore store(String folder, Host host) {
        return SqliteStateStore.open(Path.of(folder, "state.db"), host.clock());
    }

    @Override
    public Continuation continuation(String folder, Host host) {
        Path woken = Path.of(folder, "woken");
        return (id, delay) -> append(woken, id);
    }

    private static void append(Path file, String line) {
        try {
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Functions that write to `calls` under which keys they were called.
    public static final class Voyage implements FunctionModule {

        @Override
        public void register(FunctionRegistrar functions) {
            Path folder = Path.of(System.getenv(FOLDER));
            functions.add("note", Map.class, Map.class, input -> noted(folder, input));
            functions.add("sail", Map.class, Map.class, input -> {
                noted(folder, input);
                try {
                    // Whoever is there before the wind does not arrive.
                    if (Files.notExists(folder.resolve("wind"))) {
                        Thread.sleep(Duration.ofMinutes(1));
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the voyage was interrupted", e);
                }
                return input;
            });
        }

        private static Map<?, ?> noted(Path folder, Map<?, ?> input) {
            append(folder.resolve("calls"), Invocation.current().key());
            return input;
        }
    }

    /// A copy of a function's package that runs a pipeline over the store of a folder.
    static SamTemplate.Function deployed(SamTemplate.Function function, Path code, Path shared) {
        return UserPackage.of(function, code)
                .withLibraryOf(SqliteStateStore.class)
                .withLibraryOf(JDBC.class)
                .withJar(
                        "shared.jar",
                        List.of(SharedStore.class, Voyage.class),
                        Map.of(Driver.class, SharedStore.class, FunctionModule.class, Voyage.class))
                .function()
                .with(Map.of(
                        "PORTOLAN_STORE",
                        "shared:" + shared,
                        "PORTOLAN_CONTINUATION",
                        "shared:" + shared,
                        "PORTOLAN_NOTIFIER",
                        "memory",
                        FOLDER,
                        shared.toString(),
                        // A killed process leaves its library behind.
                        "JAVA_TOOL_OPTIONS",
                        "-Dorg.sqlite.tmpdir=" + shared));
    }
}
