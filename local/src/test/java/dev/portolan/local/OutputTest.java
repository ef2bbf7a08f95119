package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a result is printed.
class OutputTest {

    @Test
    void aListOfFlatObjectsIsATableUnderEveryNameThatComes() {
        assertThat(printed("[{\"a\": 1, \"b\": null}, {\"a\": \"two\", \"c\": true}]"))
                .isEqualTo("""
                        A    B  C
                        1    -  -
                        two  -  true
                        """);
    }

    @Test
    void aTerminalObeysNoValue() {
        assertThat(printed("[{\"a\": \"x\\n\\u001b[31my\"}]")).isEqualTo("A\nx  [31my\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[ ]",
                "7",
                "null",
                "[ 1, 2 ]",
                "[ { } ]",
                "{\n  \"a\" : 1\n}",
                "[ {\n  \"a\" : [ 1 ]\n} ]",
                "[ {\n  \"a\" : 1\n}, {\n  \"a\" : {\n    \"b\" : 2\n  }\n} ]",
                "[ {\n  \"a\" : 1\n}, 2 ]"
            })
    void anythingElseIsJson(String json) {
        assertThat(printed(json)).isEqualTo(json + "\n");
    }

    private static String printed(String json) {
        StringWriter text = new StringWriter();
        new Output().print(new PrintWriter(text, true), new Json().decode(json));
        return text.toString().replace(System.lineSeparator(), "\n");
    }
}
