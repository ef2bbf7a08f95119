package dev.portolan.state;

import static java.util.Objects.requireNonNull;

import dev.portolan.failure.Failure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Keeps entries in this process, for tests and for work that need not outlive it. Every listing reads all
/// entries.
///
/// Its indexes are up to date until they are told to lag, as a database's may at any time.
public final class InMemoryStateStore implements StateStore {

    private static final int DYNAMODB_LIMIT = 396 * 1024;

    /// After so many writes what has expired is removed.
    private static final int WRITES_BETWEEN_REMOVALS = 1024;

    private final InstantSource clock;
    private final int valueLimit;
    private final @Nullable Duration longest;
    private final Map<String, Entry> entries = new HashMap<>();
    private Map<String, Entry> indexed = entries;
    private long writes;

    /// A store whose values are as small as DynamoDB's: 396 KB.
    public InMemoryStateStore(InstantSource clock) {
        this(clock, DYNAMODB_LIMIT);
    }

    public InMemoryStateStore(InstantSource clock, int valueLimit) {
        this(clock, valueLimit, null);
    }

    private InMemoryStateStore(InstantSource clock, int valueLimit, @Nullable Duration longest) {
        this.clock = clock;
        this.valueLimit = valueLimit;
        this.longest = longest;
    }

    /// A store that forgets what nobody has written for a while, so that a process which lives for long does
    /// not fill up.
    ///
    /// @param longest how long an entry stays at most, whatever its expiry
    public static InMemoryStateStore forgetful(InstantSource clock, Duration longest) {
        return new InMemoryStateStore(clock, DYNAMODB_LIMIT, longest);
    }

    /// Lets [#due] and [#group] show the entries as they are now, whatever is written, until [#settleIndexes].
    public synchronized void lagIndexes() {
        indexed = Map.copyOf(entries);
    }

    /// Lets [#due] and [#group] catch up, and keep up.
    public synchronized void settleIndexes() {
        indexed = entries;
    }

    @Override
    public synchronized Optional<Entry> find(String key) {
        Limits.key(key);
        Entry entry = present(key);
        return entry == null ? Optional.empty() : Optional.of(copy(entry));
    }

    @Override
    public synchronized Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Entry entry = entry(key, value, indexes, expiresAt);
        if (present(key) != null) {
            throw new Failure(Failure.Code.CONFLICT, "the key holds an entry already");
        }
        entries.put(key, entry);
        return copy(entry);
    }

    @Override
    public synchronized Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Entry entry = entry(read.key(), value, indexes, expiresAt);
        expect(read);
        entries.put(read.key(), entry);
        return copy(entry);
    }

    @Override
    public synchronized void delete(Entry read) {
        Limits.key(read.key());
        expect(read);
        entries.remove(read.key());
    }

    @Override
    public synchronized Page list(String prefix, Page.Request page) {
        Limits.text(prefix);
        return page(entries, entry -> entry.key().startsWith(prefix), entry -> 0, page);
    }

    @Override
    public synchronized Page due(Instant before, Page.Request page) {
        long last = Limits.milli(before);
        return page(
                indexed, entry -> entry.indexes().due() != null && due(entry) <= last, InMemoryStateStore::due, page);
    }

    @Override
    public synchronized Page group(String group, Instant since, Page.Request page) {
        Limits.key(group);
        long first = Limits.milli(since);
        return page(
                indexed,
                entry -> group.equals(entry.indexes().group()) && at(entry) >= first,
                entry -> -at(entry),
                page);
    }

    @Override
    public int valueLimit() {
        return valueLimit;
    }

    @Override
    public void close() {}

    private Entry entry(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Limits.key(key);
        Limits.value(value, valueLimit);
        String revision = Long.toString(++writes);
        if (writes % WRITES_BETWEEN_REMOVALS == 0) {
            Instant now = clock.instant();
            entries.values().removeIf(entry -> expired(entry, now));
        }
        return new Entry(key, revision, value.clone(), Limits.indexes(indexes), Limits.instant(cut(expiresAt)));
    }

    private @Nullable Instant cut(@Nullable Instant expiresAt) {
        if (longest == null) {
            return expiresAt;
        }
        Instant last = clock.instant().plus(longest);
        return expiresAt == null || expiresAt.isAfter(last) ? last : expiresAt;
    }

    private @Nullable Entry present(String key) {
        Entry entry = entries.get(key);
        return entry == null || expired(entry, clock.instant()) ? null : entry;
    }

    private void expect(Entry read) {
        Entry entry = present(read.key());
        if (entry == null || !entry.revision().equals(read.revision())) {
            throw new Failure(Failure.Code.CONFLICT, "the entry has changed or gone since it was read");
        }
    }

    private Page page(
            Map<String, Entry> from, Predicate<Entry> shown, ToLongFunction<Entry> rank, Page.Request request) {
        Instant now = clock.instant();
        Place after = Place.of(request.after());
        Comparator<Entry> order = Comparator.comparing(entry -> place(entry, rank));
        List<Entry> page = from.values().stream()
                .filter(entry -> !expired(entry, now))
                .filter(shown)
                .filter(entry -> after == null || place(entry, rank).compareTo(after) > 0)
                .sorted(order)
                .limit(request.limit())
                .map(InMemoryStateStore::copy)
                .toList();
        if (page.size() < request.limit()) {
            return new Page(page, null);
        }
        String next = place(page.getLast(), rank).token();
        return new Page(page, new Page.Request(request.limit(), next));
    }

    private static boolean expired(Entry entry, Instant now) {
        Instant expiresAt = entry.expiresAt();
        return expiresAt != null && !expiresAt.isAfter(now);
    }

    private static Place place(Entry entry, ToLongFunction<Entry> rank) {
        return new Place(rank.applyAsLong(entry), entry.key());
    }

    private static long due(Entry entry) {
        return requireNonNull(entry.indexes().due()).toEpochMilli();
    }

    private static long at(Entry entry) {
        return requireNonNull(entry.indexes().at()).toEpochMilli();
    }

    private static Entry copy(Entry entry) {
        return new Entry(entry.key(), entry.revision(), entry.value().clone(), entry.indexes(), entry.expiresAt());
    }
}
