package dev.portolan.gcp.firestore;

import com.google.firestore.v1.Document;
import com.google.firestore.v1.Precondition;
import com.google.firestore.v1.StructuredQuery;
import com.google.firestore.v1.StructuredQuery.Direction;
import com.google.firestore.v1.Write;
import com.google.protobuf.Timestamp;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Limits;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import dev.portolan.state.StateStore;
import io.grpc.ClientInterceptor;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Keeps entries in a collection of Firestore, one document each. A write is one request, and no listing is
/// ever behind.
///
/// A write whose answer was lost is looked up and, where it did not happen, made again: it never meets
/// itself as somebody else's. Where another has changed the entry since, nobody can tell any more, and the
/// failure has the effect `UNKNOWN`.
public final class FirestoreStateStore implements StateStore {

    /// Firestore's limit of 1 MiB for a document, less what its name, key, group and other fields take at
    /// most.
    private static final int VALUE_LIMIT = 1024 * 1024 - 8 * 1024;

    private static final int TOKEN_BYTES = 16;

    private static final String CHANGED = "the entry has changed or gone since it was read";

    private static final long LAST_MILLI = 999_999_999_999_999L;

    /// Above every byte of UTF-8.
    private static final byte LAST_BYTE = (byte) 0xff;

    private static final Precondition FREE =
            Precondition.newBuilder().setExists(false).build();

    private final FirestoreCollection where;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final FirestoreConnection connection;
    private final FirestoreQueries queries;

    /// A store that connects when it is first used.
    ///
    /// @param random makes the revisions: thread-safe, and such that no two processes share its numbers, as
    ///     those of a `SecureRandom` are
    public FirestoreStateStore(FirestoreCollection where, InstantSource clock, RandomGenerator random) {
        this(where, clock, random, List.of());
    }

    /// A store whose requests pass interceptors.
    FirestoreStateStore(
            FirestoreCollection where,
            InstantSource clock,
            RandomGenerator random,
            List<ClientInterceptor> interceptors) {
        this.where = where;
        this.clock = clock;
        this.random = random;
        this.connection = new FirestoreConnection(where, interceptors);
        this.queries = new FirestoreQueries(where);
    }

    @Override
    public Optional<Entry> find(String key) {
        Document document = connection.get(name(Limits.key(key)));
        return document == null || expired(document)
                ? Optional.empty()
                : Optional.of(FirestoreDocuments.entry(document));
    }

    @Override
    public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Document document = document(key, value, indexes, expiresAt);
        return store(document, "the key holds an entry already", FREE, now -> {
            if (now == null) {
                return FREE;
            }
            return expired(now) ? since(now.getUpdateTime()) : null;
        });
    }

    @Override
    public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        Document document = document(read.key(), value, indexes, expiresAt);
        Revision revision = held(read);
        return store(document, CHANGED, since(revision.updated()), now -> same(revision, now));
    }

    @Override
    public void delete(Entry read) {
        String name = name(Limits.key(read.key()));
        Revision revision = held(read);
        Write.Builder write = Write.newBuilder().setDelete(name);
        new SettledWrite(connection, name, null, write)
                .make(since(revision.updated()), now -> same(revision, now), CHANGED);
    }

    @Override
    public Page list(String prefix, Page.Request page) {
        byte[] first = Limits.text(prefix);
        byte[] end = Arrays.copyOf(first, first.length + 1);
        end[first.length] = LAST_BYTE;
        Place after = after(page);
        if (first.length > KEY_LIMIT) {
            return new Page(List.of(), null);
        }
        StructuredQuery query = queries.names(
                name(first), name(end), after == null ? null : name(Limits.key(after.key())), page.limit());
        return page(List.of(query), page.limit(), Comparator.comparing(Document::getName), page, document -> 0);
    }

    @Override
    public Page due(Instant before, Page.Request page) {
        long last = Limits.milli(before);
        return index(
                FirestoreDocuments.DUE_INDEX,
                Direction.ASCENDING,
                FirestoreDocuments::dueIndex,
                0,
                last,
                page,
                document -> FirestoreDocuments.milli(document, FirestoreDocuments.DUE));
    }

    @Override
    public Page group(String group, Instant since, Page.Request page) {
        byte[] name = Limits.key(group);
        long first = Limits.milli(since);
        return index(
                FirestoreDocuments.GROUP_INDEX,
                Direction.DESCENDING,
                (shard, milli) -> FirestoreDocuments.groupIndex(shard, name, milli),
                first,
                LAST_MILLI,
                page,
                document -> FirestoreDocuments.milli(document, FirestoreDocuments.AT));
    }

    @Override
    public int valueLimit() {
        return VALUE_LIMIT;
    }

    @Override
    public void close() {
        connection.close();
    }

    /// Each shard is asked for its part of a page: keys fall into the shards evenly, and what is fetched is
    /// paid for.
    private Page index(
            String field,
            Direction direction,
            Index index,
            long first,
            long last,
            Page.Request page,
            ToLongFunction<Document> milli) {
        Place after = after(page);
        String name = after == null ? "" : name(Limits.key(after.key()));
        int most = Math.ceilDiv(page.limit(), FirestoreDocuments.SHARDS);
        List<StructuredQuery> shards = IntStream.range(0, FirestoreDocuments.SHARDS)
                .mapToObj(shard -> queries.index(
                        field,
                        direction,
                        index.of(shard, first),
                        index.of(shard, last),
                        after == null ? null : new FirestoreQueries.Spot(index.of(shard, after.milli()), name),
                        most))
                .toList();
        Comparator<Document> order = Comparator.comparingLong(milli).thenComparing(Document::getName);
        return page(shards, most, direction == Direction.ASCENDING ? order : order.reversed(), page, milli);
    }

    private Page page(
            List<StructuredQuery> shards,
            int most,
            Comparator<Document> order,
            Page.Request page,
            ToLongFunction<Document> milli) {
        try (FirestoreListing listing = new FirestoreListing(connection, shards, most, order)) {
            return listing.page(
                    page,
                    clock.instant(),
                    document -> new Place(milli.applyAsLong(document), FirestoreDocuments.key(document)));
        }
    }

    private Entry store(Document document, String conflict, Precondition first, SettledWrite.Condition condition) {
        String token = FirestoreDocuments.revision(document).token();
        Write.Builder write = Write.newBuilder().setUpdate(document);
        Timestamp updated =
                new SettledWrite(connection, document.getName(), token, write).make(first, condition, conflict);
        return FirestoreDocuments.entry(
                document.toBuilder().setUpdateTime(updated).build());
    }

    private Document document(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
        String name = name(Limits.key(key));
        Limits.value(value, VALUE_LIMIT);
        byte[] token = new byte[TOKEN_BYTES];
        random.nextBytes(token);
        return FirestoreDocuments.document(
                name,
                key,
                Base64.getUrlEncoder().withoutPadding().encodeToString(token),
                value,
                Limits.indexes(indexes),
                Limits.instant(expiresAt));
    }

    /// The revision of an entry that may still be there.
    private Revision held(Entry read) {
        Revision revision = Revision.of(read.revision());
        if (revision == null || revision.expired(clock.instant())) {
            throw new Failure(Code.CONFLICT, CHANGED);
        }
        return revision;
    }

    private static @Nullable Precondition same(Revision revision, @Nullable Document now) {
        return now != null && FirestoreDocuments.revision(now).equals(revision) ? since(revision.updated()) : null;
    }

    private static Precondition since(Timestamp updated) {
        return Precondition.newBuilder().setUpdateTime(updated).build();
    }

    private boolean expired(Document document) {
        return FirestoreDocuments.revision(document).expired(clock.instant());
    }

    private String name(byte[] key) {
        return where.document(DocumentId.of(key));
    }

    /// Where the last page ended, if it is a place where one can.
    private static @Nullable Place after(Page.Request page) {
        Place after = Place.of(page.after());
        if (after != null) {
            Limits.key(after.key());
            Limits.milli(Instant.ofEpochMilli(after.milli()));
        }
        return after;
    }

    /// A place in an index, by shard and instant.
    private interface Index {
        String of(int shard, long milli);
    }
}
