package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Requests of strange form, and of people who mean harm.
class HostileRequestsTest {

    private final Host host = new Host();
    private final AtomicReference<Headers> seen = new AtomicReference<>();

    HostileRequestsTest() {
        host.functions().add("see", Object.class, Object.class, input -> {
            seen.set(Invocation.current().headers());
            return input == null ? Map.of() : input;
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-api", "rest-api", "alb", "alb-multi"})
    void aHeaderWithALineBreakIsABadRequest(String event) {
        for (String value : List.of("a\r\nX-Admin: yes", "a\nb", "a\0")) {
            for (String name : List.of("traceparent", "Idempotency-Key", "X-A\r\nX-B")) {
                assertThat(status(event, headers(Map.of(name, value)))).isEqualTo(400);
            }
        }
        assertThat(seen.get()).isNull();
    }

    @Test
    void aCookieWithALineBreakIsABadRequest() {
        assertThat(status("http-api", Map.of("cookies", List.of("a=1\r\nX-Admin: yes"))))
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-api", "rest-api", "alb"})
    void aKeyThatIsNoneIsABadRequest(String event) {
        for (String key : List.of("", "k".repeat(256), "k\u0007")) {
            assertThat(status(event, headers(Map.of("idempotency-key", key)))).isEqualTo(400);
        }
    }

    @Test
    void aSenderCannotPassForWhatTheHostSays() {
        Map<Object, Object> event = event(
                "rest-api",
                headers(Map.of(
                        "Path.proxy",
                        "forged",
                        "query.tag",
                        "forged",
                        "sqs.SenderId",
                        "forged",
                        "event.source",
                        "forged")));

        invoke(event);

        assertThat(seen.get().all("path.proxy")).containsExactly("functions/headers");
        assertThat(seen.get().all("query.tag")).containsExactly("a b", "c");
        assertThat(seen.get().names()).doesNotContain("sqs.SenderId", "event.source");
    }

    @Test
    void repeatedHeadersOfAnyCaseKeepTheirValuesInOrder() {
        Map<Object, Object> event = event(
                "rest-api",
                Map.of("multiValueHeaders", Map.of("X-TENANT", List.of("acme", "other"), "accept", List.of("a", "b"))));

        invoke(event);

        assertThat(seen.get().all("x-tenant")).containsExactly("acme", "other");
        assertThat(seen.get().all("Accept")).containsExactly("a", "b");
    }

    @Test
    void absentHeadersAndNullsAmongThemAreNone() {
        Map<Object, Object> nulls = new LinkedHashMap<>();
        nulls.put("a", null);
        nulls.put("b", Arrays.asList(null, "x"));
        Map<Object, Object> event = event("rest-api", Map.of());
        event.put("multiValueHeaders", null);
        event.put("headers", null);
        event.put("queryStringParameters", null);
        event.put("multiValueQueryStringParameters", null);
        event.put("pathParameters", null);
        assertThat(statusOf(invoke(event))).isEqualTo(200);
        assertThat(seen.get().names()).isEmpty();

        event.put("multiValueHeaders", nulls);
        assertThat(statusOf(invoke(event))).isEqualTo(200);
        assertThat(seen.get().all("a")).isEmpty();
        assertThat(seen.get().all("b")).containsExactly("x");
    }

    @Test
    void aBodyThatIsNoTextIsABadRequest() {
        for (Object body : List.of(5, true, Map.of("sku", "rope"), List.of())) {
            assertThat(status("http-api", Map.of("body", body))).isEqualTo(400);
        }
    }

    @Test
    void anEmptyBodyIsNoObjectAndNoDefect() {
        for (Object body : List.of("", " ")) {
            assertThat(statusOf(Host.invoke(host.entryPoint("order", null), event("http-api", Map.of("body", body)))))
                    .isEqualTo(400);
        }
        Map<Object, Object> event = event("http-api", Map.of());
        event.put("body", null);
        assertThat(statusOf(Host.invoke(host.entryPoint("order", null), event))).isEqualTo(400);
    }

    @Test
    void aBodyAboveTheLimitIsTooLarge() {
        byte[] large = new byte[7 << 20];
        Arrays.fill(large, (byte) ' ');

        assertThat(status("http-api", Map.of("body", " ".repeat(7 << 20)))).isEqualTo(413);
        assertThat(status(
                        "http-api", Map.of("body", Base64.getEncoder().encodeToString(large), "isBase64Encoded", true)))
                .isEqualTo(413);
    }

    /// A quarter of a gigabyte in 256 KiB: members of zeros, one behind the other.
    @Test
    void aBombTakesNoMoreMemoryThanTheLargestBody() throws IOException {
        byte[] member = gzip(new byte[16 << 20]);
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int i = 0; i < 16; i++) {
            bomb.write(member);
        }
        Map<Object, Object> event = event("http-api", headers(Map.of("content-encoding", "gzip")));
        event.put("body", Base64.getEncoder().encodeToString(bomb.toByteArray()));
        event.put("isBase64Encoded", true);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = memory.getCurrentThreadAllocatedBytes();

        assertThat(statusOf(invoke(event))).isEqualTo(413);
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 20);
    }

    @Test
    void aCompressedBodyThatIsCutShortIsABadRequest() throws IOException {
        byte[] whole = gzip("{}".getBytes(StandardCharsets.UTF_8));
        Map<Object, Object> event = event("alb", headers(Map.of("content-encoding", "gzip")));
        event.put("body", Base64.getEncoder().encodeToString(Arrays.copyOf(whole, whole.length - 4)));
        event.put("isBase64Encoded", true);

        assertThat(statusOf(invoke(event))).isEqualTo(400);
    }

    /// What a chain's headers are, a response's are not: none of them can be injected.
    @ParameterizedTest
    @ValueSource(strings = {"http-api", "rest-api", "alb", "alb-multi"})
    void whatAFunctionPutsIntoTheChainIsNoHeaderOfTheResponse(String event) {
        Headers hostile = Headers.NONE
                .with("X-A", "a\r\nSet-Cookie: admin=1")
                .with("no token\r\n", "x")
                .with("Content-Type", "text/html");
        host.functions().add("inject", new Inject(hostile));

        Map<?, ?> response = (Map<?, ?>) Host.invoke(host.entryPoint("inject", null), event(event, Map.of()));

        assertThat(statusOf(response)).isEqualTo(200);
        assertThat(String.valueOf(response.get("headers")) + response.get("multiValueHeaders"))
                .contains("application/json")
                .doesNotContain("X-A", "Set-Cookie", "no token", "html");
    }

    record Inject(Headers headers) implements Function<Map<String, Object>, Chain<Map<String, Object>>> {
        @Override
        public Chain<Map<String, Object>> apply(Map<String, Object> input) {
            return new Chain.Next<>(input, headers);
        }
    }

    @Test
    void aResultThatLooksLikeAResponseIsABodyLikeAnyOther() {
        host.functions()
                .add("pretend", Map.class, Map.class, input -> Map.of("statusCode", 302, "headers", Map.of("a", "b")));

        Map<?, ?> response = (Map<?, ?>) Host.invoke(host.entryPoint("pretend", null), event("http-api", Map.of()));

        assertThat(statusOf(response)).isEqualTo(200);
        assertThat((String) response.get("body")).contains("\"statusCode\":302");
    }

    private int status(String event, Map<?, ?> changes) {
        return statusOf(invoke(event(event, changes)));
    }

    private Object invoke(Map<?, ?> event) {
        return Host.invoke(host.entryPoint("see", null), event);
    }

    private static int statusOf(Object response) {
        return (Integer) ((Map<?, ?>) response).get("statusCode");
    }

    private static Map<Object, Object> event(String name, Map<?, ?> changes) {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event(name));
        event.putAll(changes);
        return event;
    }

    /// The headers as every kind of event has them.
    private static Map<String, Object> headers(Map<String, String> headers) {
        Map<String, Object> several = new LinkedHashMap<>();
        headers.forEach((name, value) -> several.put(name, List.of(value)));
        return Map.of("headers", headers, "multiValueHeaders", several);
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
