package dev.portolan.execution;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Attempt;
import dev.portolan.execution.Records.Stored;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Moves one execution for as long as it has it: what [Protocol] says is done and stored, move by move.
///
/// One virtual thread makes the moves. Where a step does not stop, that thread makes no other move, and the
/// caller goes on in its place; no two threads are at it at once.
final class Worker implements Runner.Work<Optional<Outcome>> {

    /// The longest pause between two attempts that is waited for here.
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /// By how much a lease may be shorter than it would be now; more, and it is written again.
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Json JSON = new Json();

    private final Tools tools;
    private final Protocol protocol;
    private final @Nullable Instant deadline;
    private final StepListener listener;
    private final Instant began;

    private Stored stored;
    private Execution current;

    /// What the last step gave, and how the next one reads it; null if a step has the tree already.
    private @Nullable String text;

    private @Nullable Object tree;
    private boolean moved;
    private boolean attempting;
    private boolean stopping;
    private @Nullable Failure last;

    Worker(Tools tools, Protocol protocol, StepListener listener, Stored mine) {
        this.tools = tools;
        this.protocol = protocol;
        this.deadline = protocol.deadline();
        this.listener = listener;
        this.began = tools.clock().instant();
        this.stored = mine;
        this.current = mine.execution();
    }

    /// Moves the execution until it rests.
    ///
    /// @return empty if another worker has it now
    Optional<Outcome> work() {
        return tools.runner().within(true, deadline, this);
    }

    /// How the execution stands, as far as this worker knows.
    Execution.Status status() {
        return current.status();
    }

    @Override
    public Optional<Outcome> done(Runner.Attempts attempts) {
        while (current.lease().owner() != null) {
            if (!move(attempts)) {
                return Optional.empty();
            }
        }
        return Optional.of(Executions.outcome(current, last));
    }

    /// @return whether the execution is still this worker's, or was when it came to rest
    private boolean move(Runner.Attempts attempts) {
        Instant now = tools.clock().instant();
        Protocol.Call call = protocol.next(current);
        Step step = call.step();
        if (stopping() || !protocol.fits(step, began, now, moved)) {
            return handOn(now);
        }
        if (call.lost() != null) {
            last = call.lost();
            return store(protocol.failed(current, call.lost(), now));
        }
        if (call.first() != null && !store(call.first())) {
            return false;
        }
        int attempt = current.at().attempts() + 1;
        String takesBack = protocol.takesBack(current);
        if (takesBack != null) {
            try {
                tools.effects().takeBack(takesBack);
            } catch (Failure failure) {
                return failed(attempts, step, attempt, now, failure);
            }
        }
        return covered(step) && call(attempts, step, call.value(), attempt);
    }

    /// Sees to it that the lease covers an attempt which begins now, also after a store that took its time.
    private boolean covered(Step step) {
        Instant lease = protocol.leaseFrom(tools.clock().instant(), step);
        Instant until = current.lease().until();
        return until == null || !until.plus(SLACK).isBefore(lease) || store(current.leased(protocol.worker(), lease));
    }

    private boolean call(Runner.Attempts attempts, Step step, String value, int attempt) {
        Instant now = tools.clock().instant();
        Object taken = value.equals(text) ? tree : JSON.decode(value);
        text = null; // the tree is the step's from now on
        Event event = new Event(current.id(), taken, current.at().headers());
        attempting = true;
        listener.started(step, attempt);
        moved = true;
        Execution next;
        try {
            Chain<@Nullable Object> given = attempts.attempt(step, event, attempt, Protocol.timeout(step));
            next = given == null
                    ? protocol.passedOver(current, tools.clock().instant())
                    : after(step, given, attempt, now);
        } catch (Failure failure) {
            finished(step, attempt, failure);
            return failed(attempts, step, attempt, now, failure);
        }
        finished(step, attempt, null);
        try {
            return next.failure() == null ? commit(next) : store(next);
        } catch (Failure failure) {
            if (failure.code() != Code.INVALID) {
                throw failure;
            }
            return failed(attempts, step, attempt, now, failure.withEffect(Effect.APPLIED));
        }
    }

    private void finished(Step step, int attempt, @Nullable Failure failure) {
        attempting = false;
        listener.finished(step, attempt, failure);
    }

    private Execution after(Step step, Chain<@Nullable Object> given, int attempt, Instant began) {
        Instant now = tools.clock().instant();
        Headers headers = current.at().headers();
        Duration took = Duration.between(began, now);
        if (protocol.takesBack(current) != null) {
            return protocol.undone(current.told(new Attempt(step.name(), attempt, began, took, 0, null)), now);
        }
        if (given instanceof Chain.Next<?> next) {
            headers = headers.replacedBy(next.headers());
        }
        byte[] json = encoded(given.value(), headers);
        text = new String(json, StandardCharsets.UTF_8);
        return protocol.advanced(
                current.told(new Attempt(step.name(), attempt, began, took, json.length, null)),
                text,
                headers,
                given instanceof Chain.End,
                now);
    }

    /// What a step gave, in JSON that can be read again.
    private byte[] encoded(@Nullable Object given, Headers headers) {
        byte[] json = new Outcome.Completed(given, headers).encoded(JSON);
        try {
            tree = JSON.decode(json);
            return json;
        } catch (Failure failure) {
            throw new Failure(Code.UNKNOWN, "the step gave what cannot be read again: " + failure.detail(), failure);
        }
    }

    /// Sees what follows an attempt that failed.
    ///
    /// @param attempts null if the step did not stop: no other attempt is made beside it
    private boolean failed(Runner.@Nullable Attempts attempts, Step step, int attempt, Instant began, Failure failure) {
        Instant now = tools.clock().instant();
        Attempt told = new Attempt(step.name(), attempt, began, Duration.between(began, now), 0, failure.code());
        boolean stopped = failure.code() == Code.TIMEOUT && hostStops(now);
        int counted = stopped ? attempt - 1 : attempt;
        last = failure;
        current = protocol.failedOnce(current, failure, counted).told(told);
        if (stopped) {
            return handOn(now);
        }
        boolean repeatable = failure.retryable() && !(step.once() && failure.effect() != Effect.NONE);
        if (!repeatable || attempt >= step.retry().attempts()) {
            return store(protocol.failed(current, failure, now));
        }
        Duration pause = Protocol.pause(step, attempt, failure, tools.random());
        boolean late = deadline != null && !now.plus(pause).isBefore(deadline);
        if (attempts == null || late || pause.compareTo(LONGEST_PAUSE) > 0) {
            return rest(protocol.waiting(current, now.plus(pause)), pause);
        }
        Instant lease = protocol.leaseFrom(now.plus(pause), step);
        Instant until = current.lease().until();
        if (until != null && until.isBefore(lease) && !store(current.leased(protocol.worker(), lease))) {
            return false;
        }
        return attempts.pause(pause) || handOn(tools.clock().instant());
    }

    /// Goes on in place of the thread whose step did not stop.
    @Override
    public Optional<Outcome> abandoned(Outcome.Failed failed) {
        Instant now = tools.clock().instant();
        Step step = protocol.step(current);
        if (attempting) {
            finished(step, failed.attempt(), failed.failure());
        }
        if (hostStops(now)) {
            // The step may still be at it: its lease keeps others away for as long as the host may live.
            Instant until = current.lease().until();
            Instant due = until == null ? now : until;
            tools.wake(current.id(), Duration.between(now, due));
            if (stopping) {
                Thread.currentThread().interrupt(); // it is the caller's to hear of
            }
            return Optional.of(new Outcome.Waiting(current.id(), due));
        }
        if (!failed(null, step, failed.attempt(), now, failed.failure())) {
            return Optional.empty();
        }
        return current.lease().owner() == null ? Optional.of(Executions.outcome(current, last)) : work();
    }

    /// Whether it is the host that ends an attempt, by its deadline or by an interrupt, and not the attempt's
    /// own time.
    private boolean hostStops(Instant now) {
        return stopping() || (deadline != null && !now.isBefore(deadline));
    }

    /// Whether the host has interrupted this worker. It is remembered here: a thread that is interrupted cannot
    /// write.
    private boolean stopping() {
        stopping |= Thread.interrupted();
        return stopping;
    }

    private boolean handOn(Instant now) {
        return rest(protocol.handedOn(current, now, !stopping), Duration.ZERO);
    }

    private boolean rest(Execution next, Duration delay) {
        if (!store(next)) {
            return false;
        }
        tools.wake(current.id(), delay);
        return true;
    }

    /// Stores a move.
    ///
    /// @return false if somebody else has moved the execution: this worker has it no longer
    private boolean store(Execution next) {
        stopping();
        return kept(tools.records().write(stored, next));
    }

    /// Stores a step that is done; what it gave is what the next one takes.
    private boolean commit(Execution next) {
        stopping();
        return kept(tools.records().commit(stored, next, protocol.spare(next)));
    }

    private boolean kept(@Nullable Stored written) {
        if (written == null) {
            return false;
        }
        stored = written;
        current = written.execution();
        return true;
    }
}
