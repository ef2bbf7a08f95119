package dev.portolan.json;

import dev.portolan.failure.Failure;
import dev.portolan.state.Codec;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// JSON text (RFC 8259) to and from plain trees.
///
/// An object is a map in the order of the text, a number an [Integer], [Long] or [BigInteger] by its size and a
/// [BigDecimal] as soon as it has a fraction or an exponent: no digit is lost, but `-0` is 0. A name that comes
/// twice in one object, text after the value, half of a surrogate pair, bytes that are not UTF-8, more than 500
/// levels and numbers of more than 1,000 characters are refused. What is written may also hold records, enums
/// and the other types that have a [Shape]. Thread-safe.
public final class Json implements Codec {

    /// What stands for bytes that are not UTF-8, unless it is in the text itself.
    private static final char REPLACEMENT = '\uFFFD';

    @Override
    public @Nullable Object decode(byte[] bytes) {
        return decode(bytes, 0);
    }

    /// As [#decode(byte[])], of a text that holds values within levels of its own: a value that is read alone
    /// can be read there too.
    ///
    /// @param around how many levels more there may be
    public @Nullable Object decode(byte[] bytes, int around) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformed(bytes);
        }
        return JsonReader.read(text, JsonReader.DEEPEST + around);
    }

    private static void refuseMalformed(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(rest);
        } catch (CharacterCodingException e) {
            String before = new String(bytes, 0, rest.position(), StandardCharsets.UTF_8);
            throw invalid("the text is not UTF-8", before, before.length());
        }
    }

    /// The value of JSON text, as [#decode]; a byte order mark before it is passed over.
    public @Nullable Object decode(String text) {
        return JsonReader.read(text, JsonReader.DEEPEST);
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        return JsonWriter.write(value, false).getBytes(StandardCharsets.UTF_8);
    }

    /// The text of a value, indented for people.
    public String pretty(@Nullable Object value) {
        return JsonWriter.write(value, true);
    }

    /// The same value with the names of every object in alphabetical order, so that one value has one text
    /// however its sender wrote it down. Numbers stay as they were written: `1.0` is not `1`.
    public static @Nullable Object sorted(@Nullable Object value) {
        if (value instanceof Map<?, ?> object) {
            Map<Object, @Nullable Object> sorted = new TreeMap<>();
            for (Map.Entry<?, ?> member : object.entrySet()) {
                sorted.put(member.getKey(), sorted(member.getValue()));
            }
            return sorted;
        }
        if (value instanceof Collection<?> array) {
            List<@Nullable Object> elements = new ArrayList<>();
            for (Object element : array) {
                elements.add(sorted(element));
            }
            return elements;
        }
        return value;
    }

    /// Never quotes the text, which may be secret.
    ///
    /// @param place an index into the text, counted here in lines and columns from 1
    static Failure invalid(String reason, String text, int place) {
        int line = 1;
        int column = 1;
        for (int i = text.startsWith("\uFEFF") ? 1 : 0; i < place; i++) {
            column++;
            if (text.charAt(i) == '\n') {
                line++;
                column = 1;
            }
        }
        return new Failure(Failure.Code.INVALID, "not JSON: " + reason + " at line " + line + ", column " + column);
    }
}
