package dev.portolan.composer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.intake.Schemas;
import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonSchemasTest {

    private static final Json JSON = new Json();

    @TempDir
    Path folder;

    @Test
    void nothingIsWrongWithWhatKeepsTheSchema() throws IOException {
        assertThat(check("{'required': ['name'], 'properties': {'name': {'type': 'string'}}}", "{'name': 'Ada'}"))
                .isEmpty();
    }

    @Test
    void listsEveryViolation() throws IOException {
        assertThat(check("""
                        {'type': 'object',
                         'required': ['email', 'name', 'a/b'],
                         'properties': {
                           'email': {'type': 'string', 'format': 'email'},
                           'age': {'type': 'integer', 'minimum': 18},
                           'tags': {'items': {'type': ['string', 'null']}}},
                         'additionalProperties': false}""", "{'email': 'nope', 'age': 7, 'tags': ['x', 1], 'extra': 1}"))
                .containsExactlyInAnyOrder(
                        "/name: missing",
                        "/a~1b: missing",
                        "/email: not an e-mail address",
                        "/age: must be at least 18",
                        "/tags/1: must be a string or null",
                        "/extra: not allowed here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "'type': 'object'                  | [1]       | must be an object",
                "'enum': ['a', 7, null, {}]        | 'sesame'  | must be one of a, 7, null, an object that the schema gives",
                "'const': 'a'                      | 'sesame'  | must be a",
                "'format': 'date'                  | 'sesame'  | must have the format date",
                "'format': 'uuid'                  | 'sesame'  | must have the format uuid",
                "'format': 'email'                 | 'u@local' | not an e-mail address",
                "'pattern': '^a'                   | 'sesame'  | must match the pattern ^a",
                "'minLength': 9                    | 'sesame'  | must have at least 9 characters",
                "'maxLength': 2                    | 'sesame'  | must have at most 2 characters",
                "'minimum': 18.5                   | 7654      | -",
                "'minimum': 18.5                   | 7.654     | must be at least 18.5",
                "'maximum': 5                      | 7654      | must be at most 5",
                "'exclusiveMinimum': 7             | 7         | must be more than 7",
                "'exclusiveMaximum': 7             | 7         | must be less than 7",
                "'multipleOf': 7                   | 7654      | must be a multiple of 7",
                "'minItems': 2                     | [1]       | must have at least 2 items",
                "'maxItems': 0                     | [1]       | must have at most 0 items",
                "'uniqueItems': true               | [1, 1.0]  | must not have equal items",
                "'contains': {'const': 2}          | [1, 3]    | has no item of the kind that it must contain",
                "'contains': {}, 'minContains': 2  | [1]       | must have at least 2 items of the kind that it must contain",
                "'contains': {}, 'maxContains': 1  | [1, 2]    | must have at most 1 items of the kind that it must contain",
                "'minProperties': 1                | {}        | must have at least 1 fields",
                "'maxProperties': 0                | {'a': 1}  | must have at most 0 fields",
                "'oneOf': [{}, {}]                 | 1         | must match exactly one of the alternatives",
                "'not': {}                         | 1         | matches what it must not",
                "'propertyNames': {'maxLength': 0} | {'a': 1}  | a field's name must have at most 0 characters",
                "'enum': [1.50]                    | 1.5       | -",
                "'const': 100                      | 1e2       | -",
                "'type': 'integer'                 | 1.0       | -",
                "'type': 'integer'                 | 123456789012345678901234567890 | -",
            })
    void wordsEveryKeywordWithoutThePayload(String rule, String value, String reason) throws IOException {
        assertThat(check("{'properties': {'it': {" + rule + "}}}", "{'it': " + value + "}"))
                .isEqualTo(reason.equals("-") ? List.of() : List.of("/it: " + reason));
    }

    @Test
    void reportsWhatFailsInsideCombinationsAndNotTheCombination() throws IOException {
        assertThat(check("""
                        {'allOf': [{'$ref': '#/$defs/named'}],
                         'if': {'required': ['vat']}, 'then': {'required': ['company']},
                         'dependentRequired': {'vat': ['country']},
                         'dependentSchemas': {'vat': {'required': ['name', 'street']}},
                         '$defs': {'named': {'required': ['name']}}}""", "{'vat': 'secret'}"))
                .containsExactlyInAnyOrder(
                        "/name: missing", "/company: missing", "/country: missing", "/street: missing");
    }

    @Test
    void anElseSaysNothingOfItsQuestion() throws IOException {
        assertThat(check("{'if': {'required': ['vat']}, 'else': {'required': ['name']}}", "{}"))
                .containsExactly("/name: missing");
    }

    @Test
    void namesTheAlternativesAndThatOneOfThemWouldDo() throws IOException {
        assertThat(check("{'anyOf': [{'required': ['email']}, {'required': ['phone']}]}", "{}"))
                .containsExactly("/email: missing", "/phone: missing", "matches none of the alternatives");
    }

    @Test
    void saysOnceWhatTwoRulesSay() throws IOException {
        assertThat(check("{'required': ['name'], 'allOf': [{'required': ['name']}]}", "{}"))
                .containsExactly("/name: missing");
    }

    @Test
    void aNumberOfAHugeExponentIsRefusedAtOnce() throws IOException {
        assertThat(check("{'properties': {'n': {'multipleOf': 0.01}}}", "{'n': 1e999999999}"))
                .containsExactly("/n: the number's exponent is beyond 1000");
    }

    @Test
    void aSchemaMayHoldItself() throws IOException {
        assertThat(check("{'properties': {'next': {'$ref': '#'}}, 'required': ['id']}", "{'id': 1, 'next': {}}"))
                .containsExactly("/next/id: missing");
    }

    @Test
    void goesAsDeepAsJsonGoes() throws IOException {
        String payload = "{'id': 1, 'next': ".repeat(400) + "{}" + "}".repeat(400);

        assertThat(check("{'properties': {'next': {'$ref': '#'}}, 'required': ['id']}", payload))
                .containsExactly("/next".repeat(400) + "/id: missing");
    }

    @Test
    void readsAnEarlierDraftThatTheSchemaNames() throws IOException {
        assertThat(check("{'$schema': 'http://json-schema.org/draft-07/schema#', 'required': ['name']}", "{}"))
                .containsExactly("/name: missing");
    }

    @Test
    void checksFromManyThreads() throws IOException {
        Schemas.Schema schema =
                schema("{'properties': {'n': {'$ref': '#/$defs/even'}}, '$defs': {'even': {'multipleOf': 2}}}");

        assertThat(IntStream.range(0, 1000)
                        .parallel()
                        .mapToObj(n -> schema.check(Map.of("n", n)).size()))
                .isEqualTo(IntStream.range(0, 1000).mapToObj(n -> n % 2).toList());
    }

    @Test
    void namesFilePlaceAndReasonOfEveryMistakeInASchema() {
        assertThat(refusal("{'type': 'strin', 'properties': {'a': {'minimum': 'x'}}}")
                        .violations())
                .extracting(Violation::place)
                .contains(file() + "#/type", file() + "#/properties/a/minimum");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[]",
                "7",
                "{'properties': {'a': {'pattern': '('}}}",
                "{'patternProperties': {'(': {}}}",
                "{'$ref': 'a b'}",
                "{'$id': 'a b'}",
                "{'$schema': 'http://other.example/'}"
            })
    void refusesWhatIsNoSchema(String schema) {
        Failure failure = refusal(schema);

        assertThat(failure.code()).isEqualTo(Failure.Code.INVALID);
        assertThat(failure).hasMessageStartingWith(file() + "#");
    }

    @Test
    void namesFileAndLineOfTextThatIsNoJson() {
        assertThat(refusal("{'a': }"))
                .hasMessageStartingWith(file() + ": not JSON")
                .hasMessageContaining("line 1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"http://other.example/schema.json", "other.json", "#/$defs/none", "#none", "file:///etc/passwd"})
    void refusesAReferenceThatLeavesTheFile(String reference) {
        assertThat(refusal("{'properties': {'a': {'$ref': '" + reference + "'}}}")
                        .violations())
                .containsExactly(
                        new Violation(
                                file() + "#/properties/a/$ref",
                                "leads nowhere, or in a circle; put what it means under $defs in this file, nothing is fetched"));
    }

    @Test
    void followsReferencesWithinTheFile() throws IOException {
        assertThat(check("""
                        {'$id': 'https://example.com/customer',
                         'properties': {'a': {'$ref': 'part'}, 'b': {'$ref': '#here'}, 'c': {'$ref': '#/$defs/plain'},
                                        '$ref': {'const': 1}},
                         'const': {'$ref': 'no reference'},
                         '$defs': {'part': {'$id': 'part', 'type': 'null'}, 'h': {'$anchor': 'here', 'type': 'null'},
                                   'plain': {'type': 'null'}}}""", "{'a': 1, 'b': 1, 'c': 1}"))
                .contains("/a: must be null", "/b: must be null", "/c: must be null");
    }

    @Test
    void theSchemaThatShipsAsksForAddressAndName() {
        Schemas.Schema customer =
                new JsonSchemas(Path.of("../config/schemas"), JSON, new JmailAddresses()).load("customer");

        assertThat(customer.check(Map.of("email", "ada@example.com", "name", "Ada")))
                .isEmpty();
        assertThat(customer.check(Map.of("email", "ada")))
                .containsExactlyInAnyOrder(
                        new Violation("/name", "missing"), new Violation("/email", "not an e-mail address"));
    }

    @Test
    void aNumberOfAHugeExponentInASchemaIsRefusedAtOnce() {
        assertThat(refusal("{'minimum': 1e999999999}").code()).isEqualTo(Failure.Code.INVALID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'$ref': '#'}",
                "{'$ref': '#/$defs/a', '$defs': {'a': {'$ref': '#/$defs/b'}, 'b': {'$ref': '#/$defs/a'}}}"
            })
    void aCircleOfReferencesIsRefused(String schema) {
        assertThat(refusal(schema).code()).isEqualTo(Failure.Code.INVALID);
    }

    @Test
    void aSchemaOfFalseRefusesEverything() throws IOException {
        assertThat(check("false", "{}")).containsExactly("not allowed here");
    }

    @Test
    void suggestsTheNearestSchema() throws IOException {
        Files.writeString(folder.resolve("customers.json"), "{}");

        Failure failure = catchThrowableOfType(Failure.class, () -> schemas().load("customer"));

        assertThat(failure.code()).isEqualTo(Failure.Code.NOT_FOUND);
        assertThat(failure).hasMessageContaining(file()).hasMessageEndingWith("; did you mean 'customers'?");
    }

    private String file() {
        return folder.resolve("customer.json").toString();
    }

    private Schemas schemas() {
        return new JsonSchemas(folder, JSON, new JmailAddresses());
    }

    private Schemas.Schema schema(String schema) throws IOException {
        Files.writeString(folder.resolve("customer.json"), schema.replace('\'', '"'));
        return schemas().load("customer");
    }

    private List<String> check(String schema, String payload) throws IOException {
        return schema(schema).check(object(payload)).stream()
                .map(Violation::toString)
                .toList();
    }

    private Failure refusal(String schema) {
        return catchThrowableOfType(Failure.class, () -> schema(schema));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> object(String text) {
        return (Map<String, Object>) JSON.decode(text.replace('\'', '"'));
    }
}
