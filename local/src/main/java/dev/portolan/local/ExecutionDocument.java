package dev.portolan.local;

import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Attempt;
import dev.portolan.execution.Execution.Done;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An execution as a JSON document, for programs. Values may be secret: they are in it on request only, and so
/// are those of headers.
final class ExecutionDocument {

    private final ExecutionView view;
    private final boolean values;
    private final Json json = new Json();

    ExecutionDocument(ExecutionView view, boolean values) {
        this.view = view;
        this.values = values;
    }

    /// Its members.
    Map<String, @Nullable Object> members() {
        Execution execution = view.execution();
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", execution.id());
        all.put("pipeline", execution.pipeline());
        all.put("status", execution.status().name());
        all.put("step", view.step());
        all.put("started", execution.origin().started().toString());
        all.put("definition", execution.origin().definition());
        all.put("steps", view.steps());
        all.put("input", value(execution.origin().input()));
        all.put("cursor", execution.at().cursor());
        all.put("value", value(execution.at().value()));
        all.put("headers", headers());
        all.put("doubt", execution.at().doubt());
        all.put("claims", execution.at().claims());
        all.put("owner", execution.lease().owner());
        all.put(
                "until",
                execution.lease().until() == null
                        ? null
                        : execution.lease().until().toString());
        all.put("failure", failed(execution.failure()));
        all.put("trouble", failed(execution.trouble()));
        List<Map<String, @Nullable Object>> undo = new ArrayList<>();
        for (Done done : execution.undo()) {
            Map<String, @Nullable Object> one = new LinkedHashMap<>();
            one.put("step", view.name(done.step()));
            one.putAll(value(done.value()));
            undo.add(one);
        }
        all.put("undo", undo);
        all.put(
                "history",
                execution.history().attempts().stream()
                        .map(ExecutionDocument::attempt)
                        .toList());
        all.put("dropped", execution.history().dropped());
        return all;
    }

    private Map<String, @Nullable Object> value(String text) {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("bytes", text.getBytes(StandardCharsets.UTF_8).length);
        if (values) {
            value.put("value", json.decode(text));
        }
        return value;
    }

    private Object headers() {
        Headers headers = view.execution().at().headers();
        if (!values) {
            return List.copyOf(headers.names());
        }
        Map<String, Object> all = new LinkedHashMap<>();
        headers.names().forEach(name -> all.put(name, headers.all(name)));
        return all;
    }

    private static @Nullable Map<String, @Nullable Object> failed(@Nullable Failed failed) {
        if (failed == null) {
            return null;
        }
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("code", failed.code().name());
        all.put("detail", failed.detail());
        all.put("step", failed.step().isEmpty() ? null : failed.step());
        all.put("attempt", failed.attempt());
        return all;
    }

    private static Map<String, @Nullable Object> attempt(Attempt attempt) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("step", attempt.step());
        all.put("attempt", attempt.attempt());
        all.put("began", attempt.began().toString());
        all.put("millis", attempt.took().toMillis());
        all.put("bytes", attempt.size());
        all.put("code", attempt.code() == null ? null : attempt.code().name());
        return all;
    }
}
