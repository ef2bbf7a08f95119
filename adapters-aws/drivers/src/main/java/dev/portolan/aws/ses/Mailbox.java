package dev.portolan.aws.ses;

import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// An e-mail address as SES takes it, with a display name perhaps: ASCII alone.
///
/// @param name the display name, of any letters; may be empty
/// @param address without a display name
record Mailbox(String name, String address) {

    /// So that an encoded word has 75 characters at most: RFC 2047, section 2.
    private static final int BYTES_OF_WORD = 45;

    private static final String NOT_IN_ADDRESS = ",;:<>()[]\\\"";
    private static final int LONGEST_LOCAL_PART = 64;
    private static final int LONGEST = 254;

    /// Reads `ada@example.com` or `Ada Lovelace <ada@example.com>`.
    static Optional<Mailbox> of(String text) {
        int open = text.lastIndexOf('<');
        if (open < 0 || !text.endsWith(">")) {
            return plain(text).map(address -> new Mailbox("", address));
        }
        String name = text.substring(0, open).strip();
        if (name.length() > 1 && name.startsWith("\"") && name.endsWith("\"")) {
            name = name.substring(1, name.length() - 1);
        }
        String shown = name;
        boolean control = shown.chars().anyMatch(c -> Character.isISOControl(c) || c == '"' || c == '\\');
        return control
                ? Optional.empty()
                : plain(text.substring(open + 1, text.length() - 1)).map(address -> new Mailbox(shown, address));
    }

    /// An address without a display name, its domain in ASCII. SES takes no other letters before the `@`.
    static Optional<String> plain(String text) {
        int at = text.indexOf('@');
        if (at < 1
                || at > LONGEST_LOCAL_PART
                || at != text.lastIndexOf('@')
                || !text.chars().allMatch(c -> c > ' ' && c != 0x7F && NOT_IN_ADDRESS.indexOf(c) < 0)) {
            return Optional.empty();
        }
        String local = text.substring(0, at);
        String domain;
        try {
            domain = IDN.toASCII(text.substring(at + 1), IDN.USE_STD3_ASCII_RULES);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        boolean fits = !domain.isEmpty()
                && !domain.startsWith(".")
                && !domain.endsWith(".")
                && !domain.contains("..")
                && local.chars().allMatch(c -> c < 0x80)
                && local.length() + domain.length() < LONGEST;
        return fits ? Optional.of(local + "@" + domain) : Optional.empty();
    }

    /// As a mail's header has it.
    String header() {
        if (name.isEmpty()) {
            return address;
        }
        return (name.chars().allMatch(c -> c < 0x80) ? '"' + name + '"' : encoded()) + " <" + address + ">";
    }

    /// Encoded words of whole characters each: RFC 2047, section 5.
    private String encoded() {
        List<String> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        int bytes = 0;
        for (int point : name.codePoints().toArray()) {
            int more = Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
            if (bytes + more > BYTES_OF_WORD) {
                words.add(encoded(word));
                word.setLength(0);
                bytes = 0;
            }
            word.appendCodePoint(point);
            bytes += more;
        }
        words.add(encoded(word));
        return String.join(" ", words);
    }

    private static String encoded(StringBuilder word) {
        return "=?UTF-8?B?"
                + Base64.getEncoder().encodeToString(word.toString().getBytes(StandardCharsets.UTF_8))
                + "?=";
    }
}
