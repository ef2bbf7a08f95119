package dev.portolan.state;

import dev.portolan.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// How far a listing has come: what a driver says in [Page.Request#after] when it orders entries by an instant
/// and then by their key.
///
/// @param milli the last entry's instant, as milliseconds since 1970; any number in a listing without one
/// @param key the last entry's key
public record Place(long milli, String key) implements Comparable<Place> {

    @Override
    public int compareTo(Place other) {
        return milli == other.milli ? key.compareTo(other.key) : Long.compare(milli, other.milli);
    }

    /// The place as a page token, safe in a URL.
    public String token() {
        byte[] text = (milli + " " + key).getBytes(StandardCharsets.UTF_8);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text);
    }

    /// The place of a token, or null for none.
    ///
    /// @throws Failure `INVALID` if no page gave that token
    public static @Nullable Place of(@Nullable String token) {
        if (token == null) {
            return null;
        }
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            return new Place(Long.parseLong(text, 0, Math.max(space, 0), 10), text.substring(space + 1));
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Code.INVALID, "this is no page token of a listing", e);
        }
    }
}
