package dev.portolan.intake;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
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
        List<Violation> violations = Stream.of(headerFlaw("to", to), headerFlaw("subject", subject))
                .filter(Objects::nonNull)
                .toList();
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
    }

    /// What keeps a text out of a mail's header, or null where nothing does.
    static @Nullable Violation headerFlaw(String place, String text) {
        if (text.chars().anyMatch(Notification::breaksLine)) {
            return new Violation(place, "line break in a header");
        }
        return text.chars().anyMatch(Character::isISOControl)
                ? new Violation(place, "control character in a header")
                : null;
    }

    /// Whether some reader of mail takes a character for the end of a line.
    private static boolean breaksLine(int character) {
        return switch (character) {
            case '\n', '\r', 0x0B, '\f', 0x85, 0x2028, 0x2029 -> true;
            default -> false;
        };
    }

    /// The key alone: the rest is private.
    @Override
    public String toString() {
        return "Notification[key=" + key + "]";
    }
}
