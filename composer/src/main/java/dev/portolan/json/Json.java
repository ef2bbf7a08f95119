package dev.portolan.json;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import dev.portolan.state.Codec;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// JSON text (RFC 8259) to and from plain trees.
///
/// An object is a map in the order of the text, a number an [Integer], [Long] or [BigInteger] by its size and a
/// [BigDecimal] as soon as it has a fraction or an exponent: no digit is lost, but `-0` is 0. A name that comes twice
/// in one object, text after the value, half of a surrogate pair and bytes that are not UTF-8 are refused. What is
/// written may also hold records, enums and
/// the other types that have a [Shape]. Thread-safe.
public final class Json implements Codec {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final String BEYOND = "a number, a name or a nesting is beyond all bounds";

    /// What stands for bytes that are not UTF-8, unless it is in the text itself.
    private static final char REPLACEMENT = '\uFFFD';

    /// Half of a surrogate pair, which no UTF-8 text can hold.
    private static boolean torn(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }

    @Override
    public @Nullable Object decode(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0) {
            refuseMalformed(bytes);
        }
        return decode(text);
    }

    /// Jackson's own decoder takes overlong forms, and UTF-16.
    private static void refuseMalformed(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        try {
            StandardCharsets.UTF_8.newDecoder().decode(rest);
        } catch (CharacterCodingException e) {
            String before = new String(bytes, 0, rest.position(), StandardCharsets.UTF_8);
            int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
            int column = before.length() - before.lastIndexOf('\n');
            throw invalid("the text is not UTF-8", line, column);
        }
    }

    /// The value of JSON text, as [#decode]; a byte order mark before it is passed over.
    public @Nullable Object decode(String text) {
        String marked = text.startsWith("\uFEFF") ? text.substring(1) : text;
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), marked)) {
            if (parser.nextToken() == null) {
                throw new Failure(Failure.Code.INVALID, "not JSON: the text is empty");
            }
            Object value = read(parser);
            if (parser.nextToken() != null) {
                throw invalid("there is more text after the value", parser.currentTokenLocation());
            }
            return value;
        } catch (UnexpectedEndOfInputException e) {
            throw invalid("the text ends too early", e.getLocation());
        } catch (StreamReadException e) {
            throw invalid(reason(e), e.getLocation());
        } catch (JacksonException e) {
            throw invalid(BEYOND, e.getLocation());
        }
    }

    @Override
    public byte[] encode(@Nullable Object value) {
        return bytes(value, ObjectWriteContext.empty());
    }

    /// The text of a value, indented for people.
    public String pretty(@Nullable Object value) {
        ObjectWriteContext indented = new ObjectWriteContext.Base() {
            @Override
            public boolean hasPrettyPrinter() {
                return true;
            }

            @Override
            public DefaultPrettyPrinter getPrettyPrinter() {
                return new DefaultPrettyPrinter();
            }
        };
        return new String(bytes(value, indented), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(@Nullable Object value, ObjectWriteContext context) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = FACTORY.createGenerator(context, bytes)) {
            write(generator, value, "");
        } catch (JacksonException e) {
            throw new Failure(Failure.Code.INVALID, "a nesting is beyond all bounds, or goes round in a circle");
        }
        return bytes.toByteArray();
    }

    /// Jackson's own messages quote the text, which may be secret.
    private static String reason(StreamReadException e) {
        return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate")
                ? "a name comes twice in one object"
                : "unexpected character";
    }

    private static Failure invalid(String reason, @Nullable TokenStreamLocation location) {
        return location == null
                ? new Failure(Failure.Code.INVALID, "not JSON: " + reason)
                : invalid(reason, location.getLineNr(), location.getColumnNr());
    }

    private static Failure invalid(String reason, int line, int column) {
        return new Failure(Failure.Code.INVALID, "not JSON: " + reason + " at line " + line + ", column " + column);
    }

    private static @Nullable Object read(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                    parser.nextToken();
                    object.put(whole(name, parser), read(parser));
                }
                yield object;
            }
            case START_ARRAY -> {
                List<@Nullable Object> array = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    array.add(read(parser));
                }
                yield array;
            }
            case VALUE_STRING -> whole(parser.getString(), parser);
            case VALUE_NUMBER_INT -> parser.getNumberValue();
            case VALUE_NUMBER_FLOAT -> decimal(parser);
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> throw invalid("unexpected character", parser.currentTokenLocation());
        };
    }

    private static BigDecimal decimal(JsonParser parser) {
        try {
            return parser.getDecimalValue();
        } catch (NumberFormatException e) {
            throw invalid(BEYOND, parser.currentTokenLocation());
        }
    }

    private static String whole(String text, JsonParser parser) {
        if (torn(text)) {
            throw invalid("half of a surrogate pair", parser.currentTokenLocation());
        }
        return text;
    }

    private static void write(JsonGenerator generator, @Nullable Object value, String pointer) {
        switch (value) {
            case null -> generator.writeNull();
            case String text -> {
                if (torn(text)) {
                    throw Failure.invalid(pointer, "half of a surrogate pair");
                }
                generator.writeString(text);
            }
            case Boolean bool -> generator.writeBoolean(bool);
            case Integer number -> generator.writeNumber(number);
            case Long number -> generator.writeNumber(number);
            case BigDecimal number -> generator.writeNumber(number);
            case BigInteger number -> generator.writeNumber(number);
            case Map<?, ?> object -> {
                generator.writeStartObject();
                object.forEach((name, member) -> {
                    if (!(name instanceof String text)) {
                        throw Failure.invalid(pointer, "a name in an object must be a string");
                    }
                    if (torn(text)) {
                        throw Failure.invalid(pointer, "half of a surrogate pair in a name");
                    }
                    generator.writeName(text);
                    write(generator, member, Pointer.child(pointer, text));
                });
                generator.writeEndObject();
            }
            case Collection<?> array -> {
                generator.writeStartArray();
                int index = 0;
                for (Object element : array) {
                    write(generator, element, Pointer.child(pointer, String.valueOf(index++)));
                }
                generator.writeEndArray();
            }
            case Optional<?> optional -> write(generator, optional.orElse(null), pointer);
            case Record record -> write(generator, RecordShape.members(record), pointer);
            default -> write(generator, Shape.tree(value, pointer), pointer);
        }
    }
}
