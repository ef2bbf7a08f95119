package dev.portolan.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// By what an entry can be found apart from its key.
///
/// @param due when the entry wants attention, or null: finds it in [StateStore#due]
/// @param group where the entry is listed, or null: finds it in [StateStore#group]; at most 1,024 bytes of UTF-8
/// @param at the entry's place within its group; null exactly when `group` is
public record Indexes(
        @Nullable Instant due,
        @Nullable String group,
        @Nullable Instant at) {

    /// In neither index.
    public static final Indexes NONE = new Indexes(null, null, null);

    public Indexes {
        if ((group == null) != (at == null)) {
            throw new IllegalArgumentException("group and at belong together");
        }
    }

    /// In the `due` index alone.
    public static Indexes due(Instant due) {
        return new Indexes(due, null, null);
    }

    /// In a group alone.
    public static Indexes group(String group, Instant at) {
        return new Indexes(null, group, at);
    }
}
