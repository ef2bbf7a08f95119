package dev.portolan.local.sqlite;

import static dev.portolan.local.sqlite.SqliteStateStoreTest.ask;
import static dev.portolan.local.sqlite.SqliteStateStoreTest.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.Indexes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@Timeout(120)
final class SqliteFileTest {

    @TempDir
    Path folder;

    @Test
    void everyCommitReachesTheDiskThroughTheLog() throws SQLException {
        try (Connection connection = SqliteFile.open(folder.resolve("s.db"), 0);
                Statement statement = connection.createStatement()) {
            assertThat(text(statement, "PRAGMA journal_mode")).isEqualTo("wal");
            assertThat(text(statement, "PRAGMA synchronous")).isEqualTo("2");
            assertThat(text(statement, "PRAGMA busy_timeout")).isEqualTo("10000");
            assertThat(text(statement, "PRAGMA user_version")).isEqualTo("1");
        }
    }

    @Test
    void openingAgainChangesNoByte() throws IOException {
        Path file = folder.resolve("s.db");
        open(file).close();
        byte[] before = Files.readAllBytes(file);

        open(file).close();

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SqliteStateStore.FIND,
                SqliteStateStore.LIST,
                SqliteStateStore.DUE,
                SqliteStateStore.GROUP,
                SqliteStateStore.REPLACE,
                SqliteStateStore.DELETE
            })
    void everyStatementSearchesAnIndexInItsOrder(String sql) throws SQLException {
        try (Connection connection = SqliteFile.open(folder.resolve("s.db"), 0);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("EXPLAIN QUERY PLAN " + sql)) {
            List<String> plan = new ArrayList<>();
            while (rows.next()) {
                plan.add(rows.getString("detail"));
            }
            assertThat(plan).hasSize(1).allMatch(step -> step.startsWith("SEARCH entry USING INDEX"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "a?user_version=7", "a%3Fb", "a#b", "a;b", "\u00e4\u6f22", "file:x", "a'b\"c"})
    void aFileMayHaveAnyName(String name) {
        Path file = folder.resolve(name).resolve(name + ".db");

        open(file).close();

        assertThat(file).isRegularFile();
    }

    @Test
    void anotherFormatIsRefusedWithTheRemedyAndLeftUnchanged() throws Exception {
        Path file = folder.resolve("s.db");
        open(file).close();
        raw(file, "PRAGMA user_version = 2");

        assertRefusedUnchanged(file)
                .hasMessageContaining("has format 2")
                .hasMessageContaining("reads format 1")
                .hasMessageContaining("use the version that wrote it, or choose another with --data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"CREATE TABLE theirs (a)", "PRAGMA user_version = 1", "PRAGMA application_id = 7"})
    void anotherProgramsDatabaseIsRefusedAndLeftUnchanged(String sql) throws Exception {
        Path file = folder.resolve("theirs.db");
        raw(file, sql);

        assertRefusedUnchanged(file).hasMessageContaining("is no store of Portolan: choose another with --data");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 5, 99, 100, 511, 512, 513, 5000})
    void aFileThatIsNoDatabaseIsRefusedAndLeftUnchanged(int length) throws IOException {
        Path file = Files.write(folder.resolve("letter.txt"), "x".repeat(length).getBytes(StandardCharsets.UTF_8));

        assertRefusedUnchanged(file).hasMessageContaining("is no store of Portolan: choose another with --data");
    }

    @Test
    void anEmptyFileBecomesAStore() throws Exception {
        Path file = Files.createFile(folder.resolve("s.db"));

        open(file).close();

        assertThat(ask(file, "PRAGMA user_version")).isEqualTo("1");
    }

    @Test
    void aFolderThatCannotBeMadeIsRefused() throws IOException {
        Path notAFolder = Files.createFile(folder.resolve("file"));

        assertRefused(notAFolder.resolve("deep").resolve("s.db"))
                .hasMessageContaining("in the folder " + notAFolder.resolve("deep") + ": choose another with --data");
    }

    @Test
    void aFolderInPlaceOfTheFileIsRefused() throws IOException {
        assertRefused(Files.createDirectory(folder.resolve("s.db"))).hasMessageContaining("choose another with --data");
    }

    @Test
    void aFolderThatCannotBeWrittenIsRefused() throws IOException {
        Path closed = Files.createDirectory(folder.resolve("closed"));
        assertThat(closed.toFile().setWritable(false)).isTrue();
        try {
            assumeThat(Files.isWritable(closed)).as("root may write anywhere").isFalse();
            assertRefused(closed.resolve("s.db"))
                    .hasMessageContaining("in the folder " + closed + ": choose another with --data");
        } finally {
            assertThat(closed.toFile().setWritable(true)).isTrue();
        }
    }

    @Test
    void aFileThatCannotBeWrittenIsRefused() throws IOException {
        Path file = folder.resolve("s.db");
        open(file).close();
        assertThat(file.toFile().setWritable(false)).isTrue();
        assumeThat(Files.isWritable(file)).as("root may write anywhere").isFalse();

        assertRefusedUnchanged(file).hasMessageContaining("cannot be written");
    }

    @Test
    void aFreshFileMayBeOpenedByManyAtOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            Path file = folder.resolve("fresh" + round + ".db");
            Callable<Boolean> work = () -> {
                try (SqliteStateStore store = open(file)) {
                    store.create(Thread.currentThread().getName(), new byte[0], Indexes.NONE, null);
                    return true;
                }
            };
            try (ExecutorService executor = Executors.newFixedThreadPool(6)) {
                for (Future<Boolean> opened : executor.invokeAll(Collections.nCopies(6, work))) {
                    assertThat(opened.get()).isTrue();
                }
            }
            assertThat(ask(file, "SELECT count(*) FROM entry")).isEqualTo("6");
            assertThat(ask(file, "PRAGMA journal_mode")).isEqualTo("wal");
        }
    }

    @Test
    void openingWaitsForAnotherThatHasNotTurnedTheLogOnYet() throws Exception {
        Path file = folder.resolve("s.db");
        open(file).close();
        raw(file, "PRAGMA journal_mode = DELETE");
        try (Connection other = SqliteFile.connect(file);
                Statement statement = other.createStatement();
                ExecutorService executor = Executors.newSingleThreadExecutor()) {
            statement.execute("BEGIN IMMEDIATE");
            Future<?> opened = executor.submit(() -> open(file).close());
            assertThatThrownBy(() -> opened.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            statement.execute("COMMIT");

            assertThat(opened).succeedsWithin(Duration.ofSeconds(20));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "SQLITE_BUSY, UNAVAILABLE, NONE",
        "SQLITE_BUSY_RECOVERY, UNAVAILABLE, NONE",
        "SQLITE_LOCKED, UNAVAILABLE, NONE",
        "SQLITE_READONLY, FAILED_PRECONDITION, NONE",
        "SQLITE_READONLY_DIRECTORY, FAILED_PRECONDITION, NONE",
        "SQLITE_CANTOPEN, FAILED_PRECONDITION, NONE",
        "SQLITE_NOTADB, FAILED_PRECONDITION, NONE",
        "SQLITE_CORRUPT, FAILED_PRECONDITION, UNKNOWN",
        "SQLITE_FULL, UNAVAILABLE, UNKNOWN",
        "SQLITE_IOERR_FSYNC, UNAVAILABLE, UNKNOWN",
        "SQLITE_MISUSE, UNKNOWN, UNKNOWN",
    })
    void whatSqliteReportsBecomesAFailure(SQLiteErrorCode reported, Code code, Effect effect) {
        Path file = folder.resolve("s.db");

        Failure failure = SqliteFailures.of(new SQLiteException("secret", reported), file, Effect.UNKNOWN);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.effect()).isEqualTo(effect);
        assertThat(failure.providerCode()).isEqualTo(reported.name());
        assertThat(failure.detail()).contains(file.toString()).doesNotContain("secret");
    }

    private static SqliteStateStore open(Path file) {
        return SqliteStateStore.open(file, InstantSource.system());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path file) {
        return assertThatThrownBy(() -> open(file).close())
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION))
                .hasMessageContaining(file.toString());
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertRefusedUnchanged(Path file)
            throws IOException {
        byte[] before = Files.readAllBytes(file);
        var refusal = assertRefused(file);
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        return refusal;
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet row = statement.executeQuery(sql)) {
            return row.getString(1);
        }
    }
}
