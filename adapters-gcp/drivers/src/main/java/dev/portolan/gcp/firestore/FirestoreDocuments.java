package dev.portolan.gcp.firestore;

import com.google.firestore.v1.Document;
import com.google.firestore.v1.Value;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Limits;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Entries as documents.
///
/// The two indexes are a text each, which starts with the entry's shard and sorts as the listing does:
/// Firestore's own index of one field serves them, and no composite index has to be made before a database
/// can be used. The plain fields are for reading; `firestore.indexes.json` takes them out of Firestore's
/// indexes.
final class FirestoreDocuments {

    static final String KEY = "key";
    static final String VALUE = "value";
    static final String REVISION = "revision";
    static final String DUE = "due";
    static final String GROUP = "group";
    static final String AT = "at";
    static final String EXPIRES = "expires";
    static final String DUE_INDEX = "dueIndex";
    static final String GROUP_INDEX = "groupIndex";

    /// How many ranges of an index take writes at once. Firestore takes some 500 a second of values that
    /// only grow.
    static final int SHARDS = 8;

    private static final int MILLI_DIGITS = 15;

    private FirestoreDocuments() {}

    static Document document(
            String name, String key, String token, byte[] value, Indexes indexes, @Nullable Instant expires) {
        Document.Builder document = Document.newBuilder()
                .setName(name)
                .putFields(KEY, text(key))
                .putFields(REVISION, text(token))
                .putFields(
                        VALUE,
                        Value.newBuilder()
                                .setBytesValue(ByteString.copyFrom(value))
                                .build());
        int shard = shard(key);
        Instant due = indexes.due();
        if (due != null) {
            document.putFields(DUE, instant(due)).putFields(DUE_INDEX, text(dueIndex(shard, due.toEpochMilli())));
        }
        String group = indexes.group();
        Instant at = indexes.at();
        if (group != null && at != null) {
            document.putFields(GROUP, text(group))
                    .putFields(AT, instant(at))
                    .putFields(GROUP_INDEX, text(groupIndex(shard, Limits.key(group), at.toEpochMilli())));
        }
        if (expires != null) {
            document.putFields(EXPIRES, instant(expires));
        }
        return document.build();
    }

    static Entry entry(Document document) {
        String group = document.containsFields(GROUP)
                ? document.getFieldsOrThrow(GROUP).getStringValue()
                : null;
        return new Entry(
                key(document),
                revision(document).toString(),
                document.getFieldsOrThrow(VALUE).getBytesValue().toByteArray(),
                new Indexes(instant(document, DUE), group, instant(document, AT)),
                instant(document, EXPIRES));
    }

    static Revision revision(Document document) {
        return new Revision(
                document.getFieldsOrThrow(REVISION).getStringValue(),
                document.getUpdateTime(),
                document.containsFields(EXPIRES) ? milli(document, EXPIRES) : null);
    }

    static String key(Document document) {
        return document.getFieldsOrThrow(KEY).getStringValue();
    }

    static long milli(Document document, String field) {
        return Timestamps.toMillis(document.getFieldsOrThrow(field).getTimestampValue());
    }

    static String dueIndex(int shard, long milli) {
        return shard + digits(milli);
    }

    /// No character of an encoded name is the full stop that ends it, so that no group's range holds
    /// another's entries.
    static String groupIndex(int shard, byte[] group, long milli) {
        return shard + DocumentId.of(group) + "." + digits(milli);
    }

    static int shard(String key) {
        int hash = key.hashCode();
        return (hash ^ hash >>> 16) & (SHARDS - 1);
    }

    static Value text(String text) {
        return Value.newBuilder().setStringValue(text).build();
    }

    private static String digits(long milli) {
        String digits = Long.toString(milli);
        return "0".repeat(MILLI_DIGITS - digits.length()) + digits;
    }

    private static @Nullable Instant instant(Document document, String field) {
        return document.containsFields(field) ? Instant.ofEpochMilli(milli(document, field)) : null;
    }

    private static Value instant(Instant instant) {
        return Value.newBuilder()
                .setTimestampValue(Timestamps.fromMillis(instant.toEpochMilli()))
                .build();
    }
}
