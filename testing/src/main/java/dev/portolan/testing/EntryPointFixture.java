package dev.portolan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// How [EntryPointContract] speaks to a host.
abstract class EntryPointFixture {

    private static final Map<String, List<String>> JSON = Map.of("Content-Type", List.of("application/json"));

    /// An answer.
    ///
    /// @param headers by name in lower case
    @SuppressWarnings("ArrayRecordComponent") // nothing compares answers
    public record Answer(int status, Map<String, List<String>> headers, byte[] body) {

        String text() {
            return new String(body, UTF_8);
        }

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }
    }

    /// Sends a request to the host.
    ///
    /// @param path with its query, percent-encoded
    protected abstract Answer send(String method, String path, Map<String, List<String>> headers, byte[] body)
            throws Exception;

    final Answer post(String path, String text) throws Exception {
        return send("POST", path, JSON, text.getBytes(UTF_8));
    }

    static Map<String, List<String>> with(String name, String value) {
        Map<String, List<String>> headers = new LinkedHashMap<>(JSON);
        headers.put(name, List.of(value));
        return headers;
    }

    static void assertProblem(Answer answer, int status, String code) {
        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.text()).contains("\"status\":" + status).contains("\"code\":\"" + code + "\"");
    }
}
