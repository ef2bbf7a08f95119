package dev.portolan.local.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import dev.portolan.testing.StateStoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteStateStoreTest extends StateStoreContract {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final byte[] VALUE = {1, 2, 3};

    @TempDir
    Path folder;

    @Override
    protected StateStore open(InstantSource clock) {
        return SqliteStateStore.open(folder.resolve("contract.db"), clock);
    }

    @Test
    void aStoreThatIsOpenedAgainHoldsItsEntries() {
        Path file = folder.resolve("again.db");
        Entry created;
        try (SqliteStateStore store = open(file)) {
            created = store.create("k", VALUE, new Indexes(NOW, "g", NOW), NOW.plusMillis(1));
        }

        try (SqliteStateStore store = open(file)) {
            assertThat(store.find("k")).get().usingRecursiveComparison().isEqualTo(created);
            assertThat(store.due(NOW, Page.Request.first(7)).entries()).hasSize(1);
            assertThat(store.group("g", NOW, Page.Request.first(7)).entries()).hasSize(1);
        }
    }

    @Test
    void aRevisionIsNotGivenAgainAfterReopening() {
        Path file = folder.resolve("revisions.db");
        Entry before;
        try (SqliteStateStore store = open(file)) {
            before = store.create("k", VALUE, Indexes.NONE, null);
            store.delete(before);
        }

        try (SqliteStateStore store = open(file)) {
            Entry after = store.create("k", VALUE, Indexes.NONE, null);
            assertThat(after.revision()).isNotEqualTo(before.revision());
        }
    }

    @Test
    void twoStoresOverOneFileSeeEachOthersWrites() {
        Path file = folder.resolve("shared.db");
        try (SqliteStateStore one = open(file);
                SqliteStateStore other = open(file)) {
            Entry created = one.create("k", VALUE, Indexes.NONE, null);
            Entry replaced = other.replace(created, new byte[0], Indexes.NONE, null);

            assertThat(one.find("k")).get().usingRecursiveComparison().isEqualTo(replaced);
            assertThatThrownBy(() -> one.delete(created))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.CONFLICT));
        }
    }

    @Test
    void openingRemovesWhatHasExpired() throws SQLException {
        Path file = folder.resolve("expired.db");
        try (SqliteStateStore store = open(file)) {
            store.create("expired", VALUE, Indexes.NONE, NOW.plusMillis(1));
            store.create("later", VALUE, Indexes.NONE, NOW.plusMillis(2));
            store.create("never", VALUE, Indexes.NONE, null);
        }

        SqliteStateStore.open(file, InstantSource.fixed(NOW.plusMillis(1))).close();

        assertThat(ask(file, "SELECT group_concat(CAST(key AS TEXT)) FROM entry"))
                .isEqualTo("later,never");
    }

    @Test
    void aPageOfLargeValuesEndsEarly() {
        byte[] half = new byte[8 * 1024 * 1024];
        try (SqliteStateStore store = open(folder.resolve("large.db"))) {
            for (String key : new String[] {"a", "b", "c"}) {
                store.create(key, half, Indexes.NONE, null);
            }

            Page first = store.list("", Page.Request.first(100));
            assertThat(first.entries()).extracting(Entry::key).containsExactly("a", "b");
            Page second = store.list("", first.next());
            assertThat(second.entries()).extracting(Entry::key).containsExactly("c");
            assertThat(second.next()).isNull();
        }
    }

    @Test
    void aFailedWriteLeavesTheStoreUsable() throws SQLException {
        Path file = folder.resolve("full.db");
        try (SqliteStateStore store = open(file)) {
            raw(file, "CREATE TRIGGER broken BEFORE INSERT ON entry BEGIN SELECT raise(ABORT, 'broken'); END");
            assertThatThrownBy(() -> store.create("k", VALUE, Indexes.NONE, null))
                    .isInstanceOfSatisfying(Failure.class, failure -> {
                        assertThat(failure.code()).isEqualTo(Code.UNKNOWN);
                        assertThat(failure.effect()).isEqualTo(Failure.Effect.UNKNOWN);
                        assertThat(failure.detail()).contains(file.toString()).doesNotContain("broken");
                    });
            raw(file, "DROP TRIGGER broken");

            store.create("k", VALUE, Indexes.NONE, null);

            assertThat(store.find("k")).isPresent();
        }
    }

    @Test
    void aDamagedFileIsReportedWithTheRemedy() throws IOException {
        Path file = folder.resolve("damaged.db");
        try (SqliteStateStore store = open(file)) {
            for (int i = 0; i < 1000; i++) {
                store.create("k" + i, VALUE, Indexes.NONE, null);
            }
        }
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 5000, bytes.length, (byte) 0x55);
        Files.write(file, bytes);

        assertThatThrownBy(() -> {
                    try (SqliteStateStore store = open(file)) {
                        store.find("k7");
                    }
                })
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION))
                .hasMessageContaining(file.toString())
                .hasMessageContaining("damaged");
    }

    private static SqliteStateStore open(Path file) {
        return SqliteStateStore.open(file, InstantSource.fixed(NOW));
    }

    static String ask(Path file, String sql) throws SQLException {
        try (Connection connection = SqliteFile.connect(file);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.getString(1);
        }
    }

    static void raw(Path file, String... statements) throws SQLException {
        try (Connection connection = SqliteFile.connect(file);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
