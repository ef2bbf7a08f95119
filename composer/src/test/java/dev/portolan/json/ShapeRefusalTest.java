package dev.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which neighbours can meet.
final class ShapeRefusalTest {

    private record Person(String email, int age) {}

    private record Loose(@Nullable String email, Optional<Integer> size) {}

    private record Node(String name, List<Node> children) {}

    private record Twig(String name, List<Twig> children) {}

    private record Stump(String name, List<Stump> children, Duration age) {}

    private record Contact(String email) {}

    private record Aged(String email, String age) {}

    private record Generics(
            List<Integer> numbers, List<String> texts, List<BigDecimal> decimals, Map<String, Integer> counts) {}

    private static final Map<String, Shape> NAMED = Map.ofEntries(
            Map.entry("anything", Shape.of(Object.class)),
            Map.entry("nothing", Shape.of(Void.class)),
            Map.entry("object", Shape.of(Map.class)),
            Map.entry("person", Shape.of(Person.class)),
            Map.entry("contact", Shape.of(Contact.class)),
            Map.entry("aged", Shape.of(Aged.class)),
            Map.entry("loose", Shape.of(Loose.class)),
            Map.entry("node", Shape.of(Node.class)),
            Map.entry("twig", Shape.of(Twig.class)),
            Map.entry("stump", Shape.of(Stump.class)),
            Map.entry("text", Shape.of(String.class)),
            Map.entry("number", Shape.of(int.class)),
            Map.entry("instant", Shape.of(Instant.class)),
            Map.entry("numbers", Shape.of(component("numbers"))),
            Map.entry("texts", Shape.of(component("texts"))),
            Map.entry("decimals", Shape.of(component("decimals"))),
            Map.entry("counts", Shape.of(component("counts"))));

    private static Type component(String name) {
        for (RecordComponent component : Generics.class.getRecordComponents()) {
            if (component.getName().equals(name)) {
                return component.getGenericType();
            }
        }
        throw new AssertionError(name);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    anything | person   |
                    anything | nothing  |
                    anything | numbers  |
                    object   | person   |
                    person   | object   |
                    person   | anything |
                    person   | person   |
                    contact  | person   | it needs 'age', which Contact does not have
                    person   | contact  |
                    person   | loose    |
                    aged     | person   | 'age': a string is given, and it takes a whole number
                    numbers  | person   | a list is given, and it takes an object
                    person   | numbers  | an object is given, and it takes a list
                    texts    | numbers  | a string is given, and it takes a whole number
                    decimals | numbers  |
                    counts   | object   |
                    texts    | object   | a list is given, and it takes an object
                    text     | instant  |
                    number   | text     | a whole number is given, and it takes a string
                    nothing  | anything | nothing is given
                    nothing  | person   | nothing is given, and it takes an object
                    nothing  | nothing  |
                    text     | nothing  | a string is given, and it takes nothing
                    node     | twig     |
                    twig     | node     |
                    node     | stump    | it needs 'age', which Node does not have
                    stump    | node     |
                    """)
    void neighboursMeetOrSayWhyNot(String given, String taking, @Nullable String reason) {
        assertThat(NAMED.get(taking).refusal(NAMED.get(given))).isEqualTo(Optional.ofNullable(reason));
    }
}
