package dev.portolan.local.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Kills processes that write, and lets processes write at once.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class SqliteCrashTest {

    private static final int INCREMENTS = 300;
    private static final int ROUNDS = Boolean.getBoolean("portolan.full") ? 12 : 3;

    @TempDir
    Path folder;

    private final List<Process> children = new ArrayList<>();

    @AfterEach
    void endChildren() throws InterruptedException {
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatWasWrittenBeforeAKillIsThereAfterwards() throws Exception {
        Path file = folder.resolve("state.db");
        List<String> written = new ArrayList<>();
        for (int round = 0; round < ROUNDS; round++) {
            Process child = start(Writer.class, file.toString(), Integer.toString(round));
            try (BufferedReader lines = child.inputReader(UTF_8)) {
                for (int i = 0; i < 100; i++) {
                    written.add(lines.readLine());
                }
                // The process itself would close its output as well.
                child.toHandle().destroyForcibly();
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    written.add(line);
                }
            }
            assertThat(child.waitFor()).as("exit of a writer that was killed").isNotZero();
        }

        assertThat(written).hasSizeGreaterThanOrEqualTo(100 * ROUNDS).doesNotHaveDuplicates();
        try (StateStore store = open(file)) {
            for (String key : written) {
                assertThat(store.find(key))
                        .as(key)
                        .get()
                        .satisfies(entry -> assertThat(entry.value()).isEqualTo(value(key)));
            }
        }
        assertThat(SqliteStateStoreTest.ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
    }

    @Test
    void twoProcessesOpenAFreshFileAndLoseNoIncrement() throws Exception {
        Path file = folder.resolve("state.db");
        List<Process> counters = List.of(start(Counter.class, file.toString()), start(Counter.class, file.toString()));
        for (Process counter : counters) {
            assertThat(counter.inputReader(UTF_8).readLine()).isEqualTo("ready");
        }
        for (Process counter : counters) {
            counter.outputWriter(UTF_8).append('\n').flush();
        }
        for (Process counter : counters) {
            assertThat(counter.waitFor(60, TimeUnit.SECONDS)).isTrue();
            assertThat(counter.inputReader(UTF_8).readAllAsString()).isEmpty();
            assertThat(counter.exitValue()).isZero();
        }

        try (StateStore store = open(file)) {
            assertThat(new String(store.find("counter").orElseThrow().value(), UTF_8))
                    .isEqualTo(Integer.toString(2 * INCREMENTS));
        }
        assertThat(SqliteStateStoreTest.ask(file, "PRAGMA integrity_check")).isEqualTo("ok");
    }

    private Process start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.sqlite.tmpdir=" + folder, // a killed process leaves its library behind
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
        children.add(child);
        return child;
    }

    private static StateStore open(Path file) {
        return SqliteStateStore.open(file, InstantSource.system());
    }

    /// A value that only its key tells, of up to 20 kB.
    private static byte[] value(String key) {
        Random random = new Random(key.hashCode());
        byte[] value = new byte[random.nextInt(20_000)];
        random.nextBytes(value);
        return value;
    }

    /// Writes entries until it is killed, and prints each key when its write has returned.
    static final class Writer {

        private Writer() {}

        public static void main(String[] arguments) {
            try (StateStore store = open(Path.of(arguments[0]))) {
                for (int i = 0; i < 100_000; i++) {
                    String key = "%s-%06d".formatted(arguments[1], i);
                    if (i % 2 == 0) {
                        store.create(key, value(key), Indexes.NONE, null);
                    } else {
                        Entry first = store.create(key, new byte[0], Indexes.NONE, null);
                        store.replace(first, value(key), Indexes.NONE, null);
                    }
                    System.out.println(key);
                }
            }
        }
    }

    /// Waits for a line, opens the store, and counts up under one key.
    static final class Counter {

        private Counter() {}

        public static void main(String[] arguments) throws IOException {
            System.out.println("ready");
            if (System.in.read() != '\n') {
                throw new IOException("nobody said go");
            }
            try (StateStore store = open(Path.of(arguments[0]))) {
                unlessConflict(() -> store.create("counter", "0".getBytes(UTF_8), Indexes.NONE, null));
                for (int done = 0; done < INCREMENTS; ) {
                    Entry read = store.find("counter").orElseThrow();
                    int count = Integer.parseInt(new String(read.value(), UTF_8)) + 1;
                    byte[] value = Integer.toString(count).getBytes(UTF_8);
                    if (unlessConflict(() -> store.replace(read, value, Indexes.NONE, null))) {
                        done++;
                    }
                }
            }
        }

        private static boolean unlessConflict(Runnable write) {
            try {
                write.run();
                return true;
            } catch (Failure failure) {
                if (failure.code() != Failure.Code.CONFLICT) {
                    throw failure;
                }
                return false;
            }
        }
    }
}
