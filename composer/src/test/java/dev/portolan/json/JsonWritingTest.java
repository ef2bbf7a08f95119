package dev.portolan.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonWritingTest {

    private enum Tone {
        WARM
    }

    private record Greeting(
            String text, Optional<String> title, @Nullable String note, List<Tone> tones) {}

    private record Holder(Object held) {}

    private final Json json = new Json();

    @Test
    void whatGoesRoundInACircleIsRefused() {
        List<Object> circle = new ArrayList<>();
        circle.add(Map.of("again", Optional.of(new Holder(circle))));

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> json.encode(circle))
                .withMessage("a nesting is beyond all bounds, or goes round in a circle");
    }

    @Test
    void recordsEnumsTimesAndBytesAreWritten() {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("greeting", new Greeting("hi", Optional.of("Dr."), null, List.of(Tone.WARM)));
        tree.put("at", Instant.EPOCH);
        tree.put("bytes", new byte[] {1, 2, (byte) 0xff});
        tree.put("double", 0.1);
        tree.put("float", 0.1f);
        tree.put("short", (short) 7);
        tree.put("empty", Optional.empty());

        assertThat(text(tree))
                .isEqualTo("{\"greeting\":{\"text\":\"hi\",\"title\":\"Dr.\",\"note\":null,\"tones\":[\"WARM\"]},"
                        + "\"at\":\"1970-01-01T00:00:00Z\",\"bytes\":\"AQL/\",\"double\":0.1,\"float\":0.1,"
                        + "\"short\":7,\"empty\":null}");
    }

    @Test
    void whatHasNoShapeIsRefusedAtItsPlace() {
        assertUnwritable(Map.of("a", List.of(1, new AtomicReference<>("hunter2"))), "/a/1")
                .contains("java.util.concurrent.atomic.AtomicReference has no JSON shape")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNoNumberIsNotWritten(double value) {
        assertUnwritable(Map.of("a/b", value), "/a~1b");
        assertUnwritable(new Holder((float) value), "/held");
    }

    @Test
    void namesThatAreNoTextsAreRefused() {
        assertUnwritable(Map.of("a", Map.of(1, 2)), "/a").endsWith("a name in an object must be a string");
        assertUnwritable(new Holder(Map.of(1, 2)), "/held").endsWith("a name in an object must be a string");
        assertUnwritable(new HashMap<>(Collections.singletonMap(null, 1)), "");
    }

    @Test
    void halfASurrogatePairIsNotWritten() {
        assertUnwritable(Map.of("a", "x\ud83d"), "/a");
        assertUnwritable(Map.of("a", Map.of("\udc00", 1)), "/a");
        assertUnwritable(new Holder("\ud83d"), "/held");
    }

    @Test
    void everythingThatMustBeEscapedIs() {
        StringBuilder all = new StringBuilder();
        for (char c = 0; c <= 0x80; c++) {
            all.append(c);
        }

        assertThat(text(all.toString()))
                .startsWith("\"\\u0000\\u0001")
                .contains("\\b\\t\\n\\u000b\\f\\r\\u000e", "\\u001f !\\\"#", "[\\\\]", "~\u007f\u0080\"");
        assertThat(json.decode(text(all.toString()))).isEqualTo(all.toString());
    }

    @Test
    void prettyTextIsIndented() {
        assertThat(json.pretty(json.decode("{\"a\":[1,{}],\"b\":null}")).lines())
                .containsExactly("{", "  \"a\" : [ 1, { } ],", "  \"b\" : null", "}");
    }

    private String text(@Nullable Object value) {
        return new String(json.encode(value), UTF_8);
    }

    private AbstractStringAssert<?> assertUnwritable(Object value, String pointer) {
        Failure failure = catchThrowableOfType(Failure.class, () -> json.encode(value));
        assertThat(failure).isNotNull();
        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
        assertThat(failure.violations()).singleElement().returns(pointer, violation -> violation.place());
        return assertThat(failure.detail());
    }
}
