package dev.portolan.local.sqlite;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/// What SQLite reports, as a [Failure] that names the file and the remedy.
///
/// A full disk is `UNAVAILABLE` like any trouble with the disk: work that met it belongs back in its queue, not
/// among the dead letters, which want space on that disk too.
final class SqliteFailures {

    static final String REMEDY = "choose another with --data";

    private static final int PRIMARY = 0xff;

    private SqliteFailures() {}

    /// The failure of a call.
    ///
    /// @param effect what the call may have left behind, unless SQLite says that it did not begin
    static Failure of(SQLException e, Path file, Effect effect) {
        SQLiteErrorCode code =
                e instanceof SQLiteException sqlite ? sqlite.getResultCode() : SQLiteErrorCode.UNKNOWN_ERROR;
        Failure failure = switch (SQLiteErrorCode.getErrorCode(code.code & PRIMARY)) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                failure(Code.UNAVAILABLE, "another process holds the store " + file + "; try again", e);
            case SQLITE_READONLY, SQLITE_CANTOPEN, SQLITE_PERM -> unwritable(file, e);
            case SQLITE_NOTADB -> notOurs(file, e);
            case SQLITE_CORRUPT ->
                failure(
                                Code.FAILED_PRECONDITION,
                                "the store " + file + " is damaged: restore it from a backup, or " + REMEDY,
                                e)
                        .withEffect(effect);
            case SQLITE_FULL ->
                failure(Code.UNAVAILABLE, "no space is left for the store " + file + ": free some", e)
                        .withEffect(effect);
            case SQLITE_IOERR, SQLITE_NOMEM ->
                failure(Code.UNAVAILABLE, "the store " + file + " cannot be read or written now", e)
                        .withEffect(effect);
            default -> failure(Code.UNKNOWN, "the store " + file + " failed", e).withEffect(effect);
        };
        return failure.withProvider(code.name(), null);
    }

    static Failure unwritable(Path file, @Nullable Throwable cause) {
        return failure(
                Code.FAILED_PRECONDITION,
                "the store " + file + " cannot be written in the folder " + file.getParent() + ": " + REMEDY,
                cause);
    }

    static Failure notOurs(Path file, @Nullable Throwable cause) {
        return failure(Code.FAILED_PRECONDITION, "the file " + file + " is no store of Portolan: " + REMEDY, cause);
    }

    private static Failure failure(Code code, String message, @Nullable Throwable cause) {
        return new Failure(code, message, cause);
    }
}
