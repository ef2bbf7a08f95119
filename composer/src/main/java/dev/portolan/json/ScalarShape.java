package dev.portolan.json;

import dev.portolan.failure.Violation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A text, a number or a boolean that stands for a value of some type.
///
/// @param type the Java type, boxed
/// @param kind what it is in JSON
/// @param noun what people call it
/// @param parse its value from the text, number or boolean; throws a [RuntimeException] if that is no such
///     value
record ScalarShape(Class<?> type, Kind kind, String noun, Function<Object, Object> parse) implements Shape {

    private enum Kind {
        TEXT(String.class),
        NUMBER(Number.class),
        BOOLEAN(Boolean.class);

        private final Class<?> java;

        Kind(Class<?> java) {
            this.java = java;
        }
    }

    /// The shape of a type, or empty where it has none of this kind.
    static Optional<Shape> find(Class<?> type, Style style) {
        return Optional.ofNullable(type.isEnum() ? enumeration(type, style) : known(type));
    }

    private static @Nullable ScalarShape known(Class<?> type) {
        return switch (type.getTypeName()) {
            case "boolean", "java.lang.Boolean" ->
                new ScalarShape(Boolean.class, Kind.BOOLEAN, "true or false", value -> value);
            case "int", "java.lang.Integer" -> whole(Integer.class, BigDecimal::intValueExact);
            case "long", "java.lang.Long" -> whole(Long.class, BigDecimal::longValueExact);
            case "short", "java.lang.Short" -> whole(Short.class, BigDecimal::shortValueExact);
            case "byte", "java.lang.Byte" -> whole(Byte.class, BigDecimal::byteValueExact);
            case "java.math.BigInteger" -> whole(BigInteger.class, ScalarShape::integer);
            case "java.math.BigDecimal" -> number(BigDecimal.class, ScalarShape::decimal);
            case "double", "java.lang.Double" -> number(Double.class, ScalarShape::finite);
            case "float", "java.lang.Float" -> number(Float.class, value -> (float) finite((float) finite(value)));
            case "java.lang.Number" -> number(Number.class, value -> value);
            case "java.lang.String" -> text(String.class, "a string", text -> text);
            case "java.lang.CharSequence" -> text(CharSequence.class, "a string", text -> text);
            case "java.time.Instant" -> text(type, "an instant such as 2026-01-31T12:00:00Z", Instant::parse);
            case "java.time.OffsetDateTime" -> text(type, "a time with an offset", OffsetDateTime::parse);
            case "java.time.ZonedDateTime" -> text(type, "a time with a zone", ZonedDateTime::parse);
            case "java.time.LocalDate" -> text(type, "a date such as 2026-01-31", LocalDate::parse);
            case "java.time.LocalDateTime" -> text(type, "a local time such as 2026-01-31T12:00", LocalDateTime::parse);
            case "java.time.LocalTime" -> text(type, "a time of day such as 12:00", LocalTime::parse);
            case "java.time.Duration" -> text(type, "a duration such as 200ms, 5s, 10m or PT1H", ScalarShape::duration);
            case "java.net.URI" -> text(type, "a URI", URI::create);
            case "java.util.UUID" -> text(type, "a UUID", UUID::fromString);
            case "byte[]" -> text(type, "base64", Base64.getDecoder()::decode);
            default -> null;
        };
    }

    private static ScalarShape whole(Class<?> type, Function<BigDecimal, Object> parse) {
        return new ScalarShape(type, Kind.NUMBER, "a whole number", value -> parse.apply(decimal(value)));
    }

    private static ScalarShape number(Class<?> type, Function<Object, Object> parse) {
        return new ScalarShape(type, Kind.NUMBER, "a number", parse);
    }

    private static ScalarShape text(Class<?> type, String noun, Function<String, Object> parse) {
        return new ScalarShape(type, Kind.TEXT, noun, value -> parse.apply((String) value));
    }

    private static ScalarShape enumeration(Class<?> type, Style style) {
        Map<String, Object> constants = new TreeMap<>();
        for (Object constant : type.getEnumConstants()) {
            constants.put(spelled(((Enum<?>) constant).name(), style), constant);
        }
        String noun = "one of " + String.join(", ", constants.keySet());
        return text(type, noun, text -> Optional.ofNullable(constants.get(text)).orElseThrow());
    }

    private static String spelled(String constant, Style style) {
        return style == Style.PAYLOAD
                ? constant
                : constant.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static BigDecimal decimal(Object number) {
        return number instanceof BigDecimal decimal ? decimal : new BigDecimal(number.toString());
    }

    private static BigInteger integer(Object number) {
        BigDecimal decimal = decimal(number).stripTrailingZeros();
        if (decimal.scale() > 0 || decimal.precision() - (long) decimal.scale() > 1000) {
            throw new ArithmeticException("no whole number, or too large");
        }
        return decimal.toBigIntegerExact();
    }

    private static double finite(Object number) {
        double nearest = ((Number) number).doubleValue();
        if (!Double.isFinite(nearest)) {
            throw new ArithmeticException("too large");
        }
        return nearest;
    }

    /// `200ms`, `5s`, `10m`, `1h`, `2d`, or ISO-8601.
    private static Duration duration(String text) {
        if (text.startsWith("P")) {
            return Duration.parse(text);
        }
        int digits = 0;
        while (digits < text.length() && Character.isDigit(text.charAt(digits))) {
            digits++;
        }
        long amount = Long.parseLong(text.substring(0, digits));
        return switch (text.substring(digits)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> throw new DateTimeException("no unit");
        };
    }

    @Override
    public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
        if (type.isInstance(value)) {
            return value;
        }
        Object plain = kind.java.isInstance(value) || value == null
                ? value
                : tree(value).orElse(value);
        if (kind.java.isInstance(plain)) {
            try {
                return parse.apply(plain);
            } catch (RuntimeException e) {
                violations.add(mismatch(plain, pointer));
                return null;
            }
        }
        violations.add(mismatch(plain, pointer));
        return null;
    }

    @Override
    public Optional<String> refusal(Shape given) {
        return switch (given) {
            case Anything any -> Optional.empty();
            case ScalarShape scalar when scalar.kind == kind -> Optional.empty();
            default -> Optional.of(given.noun() + " is given, and it takes " + noun);
        };
    }

    /// The text, number or boolean that stands for a value in JSON, or empty where none does.
    static Optional<Object> tree(Object value) {
        return switch (value) {
            case Double number when number.isNaN() || number.isInfinite() -> Optional.empty();
            case Float number when number.isNaN() || number.isInfinite() -> Optional.empty();
            case Double number -> Optional.of(BigDecimal.valueOf(number));
            case Float number -> Optional.of(new BigDecimal(number.toString()));
            case Boolean bool -> Optional.of(bool);
            case Short number -> Optional.of(number.intValue());
            case Byte number -> Optional.of(number.intValue());
            case Integer number -> Optional.of(number);
            case Long number -> Optional.of(number);
            case BigInteger number -> Optional.of(number);
            case BigDecimal number -> Optional.of(number);
            case Enum<?> constant -> Optional.of(constant.name());
            case byte[] bytes -> Optional.of(Base64.getEncoder().encodeToString(bytes));
            default -> known(value.getClass()) != null ? Optional.of(value.toString()) : Optional.empty();
        };
    }
}
