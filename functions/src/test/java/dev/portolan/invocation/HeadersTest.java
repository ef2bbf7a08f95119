package dev.portolan.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HeadersTest {

    @Test
    void namesComeInAnyCase() {
        Headers headers = Headers.of(Map.of("Content-Type", List.of("text/plain")));

        assertThat(headers.first("content-type")).isEqualTo("text/plain");
        assertThat(headers.all("CONTENT-TYPE")).containsExactly("text/plain");
    }

    @Test
    void whatDidNotComeIsAbsent() {
        assertThat(Headers.NONE.first("a")).isNull();
        assertThat(Headers.NONE.all("a")).isEmpty();
        assertThat(Headers.NONE.names()).isEmpty();
        assertThat(Headers.of(Map.of())).isSameAs(Headers.NONE);
    }

    @Test
    void namesThatDifferInCaseAreJoinedInOrder() {
        Map<String, List<String>> both = new LinkedHashMap<>();
        both.put("accept", List.of("a", "b"));
        both.put("Accept", List.of("c"));

        Headers headers = Headers.of(both);

        assertThat(headers.all("ACCEPT")).containsExactly("a", "b", "c");
        assertThat(headers.names()).containsExactly("accept");
    }

    @Test
    void whatIsAddedFollowsWhatIsThere() {
        Headers first = Headers.NONE.with("x-trace", "1");

        Headers both = first.with("X-Trace", "2").with("b", "3");

        assertThat(both.all("x-trace")).containsExactly("1", "2");
        assertThat(both.names()).containsExactly("b", "x-trace");
    }

    @Test
    void addingLeavesTheFirstAsItWas() {
        Headers first = Headers.NONE.with("a", "1");

        Headers second = first.with("a", "2").with("b", "3");

        assertThat(second.names()).hasSize(2);
        assertThat(first.all("a")).containsExactly("1");
        assertThat(first.names()).containsExactly("a");
    }

    @Test
    void addingNothingChangesNothing() {
        Headers headers = Headers.NONE.with("a", "1");

        assertThat(headers.with(Headers.NONE)).isSameAs(headers);
    }

    @Test
    void laterChangesToTheMapAreNotSeen() {
        List<String> values = new ArrayList<>(List.of("1"));
        Map<String, List<String>> map = new LinkedHashMap<>(Map.of("a", values));
        Headers headers = Headers.of(map);

        values.add("2");
        map.put("b", List.of("3"));

        assertThat(headers.all("a")).containsExactly("1");
        assertThat(headers.names()).containsExactly("a");
    }

    @Test
    void nothingThatIsGivenOutCanBeChanged() {
        Headers headers = Headers.NONE.with("a", "1");

        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> headers.names().clear());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> headers.all("a").clear());
    }

    @Test
    void equalHeadersMayBeSpelledInDifferentCases() {
        Headers lower = Headers.NONE.with("a", "1").with("b", "2");
        Headers upper = Headers.NONE.with("B", "2").with("A", "1");

        assertThat(lower).isEqualTo(upper).hasSameHashCodeAs(upper);
    }

    @Test
    void headersWithOtherValuesDiffer() {
        assertThat(Headers.NONE.with("a", "1")).isNotEqualTo(Headers.NONE.with("a", "2"));
    }

    @Test
    void valuesAreNotShown() {
        assertThat(Headers.NONE.with("authorization", "secret")).hasToString("[authorization]");
    }
}
