package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.DefinitionFolder;
import dev.portolan.testing.ContractFunctions;
import dev.portolan.testing.EntryPointContract;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract of every HTTP host, through each of Lambda's HTTP triggers.
class LambdaHttpTest {

    @Nested
    class HttpApi extends Contract {
        @Override
        Map<String, Object> event(String method, String path, String query, Map<String, List<String>> headers) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("version", "2.0");
            event.put("rawPath", path);
            event.put("rawQueryString", query);
            event.put("headers", joined(headers));
            event.put("requestContext", Map.of("stage", "$default", "http", Map.of("method", method)));
            return event;
        }
    }

    @Nested
    class RestApi extends Contract {
        @Override
        Map<String, Object> event(String method, String path, String query, Map<String, List<String>> headers) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("resource", "/{proxy+}");
            event.put("httpMethod", method);
            event.put("path", path);
            event.put("multiValueHeaders", headers);
            event.put("headers", joined(headers));
            event.put("multiValueQueryStringParameters", parameters(query, true));
            return event;
        }
    }

    @Nested
    class LoadBalancer extends Contract {
        @Override
        Map<String, Object> event(String method, String path, String query, Map<String, List<String>> headers) {
            Map<String, Object> event = new LinkedHashMap<>();
            event.put("requestContext", Map.of("elb", Map.of("targetGroupArn", "arn")));
            event.put("httpMethod", method);
            event.put("path", path);
            event.put("multiValueHeaders", headers);
            event.put("multiValueQueryStringParameters", parameters(query, false));
            return event;
        }
    }

    abstract static class Contract extends EntryPointContract {

        private final Host host = new Host();
        private LambdaEntryPoint entryPoint;

        @BeforeEach
        void start(@TempDir Path folder) throws IOException {
            ContractFunctions.writeDefinitions(folder);
            entryPoint = host.entryPoint(null, null, DefinitionFolder.read(folder));
        }

        abstract Map<String, Object> event(String method, String path, String query, Map<String, List<String>> headers);

        @Override
        protected void wakeUp() {
            host.wakeUp(entryPoint);
        }

        @Override
        protected Answer send(String method, String path, Map<String, List<String>> headers, byte[] body) {
            String[] parts = path.split("\\?", 2);
            Map<String, Object> event = event(method, parts[0], parts.length == 2 ? parts[1] : "", headers);
            event.put("body", Base64.getEncoder().encodeToString(body));
            event.put("isBase64Encoded", true);
            return answer((Map<?, ?>) Host.invoke(entryPoint, event));
        }
    }

    private static EntryPointContract.Answer answer(Map<?, ?> response) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        boolean several = response.get("multiValueHeaders") != null;
        ((Map<?, ?>) response.get(several ? "multiValueHeaders" : "headers"))
                .forEach((name, values) -> headers.put(
                        name.toString().toLowerCase(Locale.ROOT),
                        several
                                ? ((List<?>) values)
                                        .stream().map(Object::toString).toList()
                                : List.of(values.toString())));
        String body = (String) response.get("body");
        return new EntryPointContract.Answer(
                (Integer) response.get("statusCode"),
                headers,
                Boolean.TRUE.equals(response.get("isBase64Encoded"))
                        ? Base64.getDecoder().decode(body)
                        : body.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, String> joined(Map<String, List<String>> headers) {
        Map<String, String> joined = new LinkedHashMap<>();
        headers.forEach((name, values) -> joined.put(name, String.join(",", values)));
        return joined;
    }

    private static Map<String, List<String>> parameters(String query, boolean decoded) {
        Map<String, List<String>> parameters = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
            String[] parts = (pair + "=").split("=", -1);
            String value = decoded ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : parts[1];
            parameters.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(value);
        }
        return parameters;
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-api", "rest-api", "alb", "alb-multi"})
    void headersAndParametersOfTheServicesOwnEventsSurvive(String event) {
        String seen = body(Host.invoke(new Host().entryPoint(null, null), Host.event(event)));

        assertThat(seen).contains("\"x-tenant\":[\"acme\"").contains("\"query.tag\":[\"a b\"");
    }

    @Test
    void theStageIsNoPartOfThePathAndCookiesAreAHeader() {
        String seen = body(Host.invoke(new Host().entryPoint(null, null), Host.event("http-api")));

        assertThat(seen).contains("\"cookie\":[\"a=1; b=2\"]").contains("\"query.tag\":[\"a b\",\"c\"]");
    }

    @Test
    void aPipelineThatTheDeploymentNamesIsRunWhateverThePath() {
        LambdaEntryPoint entryPoint = new Host().entryPoint("order", null);

        assertThat(body(Host.invoke(entryPoint, Host.event("function-url")))).startsWith("{\"sku\":\"rope\"");
    }

    @Test
    void aBodyThatIsNotBase64ThoughTheEventSaysSoIsABadRequest() {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event("function-url"));
        event.put("isBase64Encoded", true);
        event.put("body", "not base64!");

        Map<?, ?> response = (Map<?, ?>) Host.invoke(new Host().entryPoint(null, null), event);

        assertThat(response.get("statusCode")).isEqualTo(400);
    }

    @Test
    void aQueryThatIsNotWellEncodedIsABadRequest() {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event("function-url"));
        event.put("rawQueryString", "tag=%zz");

        Map<?, ?> response = (Map<?, ?>) Host.invoke(new Host().entryPoint(null, null), event);

        assertThat(response.get("statusCode")).isEqualTo(400);
    }

    private static String body(Object response) {
        return (String) ((Map<?, ?>) response).get("body");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http-api", "rest-api", "alb"})
    void anAnswerThatIsTooLargeIsAProblemThatSaysSo(String trigger) {
        Host host = new Host();
        int most = trigger.equals("alb") ? 1_048_576 : 6_291_556;
        host.functions().add("swell", Object.class, String.class, input -> "\"".repeat(most / 2));

        Map<?, ?> answer = (Map<?, ?>) Host.invoke(host.entryPoint("swell", null), post(trigger));

        assertThat(answer.get("statusCode")).isEqualTo(501);
        assertThat(answer.get("body")).asString().contains("and Lambda or the load balancer takes " + most + ";");
    }

    private static Map<?, ?> post(String trigger) {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event(trigger));
        event.put("body", "{}");
        event.put("isBase64Encoded", false);
        return event;
    }
}
