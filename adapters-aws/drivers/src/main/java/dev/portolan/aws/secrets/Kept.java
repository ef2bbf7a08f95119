package dev.portolan.aws.secrets;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/// Secrets under a prefix, each kept for five minutes after it was read: a secret that is rotated is used within
/// that time, and a busy function does not read it at each call.
final class Kept {

    private static final Duration FRESH = Duration.ofMinutes(5);

    /// What both services take in a name. Anything else would name a version, or another account's.
    private static final Pattern NAME = Pattern.compile("[\\w./-]{1,512}");

    /// A value that was read.
    private record Value(String secret, Instant read) {
        @Override
        public String toString() {
            return "Value[read=" + read + "]";
        }
    }

    private final String prefix;
    private final UnaryOperator<String> service;
    private final InstantSource clock;
    private final Map<String, Value> values = new ConcurrentHashMap<>();

    /// @param service reads a secret by its whole name
    /// @throws Failure `FAILED_PRECONDITION` if the prefix is none
    Kept(String prefix, UnaryOperator<String> service, InstantSource clock) {
        if (!prefix.isEmpty() && !NAME.matcher(prefix).matches()) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "a prefix of secrets has letters, digits and _ . - / alone, as in /portolan/");
        }
        this.prefix = prefix;
        this.service = service;
        this.clock = clock;
    }

    String find(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure(Code.INVALID, "a secret's name has 1 to 512 letters, digits and _ . - / alone");
        }
        Value kept = values.get(name);
        if (kept != null && clock.instant().isBefore(kept.read().plus(FRESH))) {
            return kept.secret();
        }
        String secret = service.apply(prefix + name);
        values.put(name, new Value(secret, clock.instant()));
        return secret;
    }
}
