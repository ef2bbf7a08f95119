package dev.portolan.execution;

import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.state.Codec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stored form of an execution, JSON of format 1. What a later format adds, this one passes over.
final class ExecutionRecord {

    private static final int FORMAT = 1;

    private final Codec json;

    ExecutionRecord(Codec json) {
        this.json = json;
    }

    byte[] written(Execution execution) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("format", FORMAT);
        tree.put("status", execution.status().name());
        tree.put("input", execution.input());
        tree.put("cursor", execution.cursor());
        tree.put("value", execution.value());
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (String name : execution.headers().names()) {
            headers.put(name, execution.headers().all(name));
        }
        tree.put("headers", headers);
        tree.put("owner", execution.owner());
        tree.put("leaseUntil", execution.leaseUntil().toEpochMilli());
        tree.put("claims", execution.claims());
        tree.put("started", execution.started().toEpochMilli());
        Failed failure = execution.failure();
        if (failure != null) {
            tree.put(
                    "failure",
                    Map.of(
                            "code", failure.code().name(),
                            "detail", failure.detail(),
                            "step", failure.step(),
                            "attempt", failure.attempt()));
        }
        return json.encode(tree);
    }

    /// Reads a record.
    ///
    /// @throws Failure `FAILED_PRECONDITION` if it is none that this version reads; nothing is run for it then
    Execution read(String id, byte[] bytes) {
        try {
            Map<?, ?> tree = (Map<?, ?>) json.decode(bytes);
            if (tree == null || number(tree, "format") > FORMAT) {
                throw unreadable(null);
            }
            return new Execution(
                    id,
                    Status.valueOf(text(tree, "status")),
                    text(tree, "input"),
                    (int) number(tree, "cursor"),
                    tree.get("value"),
                    headers((Map<?, ?>) tree.get("headers")),
                    text(tree, "owner"),
                    Instant.ofEpochMilli(number(tree, "leaseUntil")),
                    (int) number(tree, "claims"),
                    Instant.ofEpochMilli(number(tree, "started")),
                    failure((Map<?, ?>) tree.get("failure")));
        } catch (ClassCastException | IllegalArgumentException | NullPointerException e) {
            throw unreadable(e);
        }
    }

    private static @Nullable Failed failure(@Nullable Map<?, ?> tree) {
        return tree == null
                ? null
                : new Failed(Failure.Code.valueOf(text(tree, "code")), text(tree, "detail"), text(tree, "step"), (int)
                        number(tree, "attempt"));
    }

    private static Headers headers(@Nullable Map<?, ?> tree) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        if (tree != null) {
            tree.forEach((name, values) -> headers.put(
                    (String) name,
                    ((List<?>) values).stream().map(String.class::cast).toList()));
        }
        return Headers.of(headers);
    }

    private static String text(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException(name);
    }

    private static long number(Map<?, ?> tree, String name) {
        if (tree.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new IllegalArgumentException(name);
    }

    private static Failure unreadable(@Nullable Throwable cause) {
        return new Failure(
                Failure.Code.FAILED_PRECONDITION,
                "the record of the execution is torn, or of a newer version; run that version, or delete the record",
                cause);
    }
}
