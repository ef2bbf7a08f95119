package dev.portolan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The part of [EntryPointContract] that is about durable pipelines and their executions.
abstract class EntryPointExecutions extends EntryPointFixture {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /// Lets a host that does nothing between requests do what it was woken for.
    protected void wakeUp() throws Exception {}

    @Test
    void aFinishedKeyGivesTheStoredAnswerAgain() throws Exception {
        Answer first = run("counted", "k-1", "{\"a\":1,\"b\":[2]}");
        Answer again = run("counted", "k-1", "{\"b\": [2], \"a\": 1}");

        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(first.text()).isEqualTo("{\"a\":1,\"b\":[2],\"calls\":1}");
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(run("counted", "k-2", "{}").text()).isEqualTo("{\"calls\":2}");
    }

    @Test
    void aKeyThatIsUsedForAnotherInputIsRefused() throws Exception {
        run("counted", "k-1", "{\"a\":1}");

        assertProblem(run("counted", "k-1", "{\"a\":2}"), 422, "KEY_REUSED");
    }

    @Test
    void aKeyThatRunsIsAConflictThatSaysWhenToComeBack() throws Exception {
        String input = "{\"gate\":\"g\"}";
        CompletableFuture<Answer> first = new CompletableFuture<>();
        Thread.ofVirtual().start(() -> {
            try {
                first.complete(run("held", "k-1", input));
            } catch (Throwable e) {
                first.completeExceptionally(e);
            }
        });
        Answer state = stateWith("/executions/held:k-1", "\"name\":\"echo\"");

        Answer second = run("held", "k-1", input);
        post("/functions/let-go", input);

        assertProblem(second, 409, "CONFLICT");
        assertThat(Integer.parseInt(second.header("retry-after"))).isBetween(1, 70);
        assertThat(state.status()).isEqualTo(200);
        assertThat(state.header("retry-after")).isEqualTo("1");
        assertThat(state.text()).contains("\"status\":\"RUN\"").doesNotContain("result", "problem");
        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).text()).isEqualTo("{\"gate\":\"g\",\"calls\":1}");
        assertThat(run("held", "k-1", input).text()).isEqualTo("{\"gate\":\"g\",\"calls\":1}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "respond-async",
                "Respond-ASYNC",
                "wait=100, respond-async",
                "handling=lenient; note=\"a, \\\"b\\\"\" , respond-async;reason=\"slow\", wait=1",
                "respond-async=\"\""
            })
    void aClientThatPrefersItIsAnsweredAtOnceAndFindsTheResultLater(String prefer) throws Exception {
        Answer accepted = run("counted", "k-1", "{}", prefer);

        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        assertThat(accepted.header("location")).isEqualTo("/executions/counted%3Ak-1");
        assertThat(accepted.header("preference-applied")).isEqualTo("respond-async");
        assertThat(accepted.header("retry-after")).isEqualTo("1");
        assertThat(accepted.header("content-type")).isEqualTo("application/json");
        assertThat(accepted.text()).startsWith("{\"id\":\"counted:k-1\",\"status\":\"RUN\",\"due\":\"2");
        Answer done = stateWith(accepted.header("location"), "\"status\":\"DONE\"");
        assertThat(done.header("content-type")).isEqualTo("application/json");
        assertThat(done.header("cache-control")).isEqualTo("no-store");
        assertThat(done.headers()).doesNotContainKey("retry-after");
        assertThat(done.text())
                .startsWith("{\"id\":\"counted:k-1\",\"pipeline\":\"counted\",\"status\":\"DONE\",\"started\":\"2")
                .contains("\"updated\":\"2", "\"steps\":[{\"name\":\"tally\",\"attempts\":1}]")
                .endsWith("\"result\":{\"calls\":1}}");
        Answer result = run("counted", "k-1", "{}", prefer);
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.text()).isEqualTo("{\"calls\":1}");
        assertThat(result.headers()).doesNotContainKey("preference-applied");
    }

    @Test
    void onePreferenceAmongSeveralHeadersCounts() throws Exception {
        Map<String, List<String>> headers = with("Idempotency-Key", "k-1");
        headers.put("prefer", List.of("wait=5", "respond-async"));

        assertThat(send("POST", "/pipelines/counted", headers, "{}".getBytes(UTF_8))
                        .status())
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"wait=10", "x=\"respond-async\"", "x=\"a, respond-async\"", "respond-asynchronously", "\"", ""})
    void anotherPreferenceChangesNothing(String prefer) throws Exception {
        Answer answer = run("counted", "k-1", "{}", prefer);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("preference-applied");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/pipelines/fleeting", "/functions/tally"})
    void thePreferenceIsIgnoredWhereNothingIsDurable(String path) throws Exception {
        Answer answer = send("POST", path, with("Prefer", "respond-async"), "{}".getBytes(UTF_8));

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers()).doesNotContainKey("preference-applied");
    }

    @Test
    void whatWaitsForAnotherAttemptIsAccepted() throws Exception {
        Answer accepted = run("waiting", "k-1", "{\"code\":\"UNAVAILABLE\",\"seconds\":120}");

        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        assertThat(accepted.text()).startsWith("{\"id\":\"waiting:k-1\",\"status\":\"WAIT\",\"due\":\"2");
        assertThat(Integer.parseInt(accepted.header("retry-after"))).isBetween(60, 120);
        Answer state = get(accepted.header("location"));
        assertThat(Integer.parseInt(state.header("retry-after"))).isBetween(60, 120);
        assertThat(state.text())
                .contains("\"status\":\"WAIT\"", "\"due\":\"2")
                .contains("\"steps\":[{\"name\":\"fail\",\"attempts\":1,\"code\":\"UNAVAILABLE\"}]")
                .doesNotContain("problem");
    }

    @ParameterizedTest
    @CsvSource({"INVALID, 400, FAILED", "KEY_REUSED, 422, FAILED", "UNKNOWN, 500, STUCK", "UNAVAILABLE, 503, STUCK"})
    void aFailureIsKeptWithItsProblem(String code, int status, String state) throws Exception {
        Answer failed = run("failing", "k-1", "{\"code\":\"" + code + "\"}");
        Answer told = get("/executions/failing%3Ak-1");

        assertProblem(failed, status, code);
        assertThat(told.status()).isEqualTo(200);
        assertThat(told.headers()).doesNotContainKey("retry-after");
        assertThat(told.text())
                .contains("\"status\":\"" + state + "\"")
                .contains("{\"name\":\"tally\",\"attempts\":1},{\"name\":\"fail\",\"attempts\":1,\"code\":\"" + code)
                .endsWith("\"problem\":" + failed.text() + "}");
        assertThat(run("failing", "k-1", "{\"code\":\"" + code + "\"}").text()).isEqualTo(failed.text());
        assertThat(run("counted", "k-1", "{}").text())
                .as("steps are not called again")
                .isEqualTo("{\"calls\":2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b", "a:b::c", "50%", "a%2Fb", "a+b c", "é😀", "?x=1#y", "..", "\"<&'"})
    void anyKeySurvivesTheWayThroughItsLocation(String key) throws Exception {
        Answer accepted = run("counted", key, "{}", "respond-async");

        assertThat(accepted.status()).as(accepted.text()).isEqualTo(202);
        assertThat(accepted.header("location"))
                .isEqualTo("/executions/"
                        + URLEncoder.encode("counted:" + key, UTF_8).replace("+", "%20"));
        Answer done = stateWith(accepted.header("location"), "\"status\":\"DONE\"");
        assertThat(done.text()).contains("{\"id\":\"counted:" + key.replace("\"", "\\\"") + "\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "none", "counted:none", "counted%3Anone", "%3A", "counted:50%25", "a:b/c", "%00"})
    void anExecutionThatIsNotThereIsNotFound(String id) throws Exception {
        assertProblem(get("/executions/" + id), 404, "NOT_FOUND");
    }

    @Test
    void anIdThatIsLongerThanAnyIsNotFound() throws Exception {
        assertProblem(get("/executions/counted%3A" + "k".repeat(2_000)), 404, "NOT_FOUND");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE"})
    void executionsAreOnlyReadThere(String method) throws Exception {
        run("counted", "k-1", "{}");

        Answer answer = send(method, "/executions/counted%3Ak-1", Map.of(), new byte[0]);

        assertProblem(answer, 405, "INVALID");
        assertThat(answer.header("allow")).isEqualTo("GET");
    }

    private Answer run(String pipeline, String key, String input) throws Exception {
        return send("POST", "/pipelines/" + pipeline, with("Idempotency-Key", key), input.getBytes(UTF_8));
    }

    private Answer run(String pipeline, String key, String input, String prefer) throws Exception {
        Map<String, List<String>> headers = with("Idempotency-Key", key);
        headers.put("Prefer", List.of(prefer));
        return send("POST", "/pipelines/" + pipeline, headers, input.getBytes(UTF_8));
    }

    private Answer get(String path) throws Exception {
        return send("GET", path, Map.of(), new byte[0]);
    }

    /// What an execution's state is once it says something.
    private Answer stateWith(String path, String words) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Answer state = get(path);
        while (!state.text().contains(words)) {
            assertThat(System.nanoTime()).as(state.text()).isLessThan(end);
            Thread.sleep(20);
            wakeUp();
            state = get(path);
        }
        return state;
    }
}
