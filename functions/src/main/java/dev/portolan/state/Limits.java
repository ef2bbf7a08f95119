package dev.portolan.state;

import dev.portolan.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The bounds that every store keeps, checked alike by every driver.
public final class Limits {

    /// The end of the year 9999, written as a number: parsing it would load the whole of dates at a cold start.
    private static final long LAST_MILLI = 253_402_300_799_999L;

    private Limits() {}

    /// The bytes of a key or a group's name.
    ///
    /// @throws Failure `INVALID` if it is empty, too long, or no Unicode text (half of a surrogate pair)
    public static byte[] key(String key) {
        byte[] bytes = text(key);
        if (bytes.length == 0 || bytes.length > StateStore.KEY_LIMIT) {
            throw new Failure(
                    Failure.Code.INVALID,
                    "a key has 1 to " + StateStore.KEY_LIMIT + " bytes of UTF-8; this one has " + bytes.length);
        }
        return bytes;
    }

    /// The bytes of a key's prefix, which may be empty.
    ///
    /// @throws Failure `INVALID` if it is no Unicode text
    public static byte[] text(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (Character.charCount(text.codePointAt(i)) == 1) {
                    throw new Failure(
                            Failure.Code.INVALID, "a key must be Unicode text; this one has half of a surrogate pair");
                }
                i++;
            }
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Checks a value's size.
    ///
    /// @throws Failure `INVALID` if the value has more bytes than the store takes
    public static void value(byte[] value, int limit) {
        if (value.length > limit) {
            throw new Failure(
                    Failure.Code.INVALID, "a value has at most " + limit + " bytes; this one has " + value.length);
        }
    }

    /// An instant cut to the millisecond.
    ///
    /// @throws Failure `INVALID` if it lies before 1970 or after 9999
    public static @Nullable Instant instant(@Nullable Instant instant) {
        return instant == null ? null : Instant.ofEpochMilli(milli(instant));
    }

    /// An instant as milliseconds since 1970.
    ///
    /// @throws Failure `INVALID` if it lies before 1970 or after 9999
    public static long milli(Instant instant) {
        if (instant.getEpochSecond() < 0 || instant.getEpochSecond() > LAST_MILLI / 1000) {
            throw new Failure(Failure.Code.INVALID, "an instant lies between the years 1970 and 9999, not " + instant);
        }
        return instant.toEpochMilli();
    }

    /// Indexes with their instants cut to the millisecond.
    public static Indexes indexes(Indexes indexes) {
        if (indexes.group() != null) {
            key(indexes.group());
        }
        return new Indexes(instant(indexes.due()), indexes.group(), instant(indexes.at()));
    }
}
