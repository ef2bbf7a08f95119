package dev.portolan.aws.lambda;

import dev.portolan.failure.Failure;
import dev.portolan.http.HttpRequest;
import dev.portolan.http.HttpResponse;
import dev.portolan.invocation.Headers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Events of HTTP as requests, and responses as each of their senders wants them.
final class HttpEvents {

    private HttpEvents() {}

    /// The request in an event.
    ///
    /// @throws Failure `INVALID` for a body that says it is base64 and is not, or a query that is not well encoded
    static HttpRequest request(Trigger trigger, Map<?, ?> event) {
        byte[] body = body(event);
        return switch (trigger) {
            case HTTP_API -> {
                Map<?, ?> context = object(event.get("requestContext"));
                Headers headers = headers(event);
                if (event.get("cookies") instanceof List<?> cookies && !cookies.isEmpty()) {
                    headers = headers.with("cookie", String.join("; ", strings(cookies)));
                }
                yield new HttpRequest(
                        string(object(context.get("http")).get("method")),
                        path(string(event.get("rawPath")), context),
                        HttpRequest.query(string(event.get("rawQueryString"))),
                        headers,
                        body);
            }
            case ALB ->
                // A load balancer hands parameters on as they came, encoded.
                new HttpRequest(
                        string(event.get("httpMethod")),
                        string(event.get("path")),
                        parameters(event, HttpRequest::decoded),
                        headers(event),
                        body);
            default ->
                new HttpRequest(
                        string(event.get("httpMethod")),
                        string(event.get("path")),
                        parameters(event, value -> value),
                        headers(event),
                        body);
        };
    }

    /// The answer to an event's sender.
    static Map<String, Object> response(Trigger trigger, Map<?, ?> event, HttpResponse response) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("statusCode", response.status());
        boolean several = trigger == Trigger.REST_API || event.containsKey("multiValueHeaders");
        Map<String, Object> headers = new LinkedHashMap<>();
        for (String name : response.headers().names()) {
            List<String> values = response.headers().all(name);
            headers.put(name, several ? values : String.join(", ", values));
        }
        answer.put(several ? "multiValueHeaders" : "headers", headers);
        boolean text = String.valueOf(response.headers().first("Content-Type")).contains("json")
                || response.body().length == 0;
        answer.put(
                "body",
                text
                        ? new String(response.body(), StandardCharsets.UTF_8)
                        : Base64.getEncoder().encodeToString(response.body()));
        answer.put("isBase64Encoded", !text);
        return answer;
    }

    private static byte[] body(Map<?, ?> event) {
        String body = string(event.get("body"));
        if (!Boolean.TRUE.equals(event.get("isBase64Encoded"))) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Code.INVALID, "the body is not base64, though the event says so");
        }
    }

    /// Outside of the default stage an HTTP API puts the stage before the path.
    private static String path(String path, Map<?, ?> context) {
        String stage = "/" + string(context.get("stage"));
        return path.startsWith(stage + "/") ? path.substring(stage.length()) : path;
    }

    private static Headers headers(Map<?, ?> event) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (event.get("multiValueHeaders") instanceof Map<?, ?> several) {
            several.forEach((name, values) -> headers.put(string(name), strings(values)));
        } else {
            object(event.get("headers")).forEach((name, value) -> headers.put(string(name), List.of(string(value))));
        }
        return Headers.of(headers);
    }

    private static Headers parameters(Map<?, ?> event, UnaryOperator<String> decode) {
        Headers query = Headers.NONE;
        Map<?, ?> several = object(event.get("multiValueQueryStringParameters"));
        Map<?, ?> single = several.isEmpty() ? object(event.get("queryStringParameters")) : several;
        for (Map.Entry<?, ?> parameter : single.entrySet()) {
            for (String value : strings(parameter.getValue())) {
                query = query.with(decode.apply(string(parameter.getKey())), decode.apply(value));
            }
        }
        return query;
    }

    private static Map<?, ?> object(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String string(@Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static List<String> strings(@Nullable Object value) {
        if (!(value instanceof List<?> list)) {
            return List.of(string(value));
        }
        List<String> strings = new ArrayList<>();
        list.forEach(element -> strings.add(string(element)));
        return strings;
    }
}
