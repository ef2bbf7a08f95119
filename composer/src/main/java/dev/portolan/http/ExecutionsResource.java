package dev.portolan.http;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Problem;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Attempt;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How executions stand, each at `/executions/{id}`.
final class ExecutionsResource {

    private static final String PATH = "/executions/";

    /// When to ask again while a worker is at it, which may be done at any time.
    private static final Duration SOON = Duration.ofSeconds(1);

    /// Results are nobody's to keep on the way.
    private static final Headers STATE =
            Headers.NONE.with("Content-Type", "application/json").with("Cache-Control", "no-store");

    private final Executions executions;
    private final InstantSource clock;
    private final Json json = new Json();

    ExecutionsResource(Executions executions, InstantSource clock) {
        this.executions = executions;
        this.clock = clock;
    }

    static boolean isAt(String path) {
        return path.startsWith(PATH);
    }

    /// Answers a request to a path that [#isAt] knows.
    ///
    /// @param prefix what the ids begin with that may be asked about; others are as if they were not there
    HttpResponse answer(HttpRequest request, String prefix) {
        if (!request.method().equals("GET")) {
            return HttpResponse.notAllowed("GET");
        }
        try {
            String path = request.path().substring(PATH.length());
            Execution execution = find(decoded(path), prefix)
                    // HTTP APIs of AWS hand paths on decoded.
                    .or(() -> path.contains("%") ? find(path, prefix) : Optional.empty())
                    .orElseThrow(() -> new Failure(
                            Failure.Code.NOT_FOUND,
                            "there is no such execution; the Location of a 202 has its id, percent-encoded"));
            Duration pause = pause(execution);
            HttpResponse response = new HttpResponse(200, STATE, json.encode(state(execution)));
            return pause == null ? response : response.with("Retry-After", HttpResponse.seconds(pause));
        } catch (Failure failure) {
            return HttpResponse.of(failure);
        }
    }

    private static String decoded(String path) {
        try {
            return HttpRequest.decoded(path.replace("+", "%2B"));
        } catch (Failure notEncoded) {
            return path;
        }
    }

    private Optional<Execution> find(String id, String prefix) {
        try {
            return id.startsWith(prefix) && id.indexOf(':') > 0 ? executions.find(id) : Optional.empty();
        } catch (Failure failure) {
            if (failure.code() == Failure.Code.INVALID) {
                return Optional.empty(); // longer than any id is
            }
            throw failure;
        }
    }

    /// The answer for an execution that goes on without its caller.
    HttpResponse accepted(Outcome.Waiting waiting) {
        Instant now = clock.instant();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("id", waiting.id());
        body.put("status", (waiting.due().isAfter(now) ? Status.WAIT : Status.RUN).name());
        body.put("due", waiting.due().toString());
        String id = URLEncoder.encode(waiting.id(), StandardCharsets.UTF_8).replace("+", "%20");
        return new HttpResponse(202, STATE, json.encode(body))
                .with("Location", PATH + id)
                .with("Retry-After", HttpResponse.seconds(until(waiting.due())));
    }

    private Map<String, @Nullable Object> state(Execution execution) {
        Map<String, @Nullable Object> state = new LinkedHashMap<>();
        state.put("id", execution.id());
        state.put("pipeline", execution.pipeline());
        state.put("status", execution.status().name());
        state.put("started", execution.origin().started().toString());
        List<Attempt> attempts = execution.history().attempts();
        if (!attempts.isEmpty()) {
            Attempt last = attempts.getLast();
            state.put("updated", last.began().plus(last.took()).toString());
        }
        Instant due = execution.lease().until();
        if (due != null && execution.lease().owner() == null) {
            state.put("due", due.toString());
        }
        state.put("steps", steps(attempts));
        Failed reason = execution.reason();
        if (execution.status() == Status.DONE) {
            state.put("result", json.decode(execution.at().value()));
        } else if (reason != null && (execution.over() || execution.status() == Status.STUCK)) {
            state.put("problem", Problem.of(reason.failure()).body());
        }
        return state;
    }

    /// The steps that were tried, in their order: how often, and why the last attempt failed if it did.
    private static List<Map<String, Object>> steps(List<Attempt> attempts) {
        Map<String, Integer> tried = new HashMap<>();
        Map<String, Attempt> last = new LinkedHashMap<>();
        for (Attempt attempt : attempts) {
            tried.merge(attempt.step(), 1, Integer::sum);
            last.put(attempt.step(), attempt);
        }
        List<Map<String, Object>> steps = new ArrayList<>();
        last.forEach((name, attempt) -> {
            Map<String, Object> step = new LinkedHashMap<>();
            step.put("name", name);
            step.put("attempts", tried.getOrDefault(name, 0));
            if (attempt.code() != null) {
                step.put("code", attempt.code().name());
            }
            steps.add(step);
        });
        return steps;
    }

    /// When to ask again; null if nothing will change by itself.
    private @Nullable Duration pause(Execution execution) {
        Instant due = execution.lease().until();
        if (due == null) {
            return null;
        }
        return execution.lease().owner() == null ? until(due) : SOON;
    }

    private Duration until(Instant due) {
        Duration left = Duration.between(clock.instant(), due);
        return left.compareTo(SOON) < 0 ? SOON : left;
    }
}
