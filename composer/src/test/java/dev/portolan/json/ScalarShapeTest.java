package dev.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.UUID;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ScalarShapeTest {

    private enum Tone {
        WARM,
        ICE_COLD
    }

    private record Primitives(boolean a, int b, long c, short d, byte e, double f, float g) {}

    private record Scalars(
            Tone tone,
            Instant at,
            LocalDate day,
            Duration pause,
            URI link,
            UUID id,
            BigInteger whole,
            BigDecimal exact,
            Object any) {}

    private final Json json = new Json();

    @Test
    void primitivesAreRead() {
        assertThat(read(Primitives.class, "{'a': true, 'b': 1, 'c': 2, 'd': 3, 'e': 4, 'f': 5.5, 'g': 6}"))
                .isEqualTo(new Primitives(true, 1, 2, (short) 3, (byte) 4, 5.5, 6f));
    }

    @Test
    void absentPrimitivesAreMissedAndNeverZero() {
        assertViolations(Primitives.class, "{}")
                .hasSize(7)
                .allMatch(v -> v.reason().equals("missing"));
    }

    @ParameterizedTest
    @CsvSource({
        "b, 2147483648",
        "b, 1.5",
        "b, 1e999999999",
        "b, 1e-999999999",
        "b, true",
        "b, '''1'''",
        "c, 9223372036854775808",
        "d, 32768",
        "e, -129",
        "f, 1e400",
        "f, '''1'''",
        "g, 1e39",
        "g, 1e400",
        "a, 0",
        "a, '''true'''"
    })
    void whatAPrimitiveCannotHoldIsRefused(String name, String value) {
        String others = "{'a': true, 'b': 1, 'c': 2, 'd': 3, 'e': 4, 'f': 5, 'g': 6, '%s': %s}";
        String text = others.replaceFirst("'" + name + "': [^,]*, ", "").formatted(name, value);
        String alone = text.contains("'g': 6, 'g'") ? text.replace("'g': 6, ", "") : text;

        assertViolations(Primitives.class, alone).singleElement().returns("/" + name, Violation::place);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1.0", "1e0", "10E-1", "1.000000000000000000000000"})
    void aWholeNumberIsWholeHoweverItIsWritten(String number) {
        assertThat(read(Integer.class, number)).isEqualTo(1);
        assertThat(read(BigInteger.class, number)).isEqualTo(BigInteger.ONE);
    }

    @ParameterizedTest
    @Timeout(10)
    @ValueSource(strings = {"1e-99999999", "1e-999999999", "1e999999999", "0.5", "1e1001"})
    void whatWouldTakeForeverAsAWholeNumberIsRefused(String number) {
        assertViolations(BigInteger.class, number).containsExactly(new Violation("", "must be a whole number"));
    }

    @Test
    void scalarsAreReadFromTheirTexts() {
        Scalars scalars = (Scalars) read(
                Scalars.class,
                "{'tone': 'ICE_COLD', 'at': '2026-01-31T12:00:00Z', 'day': '2026-01-31', 'pause': 'PT1M',"
                        + " 'link': 'https://example.com/', 'id': '00000000-0000-0001-0000-000000000002',"
                        + " 'whole': 12345678901234567890123, 'exact': 1.10, 'any': [null]}");

        assertThat(scalars)
                .isEqualTo(new Scalars(
                        Tone.ICE_COLD,
                        Instant.parse("2026-01-31T12:00:00Z"),
                        LocalDate.of(2026, 1, 31),
                        Duration.ofMinutes(1),
                        URI.create("https://example.com/"),
                        new UUID(1, 2),
                        new BigInteger("12345678901234567890123"),
                        new BigDecimal("1.10"),
                        scalars.any()));
    }

    @Test
    void bytesAreReadFromBase64() {
        assertThat(read(byte[].class, "'AQL/'")).isEqualTo(new byte[] {1, 2, (byte) 0xff});
        assertViolations(byte[].class, "'!'").containsExactly(new Violation("", "must be base64"));
    }

    @Test
    void scalarsSayWhatTheyMustBe() {
        assertViolations(
                        Scalars.class,
                        "{'tone': 'hot', 'at': 'noon', 'day': '31.1.', 'pause': 'long', 'link': 'a b', 'id': 'x',"
                                + " 'whole': 1.5, 'exact': '1', 'any': 0}")
                .containsExactly(
                        new Violation("/tone", "must be one of ICE_COLD, WARM"),
                        new Violation("/at", "must be an instant such as 2026-01-31T12:00:00Z"),
                        new Violation("/day", "must be a date such as 2026-01-31"),
                        new Violation("/pause", "must be a duration such as 200ms, 5s, 10m or PT1H"),
                        new Violation("/link", "must be a URI"),
                        new Violation("/id", "must be a UUID"),
                        new Violation("/whole", "must be a whole number"),
                        new Violation("/exact", "must be a number"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "5", "1.5", "[]", "{}", "null"})
    void onlyATextIsAText(String value) {
        assertThat(refusal(String.class, value).violations()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "200ms, PT0.2S",
        "5s, PT5S",
        "10m, PT10M",
        "1h, PT1H",
        "2d, PT48H",
        "PT1H, PT1H",
        "P1D, PT24H",
        "0s, PT0S"
    })
    void durationsHaveAShortForm(String text, Duration meant) {
        assertThat(read(Duration.class, "'" + text + "'")).isEqualTo(meant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "99999999999999999999h",
                "9223372036854775807d",
                "9223372036854775807h",
                "P99999999999999999999D",
                "",
                "5",
                "s",
                "-5s",
                "1.5s",
                "5 s",
                "5S",
                "5s5s",
                "1w"
            })
    void otherDurationsAreRefused(String text) {
        assertViolations(Duration.class, "'" + text + "'")
                .containsExactly(new Violation("", "must be a duration such as 200ms, 5s, 10m or PT1H"));
    }

    @Test
    void noViolationQuotesTheValue() {
        assertThat(refusal(Scalars.class, "{'tone': 'hunter2', 'at': 'hunter2', 'link': ':hunter2', 'id': 'hunter2'}"))
                .hasMessageNotContaining("hunter2");
    }

    private @Nullable Object read(Class<?> type, String text) {
        return Shape.of(type).from(decode(text));
    }

    private ListAssert<Violation> assertViolations(Class<?> type, String text) {
        return assertThat(refusal(type, text).violations());
    }

    private Failure refusal(Class<?> type, String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> read(type, text));
        assertThat(failure).isNotNull();
        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
        return failure;
    }

    private @Nullable Object decode(String text) {
        return json.decode(text.replace('\'', '"'));
    }
}
