package dev.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.json.Shape.Style;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ListAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ShapeTest {

    private enum Tone {
        WARM,
        ICE_COLD
    }

    private record Person(String email, int age) {}

    private record Order(String id, List<Person> people, Map<String, Integer> counts) {}

    private record Slashed(Map<String, Integer> counts) {}

    private record Loose(@Nullable String note, Optional<Integer> size, Optional<String> title) {}

    private record Node(String name, List<Node> children) {}

    private record Contact(String email) {}

    record Picky(String email) {
        Picky {
            if (!email.contains("@")) {
                throw new IllegalArgumentException("no @ in " + email);
            }
        }
    }

    record Pointed(String email) {
        Pointed {
            throw Failure.invalid("/email", "not yours");
        }
    }

    record Failing(String email) {
        Failing {
            fail();
        }

        private static void fail() {
            throw new OutOfMemoryError("thrown by a test");
        }
    }

    private record Settings(
            String unknownProfile,
            @Nullable Integer maxURLs,
            @Nullable Tone tone) {}

    private record Nested(Settings theSettings) {}

    private record Sets(Set<String> names, Collection<Integer> numbers) {}

    private record Bean(StringBuilder builder) {}

    private final Json json = new Json();

    @Test
    void recordsAreRead() {
        assertThat(read(Person.class, "{'email': 'a@b', 'age': 7}")).isEqualTo(new Person("a@b", 7));
    }

    @Test
    void whatIsAbsentIsMissedAndNeverNull() {
        assertViolations(Person.class, "{'age': 7}").containsExactly(new Violation("/email", "missing"));
        assertViolations(Person.class, "{'email': 'a@b'}").containsExactly(new Violation("/age", "missing"));
    }

    @Test
    void whatIsNullIsMissed() {
        assertViolations(Person.class, "{'email': null, 'age': null}")
                .containsExactly(new Violation("/email", "missing"), new Violation("/age", "missing"));
    }

    @Test
    void everyViolationIsToldNotOnlyTheFirst() {
        assertViolations(Person.class, "{'email': 5, 'age': 'seven'}")
                .containsExactly(
                        new Violation("/email", "must be a string"), new Violation("/age", "must be a whole number"));
    }

    @ParameterizedTest
    @CsvSource({"null, must not be null", "5, must be an object", "'''x''', must be an object", "[], must be an object"
    })
    void whatIsNoObjectIsNoRecord(String text, String reason) {
        assertViolations(Person.class, text).containsExactly(new Violation("", reason));
    }

    @Test
    void violationsPointIntoListsAndMaps() {
        assertViolations(
                        Order.class,
                        "{'id': 'o', 'people': [{'email': 'a', 'age': 1}, {'age': 'x'}, null], 'counts': {'a': 'b'}}")
                .containsExactly(
                        new Violation("/people/1/email", "missing"),
                        new Violation("/people/1/age", "must be a whole number"),
                        new Violation("/people/2", "must not be null"),
                        new Violation("/counts/a", "must be a whole number"));
    }

    @Test
    void pointersAreEscaped() {
        assertViolations(Slashed.class, "{'counts': {'a/b~c': 'x'}}")
                .containsExactly(new Violation("/counts/a~1b~0c", "must be a whole number"));
    }

    @Test
    void nullableAndOptionalComponentsMayBeAbsent() {
        assertThat(read(Loose.class, "{}")).isEqualTo(new Loose(null, Optional.empty(), Optional.empty()));
        assertThat(read(Loose.class, "{'note': null, 'size': null, 'title': null}"))
                .isEqualTo(new Loose(null, Optional.empty(), Optional.empty()));
        assertThat(read(Loose.class, "{'note': 'n', 'size': 3, 'title': 't'}"))
                .isEqualTo(new Loose("n", Optional.of(3), Optional.of("t")));
    }

    @Test
    void nullableAndOptionalComponentsAreOfTheirTypeStill() {
        assertViolations(Loose.class, "{'note': 1, 'size': 'x'}")
                .containsExactly(
                        new Violation("/note", "must be a string"), new Violation("/size", "must be a whole number"));
    }

    @Test
    void unknownNamesOfAPayloadArePassedOver() {
        assertThat(read(Person.class, "{'email': 'a', 'age': 1, 'emial': 2}")).isEqualTo(new Person("a", 1));
    }

    @Test
    void namesOfAConfigurationAreInKebabCase() {
        assertThat(configured("{'unknown-profile': 'fail', 'max-urls': 3, 'tone': 'ice-cold'}"))
                .isEqualTo(new Settings("fail", 3, Tone.ICE_COLD));
    }

    @Test
    void unknownNamesOfAConfigurationAreRefusedWithTheNearest() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> configured("{'unknown-profil': 'x', 'unknown-profile': 'fail', 'a/b': 1}"))
                .satisfies(failure -> assertThat(failure.violations())
                        .containsExactly(
                                new Violation("/unknown-profil", "unknown key; did you mean 'unknown-profile'?"),
                                new Violation("/a~1b", "unknown key; known are unknown-profile, max-urls, tone")));
    }

    @Test
    void configurationsAreStrictAllTheWayDown() {
        Shape shape = Shape.of(Nested.class, Style.CONFIGURATION);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> shape.from(decode("{'the-settings': {'unknownProfile': 'x'}}")))
                .satisfies(failure -> assertThat(failure.violations())
                        .containsExactly(
                                new Violation(
                                        "/the-settings/unknownProfile", "unknown key; did you mean 'unknown-profile'?"),
                                new Violation("/the-settings/unknown-profile", "missing")));
    }

    @Test
    void aPayloadThatItsRecordRefusesIsNotQuoted() {
        assertViolations(Picky.class, "{'email': 'hunter2'}").containsExactly(new Violation("", "refused by Picky"));
    }

    @Test
    void aConfigurationThatItsRecordRefusesSaysWhy() {
        Shape shape = Shape.of(Picky.class, Style.CONFIGURATION);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> shape.from(Map.of("email", "nobody")))
                .withMessage("no @ in nobody");
    }

    @Test
    void aRecordMayPointAtWhatItRefuses() {
        Shape shape = new Shape.Elements(Shape.of(Pointed.class), false);

        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> shape.from(decode("[{'email': 'x'}]")))
                .withMessage("/0/email: not yours");
    }

    @Test
    void anErrorInARecordIsNoRefusal() {
        assertThatExceptionOfType(OutOfMemoryError.class)
                .isThrownBy(() -> read(Failing.class, "{'email': 'x'}"))
                .withMessage("thrown by a test");
    }

    @Test
    void recordsMayHoldMoreOfTheirOwnKind() {
        assertThat(read(Node.class, "{'name': 'a', 'children': [{'name': 'b', 'children': []}]}"))
                .isEqualTo(new Node("a", List.of(new Node("b", List.of()))));
        assertViolations(Node.class, "{'name': 'a', 'children': [{'name': 'b', 'children': [{'name': 'c'}]}]}")
                .containsExactly(new Violation("/children/0/children/0/children", "missing"));
    }

    @Test
    void setsAndCollectionsAreRead() {
        assertThat(read(Sets.class, "{'names': ['b', 'a', 'b'], 'numbers': [1, 1]}"))
                .isEqualTo(new Sets(Set.of("a", "b"), List.of(1, 1)));
    }

    @Test
    void valuesThatAreOfTheTypeAlreadyAreTakenAsTheyAre() {
        Person person = new Person("a", 1);

        assertThat(Shape.of(Person.class).from(person)).isSameAs(person);
    }

    @Test
    void recordsBecomeOtherRecordsAndMapsByTheirNames() {
        assertThat(Shape.of(Contact.class).from(new Person("a", 1))).isEqualTo(new Contact("a"));
        assertThat(Shape.of(Map.class).from(new Person("a", 1))).isEqualTo(Map.of("email", "a", "age", 1));
    }

    @Test
    void anObjectKeepsWhatNobodyKnows() {
        assertThat(read(Map.class, "{'b': {'c': [1.10]}, 'a': null}"))
                .isEqualTo(decode("{'b': {'c': [1.10]}, 'a': null}"));
    }

    @ParameterizedTest
    @ValueSource(classes = {StringBuilder.class, Thread.class, String[].class, char.class, Optional.class, Bean.class})
    void whatHasNoJsonShapeIsRefusedWithARemedy(Class<?> type) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(type))
                .withMessageStartingWith(type.getTypeName())
                .withMessageContaining("has no JSON shape")
                .withMessageContaining("use a record, Map<String, Object>, List, String");
    }

    @Test
    void mapsOfOtherKeysAreRefused() {
        record Keyed(Map<Integer, String> byNumber) {}

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Shape.of(Keyed.class))
                .withMessageContaining("java.util.Map<java.lang.Integer, java.lang.String> has no JSON shape");
    }

    private @Nullable Object configured(String text) {
        return Shape.of(Settings.class, Style.CONFIGURATION).from(decode(text));
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
