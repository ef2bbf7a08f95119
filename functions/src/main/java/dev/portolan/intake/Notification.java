package dev.portolan.intake;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A plain-text mail to one address.
///
/// @param key names the message: a [Notifier] sends one message per key
/// @param to one e-mail address without a display name
/// @param body text with `\n` between its lines
public record Notification(String key, String to, String subject, String body) {

    /// Refuses what could forge a header.
    ///
    /// @throws Failure `INVALID` for a line break or another control character in `to` or `subject`
    public Notification {
        List<Violation> violations = new ArrayList<>();
        addFlaw(violations, "to", to);
        addFlaw(violations, "subject", subject);
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
    }

    private static void addFlaw(List<Violation> violations, String place, String text) {
        Violation flaw = headerFlaw(place, text);
        if (flaw != null) {
            violations.add(flaw);
        }
    }

    /// What keeps a text out of a mail's header, or null where nothing does.
    static @Nullable Violation headerFlaw(String place, String text) {
        Violation flaw = null;
        for (int i = 0; i < text.length(); i++) {
            if (breaksLine(text.charAt(i))) {
                return new Violation(place, "line break in a header");
            }
            if (Character.isISOControl(text.charAt(i))) {
                flaw = new Violation(place, "control character in a header");
            }
        }
        return flaw;
    }

    /// Whether some reader of mail takes a character for the end of a line.
    private static boolean breaksLine(int character) {
        return switch (character) {
            case '\n', '\r', 0x0B, '\f', 0x85, 0x2028, 0x2029 -> true;
            default -> false;
        };
    }

    /// What tells this message from any other of the same key: 128 bits of a hash of all that is in it.
    public String fingerprint() {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            for (String part : List.of(to, subject, body)) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                hash.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
                hash.update(bytes);
            }
            return HexFormat.of().formatHex(hash.digest(), 0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /// The failure of a key that comes again with another message.
    public static Failure keyReused() {
        return new Failure(
                Failure.Code.KEY_REUSED,
                "the key has sent another message already; nothing is sent. Work of its own needs a key of its own");
    }

    /// The key alone: the rest is private.
    @Override
    public String toString() {
        return "Notification[key=" + key + "]";
    }
}
