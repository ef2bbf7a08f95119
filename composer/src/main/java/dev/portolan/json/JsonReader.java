package dev.portolan.json;

import dev.portolan.failure.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text (RFC 8259) from its first character to its last.
final class JsonReader {

    /// Deepest nesting, which bounds the stack.
    static final int DEEPEST = 500;

    private static final int LONGEST_NUMBER = 1000;

    private static final String BEYOND = "a number or a nesting is beyond all bounds";
    private static final String UNEXPECTED = "unexpected character";
    private static final String TORN = "half of a surrogate pair";

    private final String text;
    private int at;
    private int depth;

    private JsonReader(String text) {
        this.text = text;
    }

    /// The value of a text. A byte order mark before it is passed over.
    static @Nullable Object read(String text) {
        JsonReader reader = new JsonReader(text);
        if (text.startsWith("\uFEFF")) {
            reader.at = 1;
        }
        reader.skipSpace();
        if (reader.at == text.length()) {
            throw new Failure(Failure.Code.INVALID, "not JSON: the text is empty");
        }
        Object value = reader.value();
        reader.skipSpace();
        if (reader.at < text.length()) {
            throw reader.invalid("there is more text after the value", reader.at);
        }
        return value;
    }

    private @Nullable Object value() {
        return switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> throw invalid(UNEXPECTED, at);
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        descend();
        if (next() == '}') {
            return ascend(object);
        }
        while (true) {
            if (peek() != '"') {
                throw invalid(UNEXPECTED, at);
            }
            int start = at;
            String name = string();
            if (next() != ':') {
                throw invalid(UNEXPECTED, at);
            }
            at++;
            next();
            int before = object.size();
            object.put(name, value());
            if (object.size() == before) {
                throw invalid("a name comes twice in one object", start);
            }
            if (next() == '}') {
                return ascend(object);
            }
            comma();
        }
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> array = new ArrayList<>();
        descend();
        if (next() == ']') {
            return ascend(array);
        }
        while (true) {
            array.add(value());
            if (next() == ']') {
                return ascend(array);
            }
            comma();
        }
    }

    private void descend() {
        if (++depth > DEEPEST) {
            throw invalid(BEYOND, at);
        }
        at++;
    }

    private <T> T ascend(T whole) {
        depth--;
        at++;
        return whole;
    }

    private void comma() {
        if (peek() != ',') {
            throw invalid(UNEXPECTED, at);
        }
        at++;
        next();
    }

    private @Nullable Object literal(String word, @Nullable Object value) {
        for (int i = 1; i < word.length(); i++) {
            at++;
            if (peek() != word.charAt(i)) {
                throw invalid(UNEXPECTED, at);
            }
        }
        at++;
        return value;
    }

    private Object number() {
        int start = at;
        if (peek() == '-') {
            at++;
        }
        if (peek() == '0') {
            at++;
        } else {
            digits();
        }
        boolean whole = true;
        if (at < text.length() && text.charAt(at) == '.') {
            whole = false;
            at++;
            digits();
        }
        if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
            whole = false;
            at++;
            if (peek() == '+' || peek() == '-') {
                at++;
            }
            digits();
        }
        if (at - start > LONGEST_NUMBER) {
            throw invalid(BEYOND, start);
        }
        return whole ? whole(start) : decimal(start);
    }

    private void digits() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        if (at == start) {
            peek();
            throw invalid(UNEXPECTED, at);
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

    private String string() {
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
        switch (c) {
            case '"', '\\', '/' -> string.append(c);
            case 'b' -> string.append('\b');
            case 'f' -> string.append('\f');
            case 'n' -> string.append('\n');
            case 'r' -> string.append('\r');
            case 't' -> string.append('\t');
            case 'u' -> {
                unicode(string, start);
                return;
            }
            default -> throw invalid(UNEXPECTED, at);
        }
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
                throw invalid(UNEXPECTED, at);
            }
            value = value << 4 | digit;
        }
        at++;
        return (char) value;
    }

    /// The next character that is no space, which is then here.
    private char next() {
        skipSpace();
        return peek();
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

    private char peek() {
        if (at == text.length()) {
            throw invalid("the text ends too early", at);
        }
        return text.charAt(at);
    }

    /// Never quotes the text, which may be secret.
    private Failure invalid(String reason, int place) {
        return Json.invalid(reason, text, place);
    }
}
