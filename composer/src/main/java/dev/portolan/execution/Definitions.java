package dev.portolan.execution;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The definitions that executions keep to, stored under their hashes and never changed.
final class Definitions {

    /// Lists them, and so the pipelines that there are executions of.
    static final String GROUP = "definitions";

    private static final String PREFIX = "definition:";

    private final StateStore store;
    private final Composer composer;
    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private final Map<String, Pipeline> pipelines = new ConcurrentHashMap<>();
    private final Map<String, List<String>> names = new ConcurrentHashMap<>();

    Definitions(StateStore store, Composer composer) {
        this.store = store;
        this.composer = composer;
    }

    /// The hash of a durable pipeline's definition, which is stored from now on. What this process stored
    /// before costs no other call.
    String pinned(Pipeline pipeline) {
        String definition = Objects.requireNonNull(pipeline.definition());
        String known = hashes.get(definition);
        if (known != null) {
            return known;
        }
        byte[] bytes = definition.getBytes(StandardCharsets.UTF_8);
        String hash = hash(bytes);
        if (store.find(PREFIX + hash).isEmpty()) {
            try {
                store.create(PREFIX + hash, bytes, Indexes.group(GROUP, Instant.EPOCH), null);
            } catch (Failure failure) {
                if (failure.code() != Code.CONFLICT) {
                    throw failure;
                }
            }
        }
        pipelines.put(hash, pipeline);
        hashes.put(definition, hash);
        return hash;
    }

    /// The rules of an execution.
    ///
    /// @throws Failure as [#of]; `FAILED_PRECONDITION` if its record is torn
    Protocol protocol(Execution execution, String worker, @Nullable Instant deadline) {
        Protocol protocol = new Protocol(of(execution), worker, deadline);
        if (!protocol.knows(execution)) {
            throw ExecutionRecord.torn(execution.id(), null);
        }
        return protocol;
    }

    /// The pipeline of an execution, as it was defined when the execution began.
    ///
    /// @throws Failure `UNAVAILABLE` if this worker lacks a function of it: another one may have it
    private Pipeline of(Execution execution) {
        String hash = execution.origin().definition();
        try {
            if (hash == null) {
                return composer.compose(execution.pipeline());
            }
            Pipeline known = pipelines.get(hash);
            if (known == null) {
                known = composer.recompose(text(hash));
                pipelines.put(hash, known);
            }
            return known;
        } catch (Failure failure) {
            if (failure.retryable()) {
                throw failure;
            }
            throw new Failure(
                            Code.UNAVAILABLE,
                            "this worker cannot run execution " + execution.id() + ": " + failure.detail()
                                    + "; a worker that can takes it up",
                            failure)
                    .withRetryAfter(Duration.ofSeconds(30));
        }
    }

    /// The names of the steps of an execution's pipeline, whether or not this worker could run them.
    List<String> steps(Execution execution) {
        String hash = execution.origin().definition();
        return hash == null
                ? of(execution).steps().stream().map(Step::name).toList()
                : names.computeIfAbsent(hash, pinned -> Composer.stepNames(text(pinned)));
    }

    private String text(String hash) {
        Entry entry = store.find(PREFIX + hash).orElse(null);
        if (entry == null || !hash(entry.value()).equals(hash)) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "definition " + hash + (entry == null ? " is gone from the store" : " is not what was stored")
                            + "; restore it");
        }
        return new String(entry.value(), StandardCharsets.UTF_8);
    }

    static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
