package dev.portolan.json;

import dev.portolan.failure.Failure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads one JSON text (RFC 8259) from its first character to its last.
final class JsonReader {

    /// Deepest nesting, which bounds the stack.
    static final int DEEPEST = 500;

    private final JsonWords words;
    private final int deepest;
    private int depth;

    private JsonReader(JsonWords words, int deepest) {
        this.words = words;
        this.deepest = deepest;
    }

    /// The value of a text. A byte order mark before it is passed over.
    static @Nullable Object read(String text, int deepest) {
        JsonWords words = new JsonWords(text);
        if (words.atEnd()) {
            throw new Failure(Failure.Code.INVALID, "not JSON: the text is empty");
        }
        Object value = new JsonReader(words, deepest).value();
        if (!words.atEnd()) {
            throw words.invalid("there is more text after the value", words.place());
        }
        return value;
    }

    private @Nullable Object value() {
        return switch (words.peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> words.string();
            case 't' -> words.literal("true", true);
            case 'f' -> words.literal("false", false);
            case 'n' -> words.literal("null", null);
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> words.number();
            default -> throw words.unexpected();
        };
    }

    private Map<String, @Nullable Object> object() {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        descend();
        if (words.peek() == '}') {
            return ascend(object);
        }
        while (true) {
            int start = words.place();
            if (words.peek() != '"') {
                throw words.unexpected();
            }
            String name = words.string();
            words.sign(':');
            int before = object.size();
            object.put(name, value());
            if (object.size() == before) {
                throw words.invalid("a name comes twice in one object", start);
            }
            if (words.next() == '}') {
                return ascend(object);
            }
            words.sign(',');
        }
    }

    private List<@Nullable Object> array() {
        List<@Nullable Object> array = new ArrayList<>();
        descend();
        if (words.peek() == ']') {
            return ascend(array);
        }
        while (true) {
            array.add(value());
            if (words.next() == ']') {
                return ascend(array);
            }
            words.sign(',');
        }
    }

    private void descend() {
        if (++depth > deepest) {
            throw words.invalid(JsonWords.BEYOND, words.place());
        }
        words.sign(words.peek());
    }

    private <T> T ascend(T whole) {
        depth--;
        words.skip(words.peek());
        return whole;
    }
}
