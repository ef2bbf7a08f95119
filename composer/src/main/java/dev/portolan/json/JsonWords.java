package dev.portolan.json;

import dev.portolan.failure.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/// A place in a JSON text, and the words that begin there: strings, numbers and literals.
final class JsonWords {

    static final String BEYOND = "a number or a nesting is beyond all bounds";
    private static final String TORN = "half of a surrogate pair";
    private static final int LONGEST_NUMBER = 1000;

    private final String text;
    private int at;

    /// The beginning of a text; a byte order mark before it is passed over.
    JsonWords(String text) {
        this.text = text;
        this.at = text.startsWith("\uFEFF") ? 1 : 0;
    }

    /// A word whose first letter is here.
    @Nullable
    Object literal(String word, @Nullable Object value) {
        for (int i = 1; i < word.length(); i++) {
            at++;
            if (peek() != word.charAt(i)) {
                throw unexpected();
            }
        }
        at++;
        return value;
    }

    /// The number that begins here.
    Object number() {
        int start = at;
        skip('-');
        if (!skip('0')) {
            digits();
        }
        boolean whole = true;
        if (skip('.')) {
            whole = false;
            digits();
        }
        if (skip('e') || skip('E')) {
            whole = false;
            if (!skip('+')) {
                skip('-');
            }
            digits();
        }
        if (at - start > LONGEST_NUMBER) {
            throw invalid(BEYOND, start);
        }
        return whole ? whole(start) : decimal(start);
    }

    /// Passes over a character if it is here.
    boolean skip(char c) {
        boolean here = at < text.length() && text.charAt(at) == c;
        at += here ? 1 : 0;
        return here;
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            peek();
            throw unexpected();
        }
    }

    private Object whole(int start) {
        // 18 digits always fit a long.
        if (at - start > 18) {
            BigInteger number = new BigInteger(text.substring(start, at));
            return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
        }
        long number = Long.parseLong(text, start, at, 10);
        return number == (int) number ? (Object) (int) number : number;
    }

    private BigDecimal decimal(int start) {
        try {
            BigDecimal number = new BigDecimal(text.substring(start, at));
            // One more digit before the exponent, and its scale is no int.
            if (number.scale() > Integer.MIN_VALUE) {
                return number;
            }
        } catch (NumberFormatException e) {
            // as below
        }
        throw invalid(BEYOND, start);
    }

    /// The string whose quotation mark is here.
    String string() {
        int start = ++at;
        while (true) {
            char c = peek();
            if (c == '"') {
                return text.substring(start, at++);
            }
            if (c == '\\') {
                return escaped(start);
            }
            plain(c);
        }
    }

    /// Passes over a character that stands for itself.
    private void plain(char c) {
        if (c < ' ') {
            throw invalid("a control character that is not escaped", at);
        }
        if (Character.isSurrogate(c)) {
            boolean pair = Character.isHighSurrogate(c)
                    && at + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(at + 1));
            if (!pair) {
                throw invalid(TORN, at);
            }
            at++;
        }
        at++;
    }

    /// A string whose first escape is here.
    private String escaped(int start) {
        StringBuilder string = new StringBuilder(text.length() - start > 64 ? 64 : 16).append(text, start, at);
        while (true) {
            char c = peek();
            if (c == '"') {
                at++;
                return string.toString();
            }
            int from = at;
            if (c == '\\') {
                at++;
                escape(string, from);
            } else {
                plain(c);
                string.append(text, from, at);
            }
        }
    }

    private void escape(StringBuilder string, int start) {
        char c = peek();
        if (c == 'u') {
            unicode(string, start);
            return;
        }
        int meant = "\"\\/bfnrt".indexOf(c);
        if (meant < 0) {
            throw unexpected();
        }
        string.append("\"\\/\b\f\n\r\t".charAt(meant));
        at++;
    }

    private void unicode(StringBuilder string, int start) {
        char first = hexadecimal();
        if (Character.isLowSurrogate(first)) {
            throw invalid(TORN, start);
        }
        string.append(first);
        if (Character.isHighSurrogate(first)) {
            if (!text.startsWith("\\u", at)) {
                throw invalid(TORN, start);
            }
            at++;
            char second = hexadecimal();
            if (!Character.isLowSurrogate(second)) {
                throw invalid(TORN, start);
            }
            string.append(second);
        }
    }

    /// The four digits after a `u`, which is here.
    private char hexadecimal() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            at++;
            char c = peek();
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw unexpected();
            }
            value = value << 4 | digit;
        }
        at++;
        return (char) value;
    }

    /// Where this is, as an index into the text.
    int place() {
        return at;
    }

    /// Whether nothing but space is left.
    boolean atEnd() {
        skipSpace();
        return at == text.length();
    }

    /// Passes over space, and stays at what comes then.
    char next() {
        skipSpace();
        return peek();
    }

    /// Passes over space, one sign and more space. Something must come then.
    void sign(char sign) {
        if (next() != sign) {
            throw unexpected();
        }
        at++;
        next();
    }

    private void skipSpace() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            at++;
        }
    }

    /// The character that is here.
    char peek() {
        if (at == text.length()) {
            throw invalid("the text ends too early", at);
        }
        return text.charAt(at);
    }

    Failure unexpected() {
        return invalid("unexpected character", at);
    }

    /// Never quotes the text, which may be secret.
    Failure invalid(String reason, int place) {
        return Json.invalid(reason, text, place);
    }
}
