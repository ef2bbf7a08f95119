package dev.portolan.state;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a store holds under a key, as it was when it was read or written.
///
/// @param revision opaque; differs after every write, and between two entries that held the key one after the other
/// @param value the caller's own copy
/// @param expiresAt from when on the entry counts as absent, or null for never
@SuppressWarnings("ArrayRecordComponent") // what tells two entries apart is the revision; nothing compares the values
public record Entry(
        String key,
        String revision,
        byte[] value,
        Indexes indexes,
        @Nullable Instant expiresAt) {}
