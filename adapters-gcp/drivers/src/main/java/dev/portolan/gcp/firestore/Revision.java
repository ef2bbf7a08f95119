package dev.portolan.gcp.firestore;

import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What a conditional write must know of the document that it replaces, and what tells two writes apart.
///
/// Firestore's own update time stays as it is when a write changes nothing; since each write stores another
/// token, each changes something, and the time alone can be the condition. It grows with every change of a
/// document, deletion and creation included.
///
/// @param token random, given to one write
/// @param updated when Firestore says that the write happened
/// @param expires from when on the entry counts as absent, in milliseconds since 1970; null for never
record Revision(String token, Timestamp updated, @Nullable Long expires) {

    /// The revision of a text, or null for one that is no revision of this driver.
    static @Nullable Revision of(String text) {
        String[] parts = text.split("\\.", -1);
        if (parts.length != 3) {
            return null;
        }
        try {
            long micros = Long.parseLong(parts[1]);
            // Firestore's emulator takes a document that is not there for one of 1970.
            return micros <= 0
                    ? null
                    : new Revision(
                            parts[0],
                            Timestamps.fromMicros(micros),
                            parts[2].isEmpty() ? null : Long.valueOf(parts[2]));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    boolean expired(Instant now) {
        return expires != null && expires <= now.toEpochMilli();
    }

    @Override
    public String toString() {
        return token + "." + Timestamps.toMicros(updated) + "." + (expires == null ? "" : expires);
    }
}
