package dev.portolan.local.sqlite;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.jdbc4.JDBC4Connection;

/// Opens a store's file: makes it where there is none, and refuses what is none of ours.
final class SqliteFile {

    static final int FORMAT = 1;

    /// Marks the file as Portolan's: `PORT` in ASCII.
    static final int APPLICATION = 0x504f5254;

    private static final int BUSY_MILLIS = 10_000;
    private static final int WAL_ATTEMPTS = 100;
    private static final Mark FRESH = new Mark(0, 0, 0);

    /// The value stands last, so that no other column lies behind its overflow pages.
    private static final String[] SCHEMA = {
        """
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            counter INTEGER NOT NULL,
            key BLOB NOT NULL UNIQUE,
            due INTEGER,
            grp BLOB,
            at INTEGER,
            expires INTEGER,
            value BLOB NOT NULL) STRICT""",
        "CREATE INDEX entry_due ON entry (due, key) WHERE due IS NOT NULL",
        "CREATE INDEX entry_grp ON entry (grp, at, key) WHERE grp IS NOT NULL",
        "CREATE INDEX entry_expires ON entry (expires) WHERE expires IS NOT NULL",
        "PRAGMA application_id = " + APPLICATION,
        "PRAGMA user_version = " + FORMAT,
    };

    /// What a file says that it is.
    private record Mark(int application, int format, int objects) {}

    private SqliteFile() {}

    /// A connection to the store in a file, which another process may be making just now.
    ///
    /// @param file absolute
    /// @param now milliseconds since 1970; what has expired by then is removed
    static Connection open(Path file, long now) {
        checkWritable(file);
        try {
            Connection connection = connect(file);
            try {
                prepare(file, connection, now);
                return connection;
            } catch (SQLException | Failure e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw SqliteFailures.of(e, file, Effect.NONE);
        }
    }

    private static void checkWritable(Path file) {
        Path folder = file.getParent();
        try {
            if (folder != null && !Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
        } catch (IOException e) {
            throw SqliteFailures.unwritable(file, e);
        }
        // SQLite would open such a file for reading, and fail at the first write.
        if ((folder != null && !Files.isWritable(folder)) || (Files.exists(file) && !Files.isWritable(file))) {
            throw SqliteFailures.unwritable(file, null);
        }
    }

    static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        Properties properties = config.toProperties();
        // As a URI, since the driver takes what follows a question mark for settings.
        String uri = file.toUri().toString();
        return new JDBC4Connection("jdbc:sqlite:" + uri, uri, properties);
    }

    private static void prepare(Path file, Connection connection, long now) throws SQLException {
        if (mark(connection).equals(FRESH)) {
            create(connection);
        }
        Mark mark = mark(connection);
        if (mark.application != APPLICATION) {
            throw SqliteFailures.notOurs(file, null);
        }
        if (mark.format != FORMAT) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "the store " + file + " has format " + mark.format + ", and this version reads format " + FORMAT
                            + ": use the version that wrote it, or " + SqliteFailures.REMEDY);
        }
        logAhead(connection);
        removeExpired(connection, now);
    }

    private static Mark mark(Connection connection) throws SQLException {
        String sql = """
                SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
                FROM pragma_application_id, pragma_user_version""";
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return new Mark(row.getInt(1), row.getInt(2), row.getInt(3));
        }
    }

    private static void create(Connection connection) throws SQLException {
        execute(connection, "BEGIN IMMEDIATE");
        if (mark(connection).equals(FRESH)) {
            execute(connection, SCHEMA);
        }
        execute(connection, "COMMIT");
    }

    /// Turns on the write-ahead log. While another process does so too, SQLite gives up at once, without its
    /// usual patience; waiting for the right to write lets that process finish.
    private static void logAhead(Connection connection) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                execute(connection, "PRAGMA journal_mode = WAL");
                return;
            } catch (SQLiteException e) {
                if (e.getResultCode() != SQLiteErrorCode.SQLITE_BUSY || attempt == WAL_ATTEMPTS) {
                    throw e;
                }
                execute(connection, "BEGIN IMMEDIATE", "COMMIT");
            }
        }
    }

    private static void removeExpired(Connection connection, long now) throws SQLException {
        try (PreparedStatement some = connection.prepareStatement("SELECT 1 FROM entry WHERE expires <= ? LIMIT 1")) {
            some.setLong(1, now);
            try (ResultSet rows = some.executeQuery()) {
                if (!rows.next()) {
                    return;
                }
            }
        }
        try (PreparedStatement all = connection.prepareStatement("DELETE FROM entry WHERE expires <= ?")) {
            all.setLong(1, now);
            all.executeUpdate();
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
