package dev.portolan.http;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers HTTP requests by running pipelines: the same answers on every host.
///
/// `POST /pipelines/{name}` runs a definition, `POST /functions/{name}` one function. An `Idempotency-Key`
/// header names the work; without one each request is work of its own. The request's headers are the
/// invocation's, and a query parameter `x` is its header `query.x`. A result is JSON, or bytes where the last
/// step gives bytes; a failure is a problem document. A function that takes its host's event whole is called
/// for any method. Nothing is thrown. Thread-safe.
///
/// Of a durable pipeline, what goes on without its caller is answered with 202 and its `Location`; a client
/// that prefers `respond-async` (RFC 7240) is answered so at once. `GET /executions/{id}` tells how an
/// execution stands.
public final class HttpEntryPoint {

    private static final String ASYNC = "respond-async";
    private static final Headers JSON = Headers.NONE.with("Content-Type", "application/json");
    private static final Headers BYTES = Headers.NONE.with("Content-Type", "application/octet-stream");

    private final Composer composer;
    private final Executions executions;
    private final ExecutionsResource resource;
    private final Supplier<String> keys;
    private final Json json = new Json();
    private final HttpBody bodies = new HttpBody();
    private final Map<String, Pipeline> composed = new ConcurrentHashMap<>();

    /// An entry point.
    ///
    /// @param keys makes a fresh key for a request that brings none
    public HttpEntryPoint(Composer composer, Executions executions, InstantSource clock, Supplier<String> keys) {
        this.composer = composer;
        this.executions = executions;
        this.resource = new ExecutionsResource(executions, clock);
        this.keys = keys;
    }

    /// Answers a request to one of the paths above.
    ///
    /// @param deadline when the host stops, or null where it does not
    public HttpResponse answer(HttpRequest request, @Nullable Instant deadline) {
        if (ExecutionsResource.isAt(request.path())) {
            return resource.answer(request, "");
        }
        try {
            return answer(pipeline(request.path()), request, deadline);
        } catch (Failure failure) {
            return HttpResponse.of(failure);
        }
    }

    /// Answers a request to a pipeline that the deployment names, whatever the path; if it is durable, one
    /// about an execution of it too.
    ///
    /// @param deadline when the host stops, or null where it does not
    public HttpResponse answer(Pipeline pipeline, HttpRequest request, @Nullable Instant deadline) {
        if (pipeline.durable() && ExecutionsResource.isAt(request.path())) {
            return resource.answer(request, pipeline.name() + ":");
        }
        Shape input = pipeline.steps().getFirst().input();
        boolean whole = request.event() != null && input.foreign();
        if (!whole && !request.method().equals("POST")) {
            return HttpResponse.notAllowed("POST");
        }
        try {
            Object body = whole ? request.event() : bodies.value(request);
            if (body instanceof byte[] || body instanceof String) {
                refuseMedia(input, body);
            }
            List<String> named = request.headers().all("Idempotency-Key");
            if (named.size() > 1) {
                throw new Failure(Failure.Code.INVALID, "there are several Idempotency-Key headers; send one");
            }
            String key = named.isEmpty() ? keys.get() : Event.chosen(named.getFirst());
            Event event = Event.of(pipeline, key, body, headers(request));
            if (pipeline.durable() && executions.goesOn() && request.prefers(ASYNC)) {
                HttpResponse response = response(pipeline, executions.accept(pipeline, event));
                return response.status() == 202 ? response.with("Preference-Applied", ASYNC) : response;
            }
            return response(pipeline, executions.run(pipeline, event, deadline, StepListener.NONE));
        } catch (HttpBody.Refused refused) {
            return refused.response();
        } catch (Failure failure) {
            return HttpResponse.of(failure);
        }
    }

    private static void refuseMedia(Shape input, Object body) throws HttpBody.Refused {
        if (input.refusal(Shape.of(body.getClass())).isPresent()) {
            throw new HttpBody.Refused(415, "the pipeline takes " + input.noun() + "; send it as application/json");
        }
    }

    private Pipeline pipeline(String path) {
        String[] parts = path.split("/", -1);
        if (parts.length != 3 || !parts[0].isEmpty()) {
            throw unknown("the path");
        }
        String name = HttpRequest.decoded(parts[2].replace("+", "%2B"));
        List<String> known = new ArrayList<>();
        switch (parts[1]) {
            case "pipelines" -> known.addAll(composer.names());
            case "functions" -> known.addAll(composer.functionNames());
            default -> throw unknown("the path");
        }
        if (!known.contains(name)) {
            throw new Failure(
                    Failure.Code.NOT_FOUND,
                    "no " + parts[1].substring(0, parts[1].length() - 1) + " of that name" + Nearest.hint(name, known));
        }
        return parts[1].equals("pipelines")
                ? composed.computeIfAbsent("pipelines/" + name, key -> composer.compose(name))
                : composed.computeIfAbsent("functions/" + name, key -> composer.pipe(name));
    }

    private static Failure unknown(String what) {
        return new Failure(
                Failure.Code.NOT_FOUND,
                what + " is not known; POST to /pipelines/{name} or /functions/{name}, or GET /executions/{id}");
    }

    private static Headers headers(HttpRequest request) {
        Map<String, List<String>> query = new HashMap<>();
        for (String name : request.query().names()) {
            query.put("query." + name, request.query().all(name));
        }
        return request.headers().with(Headers.of(query));
    }

    private HttpResponse response(Pipeline pipeline, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed completed -> {
                try {
                    yield completed(completed);
                } catch (Failure failure) {
                    yield failed(pipeline, failure);
                }
            }
            case Outcome.Failed failed -> failed(pipeline, failed.failure());
            case Outcome.Waiting waiting -> accepted(waiting);
        };
    }

    /// The answer for an execution that goes on without its caller.
    public HttpResponse accepted(Outcome.Waiting waiting) {
        return resource.accepted(waiting);
    }

    private static HttpResponse failed(Pipeline pipeline, Failure failure) {
        if (failure.code() == Failure.Code.UNKNOWN) {
            System.getLogger("dev.portolan")
                    .log(System.Logger.Level.ERROR, "pipeline {0}: {1}", pipeline.name(), failure.detail());
        }
        return HttpResponse.of(failure);
    }

    private HttpResponse completed(Outcome.Completed completed) {
        return switch (completed.value()) {
            case null -> new HttpResponse(204, Headers.NONE, new byte[0]);
            case byte[] bytes -> new HttpResponse(200, BYTES, bytes);
            default -> new HttpResponse(200, JSON, completed.encoded(json));
        };
    }
}
