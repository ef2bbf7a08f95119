package dev.portolan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What every host that speaks HTTP answers: the same requests, the same answers.
///
/// The host runs [ContractFunctions] under `/functions/{name}`, and their definitions under
/// `/pipelines/{name}`.
public abstract class EntryPointContract extends EntryPointExecutions {

    @Test
    void aResultIsJson() throws Exception {
        Answer answer = post("/functions/order", "{\"sku\": \"rope\", \"quantity\": 3, \"colour\": \"tarred\"}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/json");
        assertThat(answer.text()).startsWith("{\"sku\":\"rope\",\"quantity\":3,\"key\":");
    }

    @Test
    void unknownFieldsAndEveryDigitSurvive() throws Exception {
        String text = "{\"n\":9007199254740993,\"d\":1.10,\"nested\":{\"list\":[1,null,\"é😀\"]}}";

        assertThat(post("/functions/echo", text).text()).isEqualTo(text);
    }

    @Test
    void theIdempotencyKeyNamesTheWork() throws Exception {
        Map<String, List<String>> headers = with("idempotency-KEY", "order-7");
        byte[] order = "{\"sku\":\"rope\",\"quantity\":3}".getBytes(UTF_8);

        assertThat(send("POST", "/functions/order", headers, order).text()).contains("\"key\":\"order:order-7/order\"");
        headers.put("Idempotency-Key", List.of("order-8"));
        assertThat(send("POST", "/functions/order", headers, order).status()).isEqualTo(400);
    }

    @Test
    void withoutAKeyEachRequestIsWorkOfItsOwn() throws Exception {
        String order = "{\"sku\":\"rope\",\"quantity\":3}";

        assertThat(post("/functions/order", order).text())
                .isNotEqualTo(post("/functions/order", order).text());
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "256", ":of-a-host"})
    void aKeyThatIsNoneIsRefused(String key) throws Exception {
        String sent = key.startsWith(":") ? key : "k".repeat(Integer.parseInt(key));
        Map<String, List<String>> headers = with("Idempotency-Key", sent);

        assertProblem(send("POST", "/functions/echo", headers, "{}".getBytes(UTF_8)), 400, "INVALID");
    }

    @Test
    void headersAndQueryParametersReachTheFunctionEachWithAllItsValues() throws Exception {
        Map<String, List<String>> headers = with("X-Tenant", "acme");
        headers.put("Query.forged", List.of("by a client"));

        Answer answer = send("POST", "/functions/headers?tag=a%20b&tag=%C3%A9&empty", headers, "{}".getBytes(UTF_8));

        assertThat(answer.text())
                .contains("\"x-tenant\":[\"acme\"]")
                .contains("\"query.tag\":[\"a b\",\"é\"]")
                .contains("\"query.empty\":[\"\"]")
                .doesNotContainIgnoringCase("forged");
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID, 400",
        "UNAUTHENTICATED, 401",
        "DENIED, 403",
        "NOT_FOUND, 404",
        "CONFLICT, 409",
        "FAILED_PRECONDITION, 412",
        "KEY_REUSED, 422",
        "THROTTLED, 429",
        "UNSUPPORTED, 501",
        "QUOTA, 503",
        "CAPACITY, 503",
        "UNAVAILABLE, 503",
        "TIMEOUT, 504"
    })
    void eachCodeHasItsStatusAndIsAProblemDocument(String code, int status) throws Exception {
        Answer answer = post("/functions/fail", "{\"code\":\"" + code + "\"}");

        assertProblem(answer, status, code);
        assertThat(answer.text()).contains("\"detail\":\"as asked\"");
        assertThat(answer.headers()).doesNotContainKey("retry-after");
    }

    @Test
    void whenToComeBackIsSaidInWholeSecondsRoundedUp() throws Exception {
        assertThat(post("/functions/fail", "{\"code\":\"CONFLICT\",\"seconds\":3}")
                        .header("retry-after"))
                .isEqualTo("3");
    }

    @Test
    void aDefectSaysNothingOfItself() throws Exception {
        Answer answer = post("/functions/defect", "{}");

        assertProblem(answer, 500, "UNKNOWN");
        assertThat(answer.text()).doesNotContain("secret", "IllegalState", "detail");
    }

    @Test
    void aResultThatJsonDoesNotHaveIsADefectToo() throws Exception {
        assertProblem(post("/functions/stray", "{}"), 500, "UNKNOWN");
    }

    @Test
    void violationsHaveTheirPointers() throws Exception {
        Answer answer = post("/functions/order", "{\"quantity\":\"three\"}");

        assertProblem(answer, 400, "INVALID");
        assertThat(answer.text())
                .contains("{\"pointer\":\"/sku\",\"detail\":\"missing\"}")
                .contains("{\"pointer\":\"/quantity\",\"detail\":\"must be a whole number\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":secret}", "[1] 2", "{\"a\":1,\"a\":2}"})
    void brokenJsonIsRefusedWithItsPosition(String text) throws Exception {
        Answer answer = post("/functions/echo", text);

        assertProblem(answer, 400, "INVALID");
        assertThat(answer.text()).contains("line 1, column").doesNotContain("secret");
    }

    @Test
    void anEmptyBodyIsNoObject() throws Exception {
        assertProblem(post("/functions/order", ""), 400, "INVALID");
    }

    @Test
    void aFunctionThatGivesNothingAnswersNoContent() throws Exception {
        Answer answer = post("/functions/swallow", "{}");

        assertThat(answer.status()).isEqualTo(204);
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void bytesGoInAndComeOutAsTheyAre() throws Exception {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        Answer answer =
                send("POST", "/functions/reversed", Map.of("Content-Type", List.of("application/octet-stream")), bytes);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("content-type")).isEqualTo("application/octet-stream");
        assertThat(answer.body()).hasSize(256).startsWith(255, 254).endsWith(1, 0);
    }

    @Test
    void textHasItsCharset() throws Exception {
        Answer answer = send(
                "POST",
                "/functions/shout",
                Map.of("Content-Type", List.of("text/plain; charset=ISO-8859-1")),
                new byte[] {(byte) 0xe9});

        assertThat(answer.text()).isEqualTo("\"é!\"");
    }

    @Test
    void textForAFunctionOfObjectsIsTheWrongMediaType() throws Exception {
        Answer answer =
                send("POST", "/functions/order", Map.of("Content-Type", List.of("text/plain")), "{}".getBytes(UTF_8));

        assertProblem(answer, 415, "INVALID");
    }

    @Test
    void aCompressedBodyIsInflated() throws Exception {
        assertThat(send("POST", "/functions/echo", with("Content-Encoding", "gzip"), gzip("{\"a\":1}".getBytes(UTF_8)))
                        .text())
                .isEqualTo("{\"a\":1}");
    }

    @Test
    void aCompressedBodyThatIsCutShortIsRefused() throws Exception {
        byte[] whole = gzip("{\"a\":1}".getBytes(UTF_8));

        assertProblem(
                send(
                        "POST",
                        "/functions/echo",
                        with("Content-Encoding", "gzip"),
                        Arrays.copyOf(whole, whole.length - 4)),
                400,
                "INVALID");
    }

    @Test
    void aBombIsNotInflated() throws Exception {
        assertProblem(
                send("POST", "/functions/echo", with("Content-Encoding", "gzip"), gzip(new byte[64 << 20])),
                413,
                "INVALID");
    }

    @Test
    void anUnknownEncodingIsRefused() throws Exception {
        assertProblem(send("POST", "/functions/echo", with("Content-Encoding", "br"), new byte[] {1}), 415, "INVALID");
    }

    @Test
    void anUnknownFunctionIsNotFoundWithTheNearestName() throws Exception {
        Answer answer = post("/functions/ordr", "{}");

        assertProblem(answer, 404, "NOT_FOUND");
        assertThat(answer.text()).contains("did you mean 'order'?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/functions", "/functions/", "/functions/order/x", "/nothing/here", "/functions/echo%7Cecho"
            })
    void anUnknownPathIsNotFound(String path) throws Exception {
        assertProblem(post(path, "{}"), 404, "NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "PUT", "DELETE"})
    void anotherMethodIsNotAllowed(String method) throws Exception {
        Answer answer = send(method, "/functions/echo", Map.of(), new byte[0]);

        assertThat(answer.status()).isEqualTo(405);
        assertThat(answer.header("allow")).isEqualTo("POST");
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
