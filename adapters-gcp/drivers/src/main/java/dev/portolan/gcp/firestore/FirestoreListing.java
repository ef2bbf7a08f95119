package dev.portolan.gcp.firestore;

import com.google.api.gax.rpc.ServerStream;
import com.google.firestore.v1.Document;
import com.google.firestore.v1.RunQueryResponse;
import com.google.firestore.v1.StructuredQuery;
import dev.portolan.state.Entry;
import dev.portolan.state.Page;
import dev.portolan.state.Place;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One page out of the answers to several queries, each in the page's order, read only as far as the page
/// goes.
final class FirestoreListing implements AutoCloseable {

    /// How many bytes of documents a page holds before it ends.
    private static final int PAGE_BYTES = 16 * 1024 * 1024;

    private final List<Shard> shards = new ArrayList<>();
    private final Comparator<Document> order;

    /// Starts the queries, all at once.
    ///
    /// @param most how many documents each query answers at most
    FirestoreListing(
            FirestoreConnection connection, List<StructuredQuery> queries, int most, Comparator<Document> order) {
        this.order = order;
        for (StructuredQuery query : queries) {
            shards.add(new Shard(connection, connection.query(query), most));
        }
    }

    /// The page. It ends early where one query has given all that it may: what it would have given next may
    /// come before what the others have.
    ///
    /// @param place where a document stands in the listing
    Page page(Page.Request request, Instant now, Function<Document, Place> place) {
        shards.forEach(Shard::advance);
        List<Entry> entries = new ArrayList<>();
        Place last = null;
        boolean known = true;
        for (long bytes = 0; known && entries.size() < request.limit() && bytes < PAGE_BYTES; ) {
            Shard first = first();
            if (first == null || first.head == null) {
                return new Page(entries, null);
            }
            Document document = first.head;
            last = place.apply(document);
            bytes += document.getSerializedSize();
            if (!FirestoreDocuments.revision(document).expired(now)) {
                entries.add(FirestoreDocuments.entry(document));
            }
            first.advance();
            known = first.head != null || first.left > 0;
        }
        return new Page(entries, last == null ? null : new Page.Request(request.limit(), last.token()));
    }

    @Override
    public void close() {
        shards.forEach(shard -> shard.stream.cancel());
    }

    private @Nullable Shard first() {
        Shard first = null;
        for (Shard shard : shards) {
            if (shard.head != null
                    && (first == null || first.head == null || order.compare(shard.head, first.head) < 0)) {
                first = shard;
            }
        }
        return first;
    }

    /// The answer to one query, as far as it was read.
    private static final class Shard {

        private final FirestoreConnection connection;
        private final ServerStream<RunQueryResponse> stream;
        private final Iterator<RunQueryResponse> answers;
        private int left;
        private @Nullable Document head;

        Shard(FirestoreConnection connection, ServerStream<RunQueryResponse> stream, int most) {
            this.connection = connection;
            this.stream = stream;
            this.answers = stream.iterator();
            this.left = most;
        }

        void advance() {
            head = null;
            while (head == null && left > 0 && connection.hasNext(answers)) {
                RunQueryResponse answer = answers.next();
                if (answer.hasDocument()) {
                    head = answer.getDocument();
                    left--;
                }
            }
        }
    }
}
