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

/// Events of HTTP as requests, and responses as each of their senders wants them.
final class HttpEvents {

    private HttpEvents() {}

    /// The request in an event. A path parameter `id` is the header `path.id`.
    ///
    /// @param trace what the invocation is traced by, where the request does not say
    /// @throws Failure `INVALID` for a body that is no text, or says it is base64 and is not; a query that is
    ///     not well encoded; a header with a line break
    static HttpRequest request(Trigger trigger, Map<?, ?> event, Headers trace) {
        boolean api = trigger == Trigger.HTTP_API;
        Map<?, ?> context = Work.map(event.get("requestContext"));
        return new HttpRequest(
                Work.text(api ? Work.map(context.get("http")).get("method") : event.get("httpMethod")),
                api ? path(Work.text(event.get("rawPath")), context) : Work.text(event.get("path")),
                api
                        ? HttpRequest.query(Work.text(event.get("rawQueryString")))
                        : parameters(event, trigger == Trigger.ALB),
                trace.replacedBy(headers(event)),
                body(event),
                event);
    }

    /// The answer to an event's sender.
    static Map<String, Object> response(Trigger trigger, Map<?, ?> event, HttpResponse response) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("statusCode", response.status());
        boolean several = trigger == Trigger.REST_API || event.get("multiValueHeaders") instanceof Map<?, ?>;
        Map<String, Object> headers = new LinkedHashMap<>();
        for (String name : response.headers().names()) {
            List<String> values = name.equalsIgnoreCase("Location")
                    ? List.of(base(trigger, event) + response.headers().first(name))
                    : response.headers().all(name);
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
        Object sent = event.get("body");
        if (sent != null && !(sent instanceof String)) {
            throw new Failure(Failure.Code.INVALID, "the event's body is no text");
        }
        String body = Work.text(sent);
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
        String stage = "/" + Work.text(context.get("stage"));
        return path.startsWith(stage + "/") ? path.substring(stage.length()) : path;
    }

    /// What clients put before a path, and it has here no longer: the stage.
    private static String base(Trigger trigger, Map<?, ?> event) {
        Map<?, ?> context = Work.map(event.get("requestContext"));
        boolean api = trigger == Trigger.HTTP_API;
        String sent = Work.text(api ? event.get("rawPath") : context.get("path"));
        String path = api ? path(sent, context) : Work.text(event.get("path"));
        return sent.endsWith(path) ? sent.substring(0, sent.length() - path.length()) : "";
    }

    private static Headers headers(Map<?, ?> event) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        Object several = event.get("multiValueHeaders");
        for (Map.Entry<?, ?> header : Work.map(several instanceof Map ? several : event.get("headers"))
                .entrySet()) {
            String name = safe(Work.texts(header.getKey())).getFirst();
            if (!HttpRequest.reserved(name)) {
                headers.put(name, safe(Work.texts(header.getValue())));
            }
        }
        if (event.get("cookies") instanceof List<?> cookies && !cookies.isEmpty()) {
            headers.put("cookie", List.of(String.join("; ", safe(Work.texts(cookies)))));
        }
        for (Map.Entry<?, ?> part : Work.map(event.get("pathParameters")).entrySet()) {
            headers.put("path." + Work.text(part.getKey()), Work.texts(part.getValue()));
        }
        return Headers.of(headers);
    }

    /// Gateways refuse line breaks. Who invokes the function past them may not smuggle any into what it passes
    /// on.
    private static List<String> safe(List<String> header) {
        for (String line : header) {
            if (line.indexOf('\r') >= 0 || line.indexOf('\n') >= 0 || line.indexOf('\0') >= 0) {
                throw new Failure(Failure.Code.INVALID, "a header has a line break in it");
            }
        }
        return header;
    }

    /// @param encoded whether they are as they came, as a load balancer hands them on
    private static Headers parameters(Map<?, ?> event, boolean encoded) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        Map<?, ?> several = Work.map(event.get("multiValueQueryStringParameters"));
        Map<?, ?> single = several.isEmpty() ? Work.map(event.get("queryStringParameters")) : several;
        for (Map.Entry<?, ?> parameter : single.entrySet()) {
            String name = Work.text(parameter.getKey());
            List<String> values =
                    query.computeIfAbsent(encoded ? HttpRequest.decoded(name) : name, key -> new ArrayList<>());
            for (String value : Work.texts(parameter.getValue())) {
                values.add(encoded ? HttpRequest.decoded(value) : value);
            }
        }
        return Headers.of(query);
    }
}
