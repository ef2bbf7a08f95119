package dev.portolan.json;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Writes values as JSON text (RFC 8259).
final class JsonWriter {

    private static final String TORN = "half of a surrogate pair";
    private static final String HEXADECIMAL = "0123456789abcdef";

    private final StringBuilder out = new StringBuilder(256);
    private final boolean indented;
    private int depth;
    private int objects;

    private JsonWriter(boolean indented) {
        this.indented = indented;
    }

    /// The text of a value.
    ///
    /// @param indented for people: one member a line
    static String write(@Nullable Object value, boolean indented) {
        JsonWriter writer = new JsonWriter(indented);
        writer.value(value, null);
        return writer.out.toString();
    }

    /// Where a value stands. Its text is made only for whoever is told.
    private record Place(@Nullable Place in, Object step) {

        static String of(@Nullable Place place) {
            return place == null ? "" : Pointer.child(of(place.in), place.step.toString());
        }
    }

    @SuppressWarnings("IfChainToSwitch") // a switch over types costs a cold start milliseconds
    private void value(@Nullable Object value, @Nullable Place place) {
        if (value == null) {
            out.append("null");
        } else if (value instanceof String text) {
            string(text, place, TORN);
        } else if (value instanceof Map<?, ?> object) {
            object(object, place);
        } else if (value instanceof Collection<?> array) {
            array(array, place);
        } else if (value instanceof Boolean
                || value instanceof Integer
                || value instanceof Long
                || value instanceof BigDecimal
                || value instanceof BigInteger) {
            out.append(value);
        } else if (value instanceof Record record) {
            object(RecordShape.members(record), place);
        } else if (value instanceof Optional<?> optional) {
            value(optional.orElse(null), place);
        } else {
            value(Shape.tree(value, Place.of(place)), place);
        }
    }

    private void object(Map<?, ?> object, @Nullable Place place) {
        open('{');
        objects++;
        boolean first = true;
        for (Map.Entry<?, ?> member : object.entrySet()) {
            if (!(member.getKey() instanceof String name)) {
                throw Failure.invalid(Place.of(place), "a name in an object must be a string");
            }
            if (!first) {
                out.append(',');
            }
            first = false;
            newLine();
            string(name, place, TORN + " in a name");
            out.append(indented ? " : " : ":");
            value(member.getValue(), new Place(place, name));
        }
        objects--;
        if (first) {
            space();
        } else {
            newLine();
        }
        close('}');
    }

    private void array(Collection<?> array, @Nullable Place place) {
        open('[');
        space();
        int index = 0;
        for (Object element : array) {
            if (index > 0) {
                out.append(indented ? ", " : ",");
            }
            value(element, new Place(place, index));
            index++;
        }
        if (index > 0) {
            space();
        }
        close(']');
    }

    private void open(char bracket) {
        if (++depth > JsonReader.DEEPEST) {
            throw new Failure(Failure.Code.INVALID, "a nesting is beyond all bounds, or goes round in a circle");
        }
        out.append(bracket);
    }

    private void close(char bracket) {
        depth--;
        out.append(bracket);
    }

    private void space() {
        if (indented) {
            out.append(' ');
        }
    }

    private void newLine() {
        if (indented) {
            out.append('\n').repeat("  ", objects);
        }
    }

    private void string(String text, @Nullable Place place, String torn) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(text, plain, i);
                escape(c);
                plain = i + 1;
            } else if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    throw Failure.invalid(Place.of(place), torn);
                }
                i++;
            }
        }
        out.append(text, plain, text.length()).append('"');
    }

    private void escape(char c) {
        out.append('\\');
        switch (c) {
            case '"', '\\' -> out.append(c);
            case '\b' -> out.append('b');
            case '\f' -> out.append('f');
            case '\n' -> out.append('n');
            case '\r' -> out.append('r');
            case '\t' -> out.append('t');
            default -> out.append("u00").append(HEXADECIMAL.charAt(c >> 4)).append(HEXADECIMAL.charAt(c & 15));
        }
    }
}
