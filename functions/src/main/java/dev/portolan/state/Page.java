package dev.portolan.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A part of a listing.
///
/// @param next what to ask for to go on, or null at the end. A page may be short, or empty, and still have a next.
public record Page(List<Entry> entries, @Nullable Request next) {

    public Page {
        entries = List.copyOf(entries);
    }

    /// Which part of a listing is asked for.
    ///
    /// @param limit most entries that one page may hold, 1 to 1,000
    /// @param after opaque, from [Page#next]; null for the start. It belongs to one listing of one store.
    public record Request(int limit, @Nullable String after) {

        public Request {
            if (limit < 1 || limit > 1000) {
                throw new IllegalArgumentException("limit must be 1 to 1000, not " + limit);
            }
        }

        /// The first page.
        public static Request first(int limit) {
            return new Request(limit, null);
        }
    }
}
