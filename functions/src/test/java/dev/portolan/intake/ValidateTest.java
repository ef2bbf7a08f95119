package dev.portolan.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ValidateTest {

    private static final AddressCheck ONE_AT_SIGN = address -> address.matches("[^@]+@[^@]+");
    private static final Schemas NO_SCHEMAS = name -> {
        throw new AssertionError("no schema is named");
    };

    @Test
    void lowerCasesTheAddressWhateverTheLocale() {
        assertThat(validate().apply(Map.of("email", "ISTVAN@Example.COM")))
                .containsEntry("email", "istvan@example.com");
    }

    @Test
    void keepsUnknownFieldsInTheirOrder() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("z", 1);
        payload.put("email", "A@b.org");
        payload.put("a", null);

        assertThat(validate().apply(payload).keySet()).containsExactly("z", "email", "a");
    }

    @Test
    void leavesItsInputAsItWas() {
        Map<String, Object> payload = Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("email", "A@b.org")));

        validate().apply(payload);

        assertThat(payload).containsExactly(Map.entry("email", "A@b.org"));
    }

    @Test
    void refusesAnAbsentAddress() {
        assertThat(violations(validate(), Map.of())).containsExactly(new Violation("/email", "missing"));
    }

    @Test
    void refusesANullAddress() {
        assertThat(violations(validate(), Collections.singletonMap("email", null)))
                .containsExactly(new Violation("/email", "missing"));
    }

    @Test
    void refusesAnAddressThatIsNoString() {
        assertThat(violations(validate(), Map.of("email", 7)))
                .containsExactly(new Violation("/email", "must be a string"));
    }

    @Test
    void refusesAStringThatIsNoAddressWithoutQuotingIt() {
        assertThatThrownBy(() -> validate().apply(Map.of("email", "secret")))
                .hasMessage("/email: not an e-mail address");
    }

    @Test
    void listsEveryViolationAtOnce() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("email", true);
        payload.put("city", null);

        assertThat(violations(validate("name", "city"), payload))
                .containsExactly(
                        new Violation("/email", "must be a string"),
                        new Violation("/name", "missing"),
                        new Violation("/city", "missing"));
    }

    @Test
    void saysOnceWhatTwoRulesSay() {
        assertThat(violations(validate("email"), Map.of())).containsExactly(new Violation("/email", "missing"));
    }

    @Test
    void escapesNamesInPointers() {
        assertThat(violations(validate("a/b~c"), Map.of("email", "a@b.org")))
                .containsExactly(new Violation("/a~1b~0c", "missing"));
    }

    @Test
    void isInvalidAndNotToBeTriedAgain() {
        Failure failure = catchThrowableOfType(Failure.class, () -> validate().apply(Map.of()));

        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
        assertThat(failure.retryable()).isFalse();
    }

    @Test
    void refusesAConfigurationWithAnEmptyName() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Validate.Config(List.of("name", ""), null));
    }

    @Test
    void aSchemaTakesThePlaceOfTheBuiltInRule() {
        Validate validate =
                new Validate(ONE_AT_SIGN, name -> payload -> List.of(), new Validate.Config(List.of(), "customer"));

        assertThat(validate.apply(Map.of("name", "Ada"))).containsExactly(Map.entry("name", "Ada"));
    }

    @Test
    void requiredFieldsApplyBesideASchema() {
        Violation violation = new Violation("/age", "must be at least 18");
        Validate validate = new Validate(
                ONE_AT_SIGN, name -> payload -> List.of(violation), new Validate.Config(List.of("name"), "customer"));

        assertThat(violations(validate, Map.of())).containsExactly(violation, new Violation("/name", "missing"));
    }

    @Test
    void lowerCasesTheAddressUnderASchemaToo() {
        Validate validate =
                new Validate(ONE_AT_SIGN, name -> payload -> List.of(), new Validate.Config(List.of(), "customer"));

        assertThat(validate.apply(Map.of("email", "ADA"))).containsEntry("email", "ada");
    }

    @Test
    void loadsItsSchemaOnceAndByName() {
        List<String> loaded = new ArrayList<>();
        Validate validate = new Validate(
                ONE_AT_SIGN,
                name -> {
                    loaded.add(name);
                    return payload -> List.of();
                },
                new Validate.Config(List.of(), "customer"));

        validate.apply(Map.of());
        validate.apply(Map.of());

        assertThat(loaded).containsExactly("customer");
    }

    @Test
    void refusesAnUnknownSchemaWhenItIsMade() {
        Failure unknown = new Failure(Failure.Code.NOT_FOUND, "no such schema");
        Schemas none = name -> {
            throw unknown;
        };

        assertThatThrownBy(() -> new Validate(ONE_AT_SIGN, none, new Validate.Config(List.of(), "custmer")))
                .isSameAs(unknown);
    }

    private static Validate validate(String... required) {
        return new Validate(ONE_AT_SIGN, NO_SCHEMAS, new Validate.Config(List.of(required), null));
    }

    private static List<Violation> violations(Validate validate, Map<String, Object> payload) {
        return catchThrowableOfType(Failure.class, () -> validate.apply(payload))
                .violations();
    }
}
