package dev.portolan.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    @Test
    void fillsSubjectAndBody() {
        Notification mail = fill(
                "Subject: Welcome {name}\n\nHello {name},\nyour address is {email}.\n",
                Map.of("name", "Zoë", "email", "zoe@example.com"));

        assertThat(mail.subject()).isEqualTo("Welcome Zoë");
        assertThat(mail.body()).isEqualTo("Hello Zoë,\nyour address is zoe@example.com.\n");
    }

    @Test
    void reachesFieldsInsideObjects() {
        assertThat(body("{address.city}", Map.of("address", Map.of("city", "Łódź"))))
                .isEqualTo("Łódź\n");
    }

    @Test
    void writesNumbersAndBooleansAsTheyAre() {
        assertThat(body("{n} {d} {b}", Map.of("n", 7, "d", new BigDecimal("19.90"), "b", true)))
                .isEqualTo("7 19.90 true\n");
    }

    @Test
    void doubledBracesAreBraces() {
        assertThat(body("{{{name}}} {{}}", Map.of("name", "x"))).isEqualTo("{x} {}\n");
    }

    @Test
    void aValueIsNeverReadAsATemplate() {
        assertThat(body("{name}", Map.of("name", "{email}", "email", "leak"))).isEqualTo("{email}\n");
    }

    @Test
    void readsLinesOfEveryEnding() {
        assertThat(fill("Subject: Hi\r\n\r\none\r\ntwo", Map.of()).body()).isEqualTo("one\ntwo\n");
    }

    @Test
    void listsEveryFieldThatIsNoText() {
        Map<String, Object> payload = Map.of("object", Map.of(), "list", List.of(), "name", "x");

        assertThat(refusal("Subject: {missing} {name}\n\n{object} {list} {name.first} {missing}", payload))
                .extracting(Violation::place)
                .containsExactly("/missing", "/object", "/list", "/name/first");
    }

    @Test
    void aNullFieldIsMissing() {
        assertThat(refusal("Subject: Hi\n\n{name}", Collections.singletonMap("name", null)))
                .containsExactly(new Violation("/name", "missing, but the template uses it"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\nBcc: all@example.com", "\n", "\r", "\u0085", "\u2028", "\u000b"})
    void refusesALineBreakInTheSubject(String breaking) {
        assertThat(refusal("Subject: Hi {name}\n\nbody", Map.of("name", "Eve" + breaking)))
                .containsExactly(new Violation("/name", "line break in a header"));
    }

    @Test
    void refusesAControlCharacterInTheSubject() {
        assertThat(refusal("Subject: Hi {name}\n\nbody", Map.of("name", "\u0000")))
                .containsExactly(new Violation("/name", "control character in a header"));
    }

    @Test
    void aLineBreakInTheBodyIsALineBreak() {
        assertThat(body("{text}", Map.of("text", "one\ntwo"))).isEqualTo("one\ntwo\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Welcome {name}\n\nbody", "Subject:\n\nbody", "subject: x\n\nbody"})
    void aTemplateBeginsWithItsSubject(String text) {
        assertThat(mistakes(text)).contains("welcome:1: the subject is missing; begin with 'Subject: ' and its text");
    }

    @Test
    void theSecondLineIsEmpty() {
        assertThat(mistakes("Subject: Hi\nbody\nbody"))
                .containsExactly("welcome:2: must be empty; put an empty line between subject and body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: Hi", "Subject: Hi\n\n", "Subject: Hi\n\n \n"})
    void aTemplateHasABody(String text) {
        assertThat(mistakes(text)).containsExactly("welcome:3: the body is missing; write it after an empty line");
    }

    @Test
    void namesTheLineAndRemedyOfEveryLoneBrace() {
        assertThat(mistakes("Subject: {name\n\nok\n} {na me}"))
                .containsExactly(
                        "welcome:1: '{' begins no placeholder such as {name} or {address.city}; write '{{' for a brace",
                        "welcome:4: '}' ends no placeholder; write '}}' for a brace",
                        "welcome:4: '{' begins no placeholder such as {name} or {address.city}; write '{{' for a brace",
                        "welcome:4: '}' ends no placeholder; write '}}' for a brace");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{.a}", "{a.}", "{a..b}", "{ a}"})
    void aPlaceholderNamesAField(String placeholder) {
        assertThat(mistakes("Subject: Hi\n\n" + placeholder)).isNotEmpty();
    }

    @Test
    void aTabInTheSubjectIsAMistake() {
        assertThat(mistakes("Subject: a\tb\n\nbody"))
                .containsExactly("welcome:1: control character in the subject; take it out");
    }

    private static Notification fill(String text, Map<String, Object> payload) {
        return Template.parse("welcome", text).fill("key", "to@example.com", payload);
    }

    private static String body(String body, Map<String, Object> payload) {
        return fill("Subject: Hi\n\n" + body, payload).body();
    }

    private static List<Violation> refusal(String text, Map<String, Object> payload) {
        return catchThrowableOfType(Failure.class, () -> fill(text, payload)).violations();
    }

    private static List<String> mistakes(String text) {
        return catchThrowableOfType(Failure.class, () -> Template.parse("welcome", text)).violations().stream()
                .map(Violation::toString)
                .toList();
    }
}
