package dev.portolan.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.execution.Execution.Attempt;
import dev.portolan.execution.Execution.Done;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.History;
import dev.portolan.execution.Execution.Lease;
import dev.portolan.execution.Execution.Origin;
import dev.portolan.execution.Execution.Position;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stored form of an execution, one JSON object. Instants are milliseconds since 1970.
///
/// Format 1 had neither definition, undo nor history, and `leaseUntil` for what is `until` now. What a later
/// format adds, this one passes over, unless it has a number of its own: then it is left to a worker that knows
/// it.
final class ExecutionRecord {

    static final int FORMAT = 2;

    /// The levels around a value: the record, the list of undos, the undo.
    private static final int AROUND = 3;

    private static final Json JSON = new Json();

    private ExecutionRecord() {}

    static byte[] written(Execution execution) {
        Position at = execution.at();
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("status", execution.status().name());
        tree.put("definition", execution.origin().definition());
        tree.put("hash", execution.origin().hash());
        tree.put("started", execution.origin().started().toEpochMilli());
        tree.put("cursor", at.cursor());
        tree.put("headers", headers(at.headers()));
        if (at.attempts() > 0) {
            tree.put("attempts", at.attempts());
        }
        if (at.begun()) {
            tree.put("begun", true);
        }
        if (at.doubt()) {
            tree.put("doubt", true);
        }
        if (at.claims() > 0) {
            tree.put("claims", at.claims());
        }
        Instant until = execution.lease().until();
        tree.put("owner", execution.lease().owner());
        tree.put("until", until == null ? null : until.toEpochMilli());
        if (execution.failure() != null) {
            tree.put("failure", failed(execution.failure()));
        }
        if (execution.trouble() != null) {
            tree.put("trouble", failed(execution.trouble()));
        }
        tree.put("history", history(execution.history()));
        if (execution.history().dropped() > 0) {
            tree.put("dropped", execution.history().dropped());
        }
        byte[] head = JSON.encode(tree);
        StringBuilder text = new StringBuilder(head.length + at.value().length() + 64);
        text.append(new String(head, 0, head.length - 1, UTF_8));
        text.append(",\"value\":").append(at.value());
        if (at.cursor() > 0) {
            text.append(",\"input\":").append(execution.origin().input());
        }
        String before = ",\"undo\":[";
        for (Done done : execution.undo()) {
            text.append(before).append("{\"step\":").append(done.step());
            text.append(",\"value\":").append(done.value()).append('}');
            before = ",";
        }
        return text.append(execution.undo().isEmpty() ? "}" : "]}").toString().getBytes(UTF_8);
    }

    private static Map<String, List<String>> headers(Headers headers) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (String name : headers.names()) {
            all.put(name, headers.all(name));
        }
        return all;
    }

    private static Map<String, Object> failed(Failed failed) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("code", failed.code().name());
        tree.put("detail", failed.detail());
        tree.put("step", failed.step());
        tree.put("attempt", failed.attempt());
        List<List<String>> violations = new ArrayList<>();
        for (Violation violation : failed.violations()) {
            violations.add(List.of(violation.place(), violation.reason()));
        }
        if (!violations.isEmpty()) {
            tree.put("violations", violations);
        }
        return tree;
    }

    private static List<List<Object>> history(History history) {
        List<List<Object>> all = new ArrayList<>(history.attempts().size());
        for (Attempt attempt : history.attempts()) {
            List<Object> line = new ArrayList<>(6);
            line.add(attempt.step());
            line.add(attempt.attempt());
            line.add(attempt.began().toEpochMilli());
            line.add(attempt.took().toMillis());
            line.add(attempt.size());
            if (attempt.code() != null) {
                line.add(attempt.code().name());
            }
            all.add(line);
        }
        return all;
    }

    /// Reads a record.
    ///
    /// @throws Failure `UNAVAILABLE` if it is of a later format: a worker of a later version will take it;
    ///     `FAILED_PRECONDITION` if it is torn. Nothing is run for it then.
    static Execution read(String id, byte[] bytes) {
        Map<?, ?> tree;
        try {
            tree = (Map<?, ?>) JSON.decode(bytes, AROUND);
        } catch (Failure | ClassCastException e) {
            throw torn(id, e);
        }
        if (tree == null || !(tree.get("format") instanceof Integer format)) {
            throw torn(id, null);
        }
        if (format > FORMAT) {
            throw new Failure(
                            Failure.Code.UNAVAILABLE,
                            "execution " + id + " was written by a later version; a worker of that version takes it up")
                    .withRetryAfter(Duration.ofSeconds(30));
        }
        try {
            return execution(id, tree, format);
        } catch (ClassCastException | IllegalArgumentException | NullPointerException | IndexOutOfBoundsException e) {
            throw torn(id, e);
        }
    }

    private static Execution execution(String id, Map<?, ?> tree, int format) {
        String value = json(tree.get("value"));
        Status status = Status.valueOf(text(tree, "status"));
        boolean first = format == 1;
        boolean over = first && status != Status.RUN;
        Long until = (Long) number(tree, first ? "leaseUntil" : "until");
        Position at = new Position(
                (int) required(tree, "cursor"),
                value,
                headers(tree.get("headers")),
                (int) optional(tree, "attempts"),
                Boolean.TRUE.equals(tree.get("begun")),
                Boolean.TRUE.equals(tree.get("doubt")),
                (int) optional(tree, "claims"));
        Failed failure = failed((Map<?, ?>) tree.get("failure"));
        Failed trouble = failed((Map<?, ?>) tree.get("trouble"));
        boolean untold = (status == Status.FAILED && failure == null) || (status == Status.STUCK && trouble == null);
        if (at.cursor() < 0 || untold) {
            throw new IllegalArgumentException("cursor, failure or trouble");
        }
        return new Execution(
                id,
                new Origin(
                        (String) tree.get("definition"),
                        text(tree, first ? "input" : "hash"),
                        first || !tree.containsKey("input") ? value : json(tree.get("input")),
                        Instant.ofEpochMilli(required(tree, "started"))),
                status,
                at,
                undo((List<?>) tree.get("undo")),
                over || until == null
                        ? new Lease(null, null)
                        : new Lease((String) tree.get("owner"), Instant.ofEpochMilli(until)),
                failure,
                trouble,
                history((List<?>) tree.get("history"), (int) optional(tree, "dropped")));
    }

    private static String json(@Nullable Object value) {
        return new String(JSON.encode(value), UTF_8);
    }

    private static List<Done> undo(@Nullable List<?> list) {
        List<Done> all = new ArrayList<>();
        for (Object element : list == null ? List.of() : list) {
            Map<?, ?> done = (Map<?, ?>) element;
            all.add(new Done((int) required(done, "step"), json(done.get("value"))));
        }
        return all;
    }

    private static @Nullable Failed failed(@Nullable Map<?, ?> tree) {
        if (tree == null) {
            return null;
        }
        List<Violation> violations = new ArrayList<>();
        for (Object violation : tree.get("violations") instanceof List<?> several ? several : List.of()) {
            List<?> pair = (List<?>) violation;
            violations.add(new Violation((String) pair.get(0), (String) pair.get(1)));
        }
        return new Failed(
                Failure.Code.valueOf(text(tree, "code")), text(tree, "detail"), violations, text(tree, "step"), (int)
                        required(tree, "attempt"));
    }

    private static History history(@Nullable List<?> list, int dropped) {
        List<Attempt> all = new ArrayList<>();
        for (Object element : list == null ? List.of() : list) {
            List<?> line = (List<?>) element;
            all.add(new Attempt(
                    (String) line.get(0),
                    ((Number) line.get(1)).intValue(),
                    Instant.ofEpochMilli(((Number) line.get(2)).longValue()),
                    Duration.ofMillis(((Number) line.get(3)).longValue()),
                    ((Number) line.get(4)).intValue(),
                    line.size() > 5 ? Failure.Code.valueOf((String) line.get(5)) : null));
        }
        return new History(all, dropped);
    }

    private static Headers headers(@Nullable Object tree) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (Map.Entry<?, ?> header : ((Map<?, ?>) (tree == null ? Map.of() : tree)).entrySet()) {
            List<String> values = new ArrayList<>();
            for (Object value : (List<?>) header.getValue()) {
                values.add((String) value);
            }
            headers.put((String) header.getKey(), values);
        }
        return Headers.of(headers);
    }

    private static String text(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name);
    }

    private static @Nullable Number number(Map<?, ?> tree, String name) {
        return tree.get(name) instanceof Number number ? (Number) number.longValue() : null;
    }

    private static long optional(Map<?, ?> tree, String name) {
        Number number = number(tree, name);
        return number == null ? 0 : number.longValue();
    }

    private static long required(Map<?, ?> tree, String name) {
        Number number = number(tree, name);
        if (number == null) {
            throw new IllegalArgumentException(name);
        }
        return number.longValue();
    }

    static Failure torn(String id, @Nullable Throwable cause) {
        return new Failure(
                Failure.Code.FAILED_PRECONDITION,
                "the record of execution " + id + " is torn; nothing was run for it. Restore it, or delete it",
                cause);
    }
}
