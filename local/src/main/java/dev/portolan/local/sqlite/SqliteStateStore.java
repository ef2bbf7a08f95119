package dev.portolan.local.sqlite;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Limits;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import dev.portolan.state.StateStore;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps entries in one SQLite file that several processes may use at once. A write that has returned survives
/// the loss of power; every write is one statement, and the indexes are never behind.
///
/// A revision is `id.counter`: SQLite never gives an id again, and the counter grows while the entry lives.
public final class SqliteStateStore implements StateStore {

    static final String CREATE = """
            INSERT INTO entry (counter, key, due, grp, at, expires, value) VALUES (1, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (key) DO UPDATE SET counter = counter + 1, due = excluded.due, grp = excluded.grp,
                at = excluded.at, expires = excluded.expires, value = excluded.value
            WHERE expires <= ?
            RETURNING id || '.' || counter""";
    static final String REPLACE = """
            UPDATE entry SET counter = counter + 1, due = ?, grp = ?, at = ?, expires = ?, value = ?
            WHERE key = ? AND id || '.' || counter = ? AND (expires IS NULL OR expires > ?)
            RETURNING id || '.' || counter""";
    static final String DELETE = """
            DELETE FROM entry WHERE key = ? AND id || '.' || counter = ? AND (expires IS NULL OR expires > ?)
            RETURNING id || '.' || counter""";

    private static final String SELECT = """
            SELECT key, id || '.' || counter, value, due, grp, at, expires FROM entry
            WHERE (expires IS NULL OR expires > ?) AND\s""";
    static final String FIND = SELECT + "key = ?";
    static final String LIST = SELECT + "key >= ? AND key < ? ORDER BY key LIMIT ?";
    static final String DUE = SELECT + "due <= ? AND (due, key) > (?, ?) ORDER BY due, key LIMIT ?";
    static final String GROUP =
            SELECT + "grp = ? AND at >= ? AND (at, key) < (?, ?) ORDER BY at DESC, key DESC LIMIT ?";

    private static final int DUE_COLUMN = 4;
    private static final int AT_COLUMN = 6;

    private static final int VALUE_LIMIT = 16 * 1024 * 1024;

    /// How many bytes of values a page holds before it ends.
    private static final int PAGE_BYTES = VALUE_LIMIT;

    /// Above every key: UTF-8 has no such byte.
    private static final byte[] LAST = {(byte) 0xff};

    private final Path file;
    private final InstantSource clock;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();

    private SqliteStateStore(Path file, InstantSource clock, Connection connection) {
        this.file = file;
        this.clock = clock;
        this.connection = connection;
    }

    /// Opens the store in a file, and makes file and folder where there is none. What has expired is removed.
    ///
    /// @throws Failure `FAILED_PRECONDITION` if the file is of another format, no store at all, or not
    ///     writable, and leaves it unchanged; `UNAVAILABLE` if other processes hold it for too long
    public static SqliteStateStore open(Path file, InstantSource clock) {
        Path absolute = file.toAbsolutePath();
        return new SqliteStateStore(absolute, clock, SqliteFile.open(absolute, clock.millis()));
    }

    @Override
    public Optional<Entry> find(String key) {
        byte[] bytes = Limits.key(key);
        return Optional.ofNullable(
                call(Effect.NONE, FIND, rows -> rows.next() ? entry(rows) : null, clock.millis(), bytes));
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        byte[] bytes = Limits.key(key);
        Limits.value(value, VALUE_LIMIT);
        Indexes cut = Limits.indexes(indexes);
        Instant expires = Limits.instant(expiresAt);
        String revision = write(
                CREATE, bytes, milli(cut.due()), group(cut), milli(cut.at()), milli(expires), value, clock.millis());
        if (revision == null) {
            throw new Failure(Code.CONFLICT, "the key holds an entry already");
        }
        return new Entry(key, revision, value.clone(), cut, expires);
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        byte[] bytes = Limits.key(read.key());
        Limits.value(value, VALUE_LIMIT);
        Indexes cut = Limits.indexes(indexes);
        Instant expires = Limits.instant(expiresAt);
        String revision = expect(write(
                REPLACE,
                milli(cut.due()),
                group(cut),
                milli(cut.at()),
                milli(expires),
                value,
                bytes,
                read.revision(),
                clock.millis()));
        return new Entry(read.key(), revision, value.clone(), cut, expires);
    }

    @Override
    public void delete(Entry read) {
        expect(write(DELETE, Limits.key(read.key()), read.revision(), clock.millis()));
    }

    @Override
    public Page list(String prefix, Page.Request page) {
        byte[] first = Limits.text(prefix);
        byte[] end = Arrays.copyOf(first, first.length + 1);
        end[first.length] = LAST[0];
        Place after = Place.of(page.after());
        byte[] from = after == null ? first : next(bytes(after));
        return page(DUE_COLUMN, page, LIST, from, end, page.limit());
    }

    @Override
    public Page due(Instant before, Page.Request page) {
        Place after = Place.of(page.after());
        long milli = after == null ? -1 : after.milli();
        byte[] key = after == null ? LAST : bytes(after);
        return page(DUE_COLUMN, page, DUE, Limits.milli(before), milli, key, page.limit());
    }

    @Override
    public Page group(String group, Instant since, Page.Request page) {
        Place after = Place.of(page.after());
        long milli = after == null ? Long.MAX_VALUE : after.milli();
        byte[] key = after == null ? LAST : bytes(after);
        return page(AT_COLUMN, page, GROUP, Limits.key(group), Limits.milli(since), milli, key, page.limit());
    }

    @Override
    public int valueLimit() {
        return VALUE_LIMIT;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqliteFailures.of(e, file, Effect.NONE);
        } finally {
            lock.unlock();
        }
    }

    /// A page of entries.
    ///
    /// @param instant the column that the entries are ordered by; any where there is none
    private Page page(int instant, Page.Request request, String sql, Object... bounds) {
        @Nullable Object[] values = new Object[bounds.length + 1];
        values[0] = clock.millis();
        System.arraycopy(bounds, 0, values, 1, bounds.length);
        return call(
                Effect.NONE,
                sql,
                rows -> {
                    List<Entry> entries = new ArrayList<>();
                    Place last = null;
                    long bytes = 0;
                    while (bytes < PAGE_BYTES && rows.next()) {
                        Entry entry = entry(rows);
                        entries.add(entry);
                        bytes += entry.value().length;
                        last = new Place(rows.getLong(instant), entry.key());
                    }
                    boolean more = entries.size() == request.limit() || bytes >= PAGE_BYTES;
                    return new Page(
                            entries, last != null && more ? new Page.Request(request.limit(), last.token()) : null);
                },
                values);
    }

    /// The new revision, or null if the condition did not hold.
    private @Nullable String write(String sql, @Nullable Object... values) {
        return call(
                Effect.UNKNOWN,
                sql,
                rows -> {
                    String revision = rows.next() ? rows.getString(1) : null;
                    // The step that finds no further row is the one that commits.
                    rows.next();
                    return revision;
                },
                values);
    }

    private <T extends @Nullable Object> T call(
            Effect effect, String sql, Reader<T> reader, @Nullable Object... values) {
        lock.lock();
        try {
            PreparedStatement statement = prepared.get(sql);
            if (statement == null) {
                statement = connection.prepareStatement(sql);
                prepared.put(sql, statement);
            }
            for (int i = 0; i < values.length; i++) {
                statement.setObject(i + 1, values[i]);
            }
            try (ResultSet rows = statement.executeQuery()) {
                return reader.read(rows);
            } finally {
                statement.clearParameters();
            }
        } catch (SQLException e) {
            throw SqliteFailures.of(e, file, effect);
        } finally {
            lock.unlock();
        }
    }

    private static Entry entry(ResultSet row) throws SQLException {
        byte[] group = row.getBytes(5);
        return new Entry(
                text(row.getBytes(1)),
                row.getString(2),
                row.getBytes(3),
                new Indexes(instant(row, DUE_COLUMN), group == null ? null : text(group), instant(row, AT_COLUMN)),
                instant(row, 7));
    }

    private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        long milli = row.getLong(column);
        return row.wasNull() ? null : Instant.ofEpochMilli(milli);
    }

    private static @Nullable Long milli(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    private static byte @Nullable [] group(Indexes indexes) {
        String group = indexes.group();
        return group == null ? null : Limits.key(group);
    }

    private static String expect(@Nullable String revision) {
        if (revision == null) {
            throw new Failure(Code.CONFLICT, "the entry has changed or gone since it was read");
        }
        return revision;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Place place) {
        return place.key().getBytes(StandardCharsets.UTF_8);
    }

    /// The first key after a key: no other lies between it and itself with a zero byte.
    private static byte[] next(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /// Reads the rows that a statement answers.
    private interface Reader<T extends @Nullable Object> {
        T read(ResultSet rows) throws SQLException;
    }
}
