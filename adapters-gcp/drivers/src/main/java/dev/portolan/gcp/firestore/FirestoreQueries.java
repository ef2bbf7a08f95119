package dev.portolan.gcp.firestore;

import com.google.firestore.v1.Cursor;
import com.google.firestore.v1.StructuredQuery;
import com.google.firestore.v1.StructuredQuery.CollectionSelector;
import com.google.firestore.v1.StructuredQuery.CompositeFilter;
import com.google.firestore.v1.StructuredQuery.Direction;
import com.google.firestore.v1.StructuredQuery.FieldFilter;
import com.google.firestore.v1.StructuredQuery.FieldReference;
import com.google.firestore.v1.StructuredQuery.Filter;
import com.google.firestore.v1.StructuredQuery.Order;
import com.google.firestore.v1.Value;
import com.google.protobuf.Int32Value;
import org.jspecify.annotations.Nullable;

/// Ranges of one collection's documents: each is one range of one index that Firestore keeps by itself.
final class FirestoreQueries {

    private static final String NAME = "__name__";

    private final FirestoreCollection where;

    FirestoreQueries(FirestoreCollection where) {
        this.where = where;
    }

    /// The documents from one name up to another, that one excluded.
    ///
    /// @param after the name that the last page ended with, or null at the start
    StructuredQuery names(String from, String end, @Nullable String after, int most) {
        StructuredQuery.Builder query = query(most)
                .setWhere(both(
                        filter(NAME, FieldFilter.Operator.GREATER_THAN_OR_EQUAL, name(from)),
                        filter(NAME, FieldFilter.Operator.LESS_THAN, name(end))))
                .addOrderBy(order(NAME, Direction.ASCENDING));
        if (after != null) {
            query.setStartAt(Cursor.newBuilder().addValues(name(after)));
        }
        return query.build();
    }

    /// The documents whose index lies between two texts, both included.
    ///
    /// @param after the index and the name that the last page ended with, or null at the start
    StructuredQuery index(String field, Direction direction, String from, String to, @Nullable Spot after, int most) {
        StructuredQuery.Builder query = query(most)
                .setWhere(both(
                        filter(field, FieldFilter.Operator.GREATER_THAN_OR_EQUAL, FirestoreDocuments.text(from)),
                        filter(field, FieldFilter.Operator.LESS_THAN_OR_EQUAL, FirestoreDocuments.text(to))))
                .addOrderBy(order(field, direction))
                .addOrderBy(order(NAME, direction));
        if (after != null) {
            query.setStartAt(Cursor.newBuilder()
                    .addValues(FirestoreDocuments.text(after.index()))
                    .addValues(name(after.name())));
        }
        return query.build();
    }

    private StructuredQuery.Builder query(int most) {
        return StructuredQuery.newBuilder()
                .addFrom(CollectionSelector.newBuilder().setCollectionId(where.collection()))
                .setLimit(Int32Value.of(most));
    }

    private static Filter both(Filter one, Filter other) {
        return Filter.newBuilder()
                .setCompositeFilter(CompositeFilter.newBuilder()
                        .setOp(CompositeFilter.Operator.AND)
                        .addFilters(one)
                        .addFilters(other))
                .build();
    }

    private static Filter filter(String field, FieldFilter.Operator operator, Value value) {
        return Filter.newBuilder()
                .setFieldFilter(FieldFilter.newBuilder()
                        .setField(field(field))
                        .setOp(operator)
                        .setValue(value))
                .build();
    }

    private static Order order(String field, Direction direction) {
        return Order.newBuilder().setField(field(field)).setDirection(direction).build();
    }

    private static FieldReference field(String field) {
        return FieldReference.newBuilder().setFieldPath(field).build();
    }

    private static Value name(String name) {
        return Value.newBuilder().setReferenceValue(name).build();
    }

    /// A place in an index.
    record Spot(String index, String name) {}
}
