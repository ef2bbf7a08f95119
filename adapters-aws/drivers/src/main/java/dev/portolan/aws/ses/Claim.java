package dev.portolan.aws.ses;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// What is known of a key's mail.
///
/// @param fingerprint of the message
/// @param until when whoever claimed the key has given up at the latest; past that nobody can tell any more
///     whether the mail went out. Of no meaning once it has an id
/// @param id SES's; empty before SES has answered
record Claim(String fingerprint, Instant until, String id) {

    private static final String FORMAT = "1";

    static Claim of(Entry entry) {
        List<String> lines = List.of(new String(entry.value(), StandardCharsets.UTF_8).split("\n", -1));
        if (lines.size() != 4 || !lines.getFirst().equals(FORMAT)) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "the record of a mail is not of this version of Portolan: " + entry.key()
                            + "; deploy the version that wrote it, or a later one");
        }
        return new Claim(lines.get(1), Instant.ofEpochMilli(Long.parseLong(lines.get(2))), lines.get(3));
    }

    byte[] bytes() {
        return String.join("\n", FORMAT, fingerprint, Long.toString(until.toEpochMilli()), id)
                .getBytes(StandardCharsets.UTF_8);
    }

    boolean sent() {
        return !id.isEmpty();
    }
}
