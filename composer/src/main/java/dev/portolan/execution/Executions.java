package dev.portolan.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Records.Stored;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.json.Json;
import dev.portolan.state.Effects;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Runs pipelines: in memory, or where their definition says `durable: true` so that a crash, a timeout, a
/// redelivery and a second worker do no harm. A snapshot of each durable execution is stored when it begins and
/// after every step, by compare-and-set, n + 1 writes for n steps.
///
/// The key of a step's effect is the same at every attempt, on whatever worker, so that an effect which honours
/// it happens once. A worker holds a lease that is longer than its step may take; when the lease is over
/// another may take the execution over, and the first worker's write is refused. An execution keeps to the
/// definition that it began with. Of the headers that come with it, those that
/// look like credentials by their names are not stored, and no step sees them; all its steps see one well-formed
/// `traceparent`, which is made where none came.
/// Thread-safe.
public final class Executions {

    private static final Json JSON = new Json();

    private final StateStore store;
    private final Definitions definitions;
    private final Tools tools;

    /// Executions that nobody observes.
    public Executions(
            StateStore store,
            Composer composer,
            Runner runner,
            Continuation continuation,
            InstantSource clock,
            RandomGenerator random) {
        this(store, composer, runner, continuation, clock, random, Observer.NONE);
    }

    /// Executions in a store that stays the caller's to close.
    ///
    /// @param composer makes the pipelines of stored definitions
    /// @param runner runs what is not durable, and makes the attempts at steps of what is
    /// @param observer hears of every run
    public Executions(
            StateStore store,
            Composer composer,
            Runner runner,
            Continuation continuation,
            InstantSource clock,
            RandomGenerator random,
            Observer observer) {
        this.store = store;
        this.definitions = new Definitions(store, composer);
        this.tools = new Tools(
                new Records(store, clock), runner, new Effects(store, clock), continuation, clock, random, observer);
    }

    /// Runs a pipeline. A durable one goes on from where its execution stands: from its start, or from after
    /// the last step that is stored. Every failure is in the outcome; nothing is thrown.
    ///
    /// Of a durable one: `KEY_REUSED` if the id was started with another input; `CONFLICT` with `retryAfter`
    /// while another worker is at it; the stored result or failure once it is over; [Outcome.Waiting] if it
    /// goes on by itself. A failure that is retryable means that the same event may come again; with
    /// [Continuation#NOBODY] an execution that waits is one.
    ///
    /// @param deadline when the host stops, or null where it does not
    public Outcome run(Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener listener) {
        if (!pipeline.durable()) {
            return tools.observer().equals(Observer.NONE)
                    ? tools.runner().run(pipeline, event, deadline, listener)
                    : Observed.run(tools, pipeline, event, deadline, listener);
        }
        try {
            Execution accepted = accepted(pipeline, event);
            while (true) {
                Stored there = tools.records().find(event.id());
                Optional<Outcome> outcome;
                if (there == null) {
                    Protocol protocol = new Protocol(pipeline, name(), deadline);
                    Execution fresh = protocol.fresh(accepted, tools.clock().instant());
                    Stored mine = tools.records().commit(null, fresh, protocol.spare(fresh));
                    outcome = mine == null ? Optional.empty() : Observed.work(tools, protocol, listener, mine);
                } else {
                    refuseOther(there, accepted);
                    outcome = takeUp(there, true, deadline, listener);
                }
                if (outcome.isPresent()) {
                    return told(outcome.get());
                }
            }
        } catch (Failure failure) {
            tools.observer().refused(pipeline, event.id(), failure);
            return new Outcome.Failed(failure, "", 0);
        }
    }

    /// Stores a durable execution as due now, and leaves it to whoever is woken. One that is stuck is due again,
    /// ten times at most; any other that is there already stays as it is. Nothing is thrown.
    ///
    /// @return [Outcome.Waiting], or what it came to if it goes no further
    public Outcome accept(Pipeline pipeline, Event event) {
        try {
            Execution accepted = accepted(pipeline, event);
            while (true) {
                Stored there = tools.records().find(event.id());
                Execution next = accepted;
                if (there != null) {
                    refuseOther(there, accepted);
                    if (!comesAgain(there.execution())) {
                        return outcome(there.execution(), null);
                    }
                    next = again(there.execution());
                }
                Stored stored = there == null
                        ? tools.records().commit(null, next, new Protocol(pipeline, "", null).spare(next))
                        : tools.records().write(there, next);
                if (stored != null) {
                    tools.wake(event.id(), Duration.ZERO);
                    return outcome(next, null);
                }
            }
        } catch (Failure failure) {
            tools.observer().refused(pipeline, event.id(), failure);
            return new Outcome.Failed(failure, "", 0);
        }
    }

    /// Runs an execution on, if its time has come: what a wake-up and the sweep do. Nothing is thrown.
    ///
    /// @param deadline when the host stops, or null where it does not
    /// @return as [#run]; `NOT_FOUND` if there is no such execution
    public Outcome resume(String id, @Nullable Instant deadline, StepListener listener) {
        try {
            while (true) {
                Optional<Outcome> outcome = takeUp(stored(id), false, deadline, listener);
                if (outcome.isPresent()) {
                    return told(outcome.get());
                }
            }
        } catch (Failure failure) {
            return new Outcome.Failed(failure, "", 0);
        }
    }

    /// Whether what waits goes on by itself, so that work can be left to it.
    public boolean goesOn() {
        return tools.continuation().goesOn();
    }

    /// An execution as it stands.
    public Optional<Execution> find(String id) {
        Stored there = tools.records().find(id);
        return there == null ? Optional.empty() : Optional.of(there.execution());
    }

    /// What people and schedules do with executions.
    public Operations operations() {
        return new Operations(store, definitions, tools, this);
    }

    Stored stored(String id) {
        Stored there = tools.records().find(id);
        if (there == null) {
            throw new Failure(
                    Code.NOT_FOUND, "no execution '" + id + "'; 'portolan execution list' shows those there are");
        }
        return there;
    }

    private Execution accepted(Pipeline pipeline, Event event) {
        byte[] input = JSON.encode(event.body());
        JSON.decode(input); // what cannot be read again is refused before it is stored
        return Execution.accepted(
                event.id(),
                definitions.pinned(pipeline),
                Definitions.hash(JSON.encode(Json.sorted(event.body()))),
                new String(input, UTF_8),
                TraceParent.kept(Credentials.removed(event.headers()), tools.random()),
                tools.clock().instant());
    }

    private static boolean comesAgain(Execution there) {
        return there.status() == Status.STUCK && there.at().claims() < Protocol.MOST_CLAIMS;
    }

    /// What is stuck, due now, since its work came again.
    private Execution again(Execution there) {
        Protocol protocol = definitions.protocol(there, "", null);
        Execution again = new Intervention(protocol, tools.clock().instant()).hastened(there);
        return again.at(again.at().claimed(there.at().claims() + 1));
    }

    private static void refuseOther(Stored there, Execution accepted) {
        Execution.Origin origin = there.execution().origin();
        // Format 1 took the hash of the input as it was written.
        String hash = origin.definition() == null
                ? Definitions.hash(accepted.origin().input().getBytes(UTF_8))
                : accepted.origin().hash();
        if (!origin.hash().equals(hash)) {
            throw new Failure(
                    Code.KEY_REUSED, "the key was used with another input; other work needs a key of its own");
        }
    }

    /// Goes on with an execution that somebody has begun.
    ///
    /// @return empty if somebody else was faster
    private Optional<Outcome> takeUp(Stored there, boolean asked, @Nullable Instant deadline, StepListener listener) {
        Execution execution = there.execution();
        if (execution.over()) {
            return Optional.of(outcome(execution, null));
        }
        Protocol protocol = definitions.protocol(execution, name(), deadline);
        Protocol.Claim claim = protocol.claim(execution, tools.clock().instant(), asked);
        if (claim instanceof Protocol.Claim.Take take) {
            Stored mine = tools.records().write(there, take.next());
            return mine == null ? Optional.empty() : Observed.work(tools, protocol, listener, mine);
        }
        if (claim instanceof Protocol.Claim.Busy busy) {
            throw new Failure(Code.CONFLICT, "another worker is at this execution; come back later")
                    .withRetryAfter(busy.left());
        }
        if (claim instanceof Protocol.Claim.Wait wait && !asked) {
            // The wake-up came too early, and may have been the only one.
            tools.wake(execution.id(), Duration.between(tools.clock().instant(), wait.due()));
        }
        return Optional.of(outcome(execution, null));
    }

    /// What an execution that nobody is at tells its caller.
    ///
    /// @param last why it got stuck just now; null if that was earlier
    static Outcome outcome(Execution execution, @Nullable Failure last) {
        if (execution.status() == Status.DONE) {
            return new Outcome.Completed(
                    JSON.decode(execution.at().value()), execution.at().headers());
        }
        Instant due = execution.lease().until();
        if (due != null) {
            return new Outcome.Waiting(execution.id(), due);
        }
        Failed failed = Objects.requireNonNull(execution.reason());
        Failure failure = last != null && execution.status() == Status.STUCK ? last : failed.failure();
        return new Outcome.Failed(failure, failed.step(), failed.attempt());
    }

    /// Who counts on it that what waits goes on must not be told so where it does not.
    private Outcome told(Outcome outcome) {
        if (goesOn() || !(outcome instanceof Outcome.Waiting waiting)) {
            return outcome;
        }
        Duration left = Duration.between(tools.clock().instant(), waiting.due());
        Failure failure = new Failure(Code.UNAVAILABLE, "the execution goes on when its work comes again")
                .withRetryAfter(left.isNegative() ? Duration.ZERO : left);
        return new Outcome.Failed(failure, "", 0);
    }

    private String name() {
        return Event.freshKey(tools.random());
    }
}
