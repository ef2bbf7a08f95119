package dev.portolan.execution;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Chain;
import dev.portolan.state.Codec;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs pipelines so that a crash, a timeout, a redelivery and a second worker do no harm: a snapshot of each execution
/// is stored when it begins and after every step, by compare-and-set, n + 1 writes for n steps.
///
/// The key of a step's effect is the same at every attempt, on whatever worker, so that an effect which honours it
/// happens once. A worker holds a lease that is longer than its step may take; when the lease is over another may take
/// the execution over, and the first worker's write is refused. Thread-safe.
///
/// @see <a href="https://dl.acm.org/doi/10.1145/41457.37504">Sagas</a>
public final class Executions {

    /// How long a step may take that has no timeout of its own.
    private static final Duration USUAL_TIMEOUT = Duration.ofMinutes(1);

    /// How much longer a lease is than its step: a step is abandoned a second late, and clocks differ.
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /// After so many claims without a step committed an execution is given up.
    private static final int MOST_CLAIMS = 10;

    /// For how long the result of a finished execution answers its key.
    private static final Duration KEPT = Duration.ofDays(30);

    private static final String PREFIX = "execution:";

    private final StateStore store;
    private final Codec json;
    private final ExecutionRecord records;
    private final Runner runner;
    private final InstantSource clock;
    private final RandomGenerator random;

    /// Executions in a store that stays the caller's to close.
    public Executions(StateStore store, Codec json, Runner runner, InstantSource clock, RandomGenerator random) {
        this.store = store;
        this.json = json;
        this.records = new ExecutionRecord(json);
        this.runner = runner;
        this.clock = clock;
        this.random = random;
    }

    /// Runs an execution from where it stands: from its start, or from after the last committed step. Every failure is
    /// in the outcome: `KEY_REUSED` if the id was started with another input; `CONFLICT` with `retryAfter` while
    /// another worker is at it; a retryable failure leaves the execution to be run again, any other ends it.
    ///
    /// @param deadline when the host stops, or null where it does not
    public Outcome run(Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener listener) {
        try {
            return new Worker(pipeline, event, deadline, listener).run();
        } catch (Failure failure) {
            return new Outcome.Failed(failure, "", 0);
        }
    }

    /// One worker at one execution.
    private final class Worker {
        private final Pipeline pipeline;
        private final Event event;
        private final @Nullable Instant deadline;
        private final StepListener listener;
        private final String key;
        private final String name = Event.freshKey(random);

        Worker(Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener listener) {
            this.pipeline = pipeline;
            this.event = event;
            this.deadline = deadline;
            this.listener = listener;
            this.key = PREFIX + event.id();
        }

        Outcome run() {
            String input = hash(json.encode(event.body()));
            while (true) {
                Optional<Entry> there = store.find(key);
                if (there.isEmpty()) {
                    Instant now = clock.instant();
                    Execution fresh = Execution.claimed(
                            event.id(), input, event.body(), event.headers(), name, now, leaseFor(0, now));
                    Entry mine = written(null, fresh);
                    if (mine != null) {
                        return steps(mine, fresh);
                    }
                    continue;
                }
                Execution execution = records.read(event.id(), there.get().value());
                if (!execution.input().equals(input)) {
                    throw new Failure(
                            Code.KEY_REUSED, "the key was used with another input; other work needs a key of its own");
                }
                if (execution.status() != Status.RUN) {
                    return finished(execution);
                }
                Instant now = clock.instant();
                if (now.isBefore(execution.leaseUntil())) {
                    throw busy(Duration.between(now, execution.leaseUntil()));
                }
                Execution taken = execution.takenOver(name, leaseFor(execution.cursor(), now));
                if (taken.claims() > MOST_CLAIMS) {
                    return failed(
                            there.get(),
                            taken,
                            new Failed(
                                    Code.UNKNOWN,
                                    "taken over " + MOST_CLAIMS + " times without a step committed",
                                    step(taken).name(),
                                    0));
                }
                Entry mine = written(there.get(), taken);
                if (mine != null) {
                    return steps(mine, taken);
                }
            }
        }

        private Outcome steps(Entry entry, Execution execution) {
            Entry held = entry;
            Execution current = execution;
            while (current.status() == Status.RUN) {
                AtomicBoolean ended = new AtomicBoolean();
                Outcome outcome = attempted(current, ended);
                if (outcome instanceof Outcome.Failed failed) {
                    return stopped(held, current, failed);
                }
                Outcome.Completed completed = (Outcome.Completed) outcome;
                boolean last =
                        ended.get() || current.cursor() + 1 == pipeline.steps().size();
                Instant now = clock.instant();
                Execution next = current.advanced(
                        json.decode(completed.encoded(json)),
                        completed.headers(),
                        last,
                        last ? now : leaseFor(current.cursor() + 1, now));
                Entry written;
                try {
                    written = written(held, next);
                } catch (Failure failure) {
                    return stopped(
                            held,
                            current,
                            new Outcome.Failed(failure, step(current).name(), 1));
                }
                if (written == null) {
                    throw busy(Duration.ofSeconds(1));
                }
                held = written;
                current = next;
            }
            return finished(current);
        }

        private Outcome attempted(Execution execution, AtomicBoolean ended) {
            Step step = step(execution);
            Step watched = new Step(
                    step.name(),
                    step.input(),
                    step.output(),
                    value -> {
                        Object given = step.body().apply(value);
                        ended.set(given instanceof Chain.End);
                        return given;
                    },
                    step.retry(),
                    timeout(step),
                    step.merge());
            Pipeline alone = new Pipeline(pipeline.name(), null, null, List.of(watched), pipeline.source());
            return runner.run(alone, new Event(event.id(), execution.value(), execution.headers()), deadline, listener);
        }

        /// What may succeed later is left to whoever comes next; the rest is the execution's end.
        private Outcome stopped(Entry held, Execution current, Outcome.Failed failed) {
            Failure failure = failed.failure();
            if (failure.retryable()) {
                written(held, current.released(clock.instant()));
                return failed;
            }
            return failed(held, current, new Failed(failure.code(), failure.detail(), failed.step(), failed.attempt()));
        }

        private Outcome failed(Entry held, Execution current, Failed failure) {
            Execution end = current.failed(failure);
            if (written(held, end) == null) {
                throw busy(Duration.ofSeconds(1));
            }
            return finished(end);
        }

        private Outcome finished(Execution execution) {
            Failed failure = execution.failure();
            return failure == null
                    ? new Outcome.Completed(execution.value(), execution.headers())
                    : new Outcome.Failed(
                            new Failure(failure.code(), failure.detail()), failure.step(), failure.attempt());
        }

        private Step step(Execution execution) {
            return pipeline.steps().get(execution.cursor());
        }

        /// Until when a step that begins now may keep others away: always after its own end and its host's.
        private Instant leaseFor(int cursor, Instant now) {
            Instant until = now.plus(timeout(pipeline.steps().get(cursor)));
            boolean cutOff = deadline != null && deadline.isBefore(until) && deadline.isAfter(now);
            return (cutOff && deadline != null ? deadline : until).plus(MARGIN);
        }

        /// Writes an execution in place of what was read, or first.
        ///
        /// @return the entry as stored, or null if another worker was faster
        /// @throws Failure `INVALID` for a value that the store cannot hold
        private @Nullable Entry written(@Nullable Entry before, Execution execution) {
            byte[] bytes = records.written(execution);
            if (bytes.length > store.valueLimit()) {
                throw new Failure(
                        Code.INVALID,
                        "the execution takes " + bytes.length + " bytes, and the store " + store.valueLimit()
                                + "; keep large values in an object store and pass their names");
            }
            boolean over = execution.status() != Status.RUN;
            Indexes indexes = over ? Indexes.NONE : Indexes.due(execution.leaseUntil());
            Instant expiresAt = over ? clock.instant().plus(KEPT) : null;
            try {
                return before == null
                        ? store.create(key, bytes, indexes, expiresAt)
                        : store.replace(before, bytes, indexes, expiresAt);
            } catch (Failure failure) {
                boolean doubtful = failure.code() == Code.CONFLICT || failure.effect() == Failure.Effect.UNKNOWN;
                Entry now = doubtful ? store.find(key).orElse(null) : null;
                if (now != null && Arrays.equals(now.value(), bytes)) {
                    return now; // the answer was lost, and not the write
                }
                if (failure.code() == Code.CONFLICT) {
                    return null;
                }
                throw failure;
            }
        }
    }

    private static Duration timeout(Step step) {
        return step.timeout() == null ? USUAL_TIMEOUT : step.timeout();
    }

    private static Failure busy(Duration wait) {
        return new Failure(Code.CONFLICT, "another worker is at this execution; come back later")
                .withRetryAfter(wait.isNegative() ? Duration.ZERO : wait);
    }

    private static String hash(byte[] input) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
