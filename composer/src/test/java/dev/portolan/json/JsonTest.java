package dev.portolan.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

    private final Json json = new Json();

    @Test
    void everyFieldSurvivesInItsOrder() {
        assertRoundTrips(
                "{\"z\":1,\"a\":{\"y\":[],\"b\":{}},\"unknown\":[1,\"two\",null,true,false,[[]]],\"\":\"\",\"m\":null}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "2147483647",
                "2147483648",
                "9007199254740993",
                "-9223372036854775808",
                "9223372036854775808",
                "12345678901234567890123",
                "1.10",
                "0.0",
                "1E+400",
                "1E-400",
                "1E+999999999",
                "12345678901234567890.123456789012345678",
                "0.12345678901234567890123456789012345678"
            })
    void numbersKeepEveryDigit(String number) {
        assertRoundTrips(number);
    }

    @Test
    void numbersAreOfTheSmallestTypeThatHoldsThem() {
        assertThat(json.decode("[1, 2147483648, 9223372036854775808, 1.0, 1e2]"))
                .isEqualTo(List.of(
                        1,
                        2147483648L,
                        new BigInteger("9223372036854775808"),
                        new BigDecimal("1.0"),
                        new BigDecimal("1E+2")));
    }

    @ParameterizedTest
    @CsvSource({"-0.0, 0.0", "-0, 0", "1e400, 1E+400", "1.5E-3, 0.0015"})
    void numbersThatAreWrittenOtherwiseAreEqual(String given, String written) {
        assertThat(text(json.decode(given))).isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e2147483648", "-1e99999999999", "0.1e-2147483650"})
    void numbersBeyondAllBoundsAreRefused(String number) {
        assertRefused("[\n " + number + "]")
                .isEqualTo("not JSON: a number or a nesting is beyond all bounds at line 2, column 2");
    }

    @Test
    void numbersOfThousandsOfDigitsAreRefused() {
        assertRefused("1".repeat(5_000))
                .isEqualTo("not JSON: a number or a nesting is beyond all bounds at line 1, column 1");
    }

    @Test
    void textsOfEveryScriptSurvive() {
        assertRoundTrips("{\"héé\":\"日本\",\"😀\":\"a😀b\",\"x\":\"\\\"\\\\\\n\\t\\u0000\uFFFD\"}");
    }

    @Test
    void escapesAreWhatTheyStandFor() {
        assertThat(json.decode("{\"\\ud83d\\ude00\": \"\\u00e9\\/\\ud83d\\ude00\"}"))
                .isEqualTo(Map.of("😀", "é/😀"));
    }

    @Test
    void aByteOrderMarkIsPassedOver() {
        assertThat(json.decode("\uFEFF{}".getBytes(UTF_8))).isEqualTo(Map.of());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"a": 1, "b": 2, "a": 3}      | a name comes twice in one object       | 18
                    {"a": 1,}                     | unexpected character                   | 9
                    [1, 2,]                       | unexpected character                   | 7
                    [,1]                          | unexpected character                   | 2
                    [1 2]                         | unexpected character                   | 4
                    {"a" 1}                       | unexpected character                   | 6
                    {"a": 1 "b": 2}               | unexpected character                   | 9
                    {"a": 1} x                    | there is more text after the value     | 10
                    {"a": 1} {}                   | there is more text after the value     | 10
                    [1]]                          | there is more text after the value     | 4
                    {"a"}                         | unexpected character                   | 5
                    [}                            | unexpected character                   | 2
                    ]                             | unexpected character                   | 1
                    [                             | the text ends too early                | 2
                    {"a": {"b": 1}                | the text ends too early                | 15
                    "abc                          | the text ends too early                | 5
                    "abc\\                        | the text ends too early                | 6
                    "\\u00                        | the text ends too early                | 6
                    {"a": NaN}                    | unexpected character                   | 7
                    [-Infinity]                   | unexpected character                   | 3
                    01                            | there is more text after the value     | 2
                    -                             | the text ends too early                | 2
                    +1                            | unexpected character                   | 1
                    .5                            | unexpected character                   | 1
                    1.                            | the text ends too early                | 3
                    [1.]                          | unexpected character                   | 4
                    [1e]                          | unexpected character                   | 4
                    [1e+]                         | unexpected character                   | 5
                    [0x10]                        | unexpected character                   | 3
                    'a'                           | unexpected character                   | 1
                    {a: 1}                        | unexpected character                   | 2
                    tru                           | the text ends too early                | 4
                    [trux]                        | unexpected character                   | 5
                    nullx                         | there is more text after the value     | 5
                    True                          | unexpected character                   | 1
                    [1, // one                    | unexpected character                   | 5
                    "\\x"                         | unexpected character                   | 3
                    "\\u00g0"                     | unexpected character                   | 6
                    "a\tb"                        | a control character that is not escaped| 3
                    "\\ud800"                     | half of a surrogate pair               | 2
                    "\\ud800x"                    | half of a surrogate pair               | 2
                    "\\ud800\\n"                  | half of a surrogate pair               | 2
                    "\\udc00\\ud800"              | half of a surrogate pair               | 2
                    """)
    void whatIsNoJsonIsRefusedAtItsPlace(String text, String reason, int column) {
        assertRefused(text).startsWith("not JSON: " + reason + " at line 1, column ");
        assertRefused(text).endsWith("column " + column);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\": {\"\\ud800\": 1}}", "{\"a\\udc00b\": 1}", "[\"\\udc00\"]", "[\"a\\ud83d\"]"})
    void halfASurrogatePairIsRefusedWhereverItStands(String text) {
        assertRefused(text).startsWith("not JSON: half of a surrogate pair at line 1, column ");
    }

    @Test
    void halfASurrogatePairInATextIsRefusedAndNotReplaced() {
        assertRefused("\"\uD800\"").startsWith("not JSON: half of a surrogate pair");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t ", "\uFEFF"})
    void noTextIsNoJson(String text) {
        assertRefused(text).isEqualTo("not JSON: the text is empty");
    }

    @Test
    void theLineIsCounted() {
        assertRefused("{\n  \"a\": 1,\n  oops\n}").isEqualTo("not JSON: unexpected character at line 3, column 3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"password\": hunter2}",
                "{\"password\": \"hunter2}",
                "{\"hunter2\": 1, \"hunter2\": 2}",
                "{\"password\": \"hunter2\"} hunter2",
                "{\"password\": \"hunter2\\ud800\"}",
                "hunter2",
                "{hunter2",
                "1e99999hunter2"
            })
    void whatIsRefusedIsNotQuoted(String text) {
        assertRefused(text).doesNotContain("hunter2");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    ff,          a byte that no text has
                    c0af,        an overlong slash
                    e080af,      a longer one
                    eda080,      half of a surrogate pair
                    eda0bdedb880, a surrogate pair
                    f4908080,    beyond the last character
                    f7bfbfbf,    far beyond it
                    e282,        the beginning of a character
                    80,          the end of one
                    """)
    void whatIsNotUtf8IsRefusedAtItsPlace(String hex, String what) {
        byte[] inside = HexFormat.of().parseHex(hex);
        byte[] bytes = concat("{\n\"a\uFFFD\": \"é".getBytes(UTF_8), inside, "\"}".getBytes(UTF_8));

        assertThatExceptionOfType(Failure.class)
                .as(what)
                .isThrownBy(() -> json.decode(bytes))
                .withMessage("not JSON: the text is not UTF-8 at line 2, column 9")
                .returns(Failure.Code.INVALID, Failure::code);
    }

    @Test
    void otherEncodingsAreRefused() {
        for (var encoding : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE)) {
            assertThatExceptionOfType(Failure.class)
                    .as(encoding.name())
                    .isThrownBy(() -> json.decode("{\"a\":1}".getBytes(encoding)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":", "[{\"a\":"})
    void boundlessNestingIsRefused(String opening) {
        assertRefused(opening.repeat(200_000)).contains("nesting is beyond all bounds");
    }

    @Test
    void theDeepestThatIsReadIsWritten() {
        assertRoundTrips("[".repeat(500) + "]".repeat(500));
    }

    @Test
    void sixMegabytesRoundTrip() {
        Map<String, Object> large = new LinkedHashMap<>();
        large.put("long", "é".repeat(1_500_000));
        List<Object> rows = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            rows.add(Map.of("row", i, "text", "some words"));
        }
        large.put("rows", rows);

        byte[] bytes = json.encode(large);

        assertThat(bytes.length).isGreaterThan(6_000_000);
        assertThat(large.equals(json.decode(bytes))).isTrue();
    }

    private void assertRoundTrips(String text) {
        assertThat(text(json.decode(text.getBytes(UTF_8)))).isEqualTo(text);
    }

    private String text(@Nullable Object value) {
        return new String(json.encode(value), UTF_8);
    }

    private AbstractStringAssert<?> assertRefused(String text) {
        Failure failure = catchThrowableOfType(Failure.class, () -> json.decode(text));
        assertThat(failure).isNotNull().hasNoCause();
        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
        return assertThat(failure.detail());
    }

    private static byte[] concat(byte[]... parts) {
        StringBuilder hex = new StringBuilder();
        for (byte[] part : parts) {
            hex.append(HexFormat.of().formatHex(part));
        }
        return HexFormat.of().parseHex(hex);
    }
}
