package dev.portolan.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Done;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Position;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The rules by which an execution moves: pure functions of what is stored, of the time and of what a step did.
/// What they answer is stored by compare-and-set, or nothing has happened.
///
/// @param worker names whoever moves it; no two have one name
/// @param deadline when the worker's host stops, or null where it does not
/// @see <a href="https://dl.acm.org/doi/10.1145/38713.38742">Garcia-Molina and Salem, Sagas</a>
record Protocol(Pipeline pipeline, String worker, @Nullable Instant deadline) {

    /// How long a step may take that has no timeout of its own.
    static final Duration USUAL_TIMEOUT = Duration.ofMinutes(1);

    /// How much longer a lease is than its step: a step is abandoned a second late, and clocks differ.
    static final Duration MARGIN = Duration.ofSeconds(5);

    /// The longest pause, whatever a failure asks for.
    private static final Duration LONGEST_PAUSE = Duration.ofDays(1);

    /// After so many claims without a step behind them an execution is taken up no more.
    static final int MOST_CLAIMS = 10;

    /// What to do with an execution that somebody has begun.
    sealed interface Claim {
        /// Store this, and it is the worker's.
        record Take(Execution next) implements Claim {}

        /// Another worker has it, for so long at most.
        record Busy(Duration left) implements Claim {}

        /// It goes on at its time.
        record Wait(Instant due) implements Claim {}

        /// It is over, or nobody asked for it again.
        record Rest() implements Claim {}
    }

    /// What the worker that has an execution does next.
    ///
    /// @param step the step, or the undo of one, to attempt
    /// @param value what it takes
    /// @param first what to store before; null for nothing
    /// @param lost why it is not attempted after all; null if it is
    record Call(
            Step step,
            String value,
            @Nullable Execution first,
            @Nullable Failure lost) {}

    /// A new execution, which its maker has.
    Execution fresh(Execution accepted, Instant now) {
        return accepted.leased(worker, leaseFrom(now, pipeline.steps().getFirst()));
    }

    /// Whether an execution can be had now.
    ///
    /// @param asked whether its work came again, and not only its time
    Claim claim(Execution there, Instant now, boolean asked) {
        boolean stuck = there.status() == Status.STUCK;
        if (there.over() || (stuck && (!asked || there.at().claims() >= MOST_CLAIMS))) {
            return new Claim.Rest();
        }
        Instant until = there.lease().until();
        if (until != null && now.isBefore(until)) {
            return there.lease().owner() == null ? new Claim.Wait(until) : new Claim.Busy(Duration.between(now, until));
        }
        return new Claim.Take(taken(there, now));
    }

    /// The same in this worker's hands, whoever has it: a worker that was lost may have been within its step.
    private Execution taken(Execution there, Instant now) {
        boolean lost = there.lease().owner() != null;
        boolean stuck = there.status() == Status.STUCK;
        Position at = there.at().doubtful(lost).claimed(there.at().claims() + (lost || stuck ? 1 : 0));
        Execution mine = there.in(back(there) ? Status.UNDO : Status.RUN).because(there.failure(), null);
        if (at.claims() > MOST_CLAIMS) {
            Failure lastOne = new Failure(Code.UNKNOWN, "taken up " + MOST_CLAIMS + " times without a step behind it");
            return failed(mine.at(at), lastOne, now);
        }
        return mine.at(stuck ? at.tried(0) : at).leased(worker, leaseFrom(now, step(mine)));
    }

    static boolean back(Execution execution) {
        return execution.failure() != null;
    }

    /// What the worker that has an execution does next.
    Call next(Execution mine) {
        Step step = step(mine);
        if (back(mine)) {
            return new Call(step, mine.undo().getLast().value(), null, null);
        }
        if (!step.once()) {
            return new Call(step, mine.at().value(), null, null);
        }
        if (mine.at().begun()) {
            Failure lost = new Failure(
                    Code.UNKNOWN,
                    "a worker was lost within step '" + step.name()
                            + "', which is called once; see whether it took effect");
            return new Call(step, mine.at().value(), null, lost);
        }
        return new Call(step, mine.at().value(), mine.at(mine.at().begun(true)), null);
    }

    /// The step, or the undo of one, that is next.
    Step step(Execution mine) {
        List<Step> steps = pipeline.steps();
        return back(mine)
                ? Objects.requireNonNull(steps.get(mine.undo().getLast().step()).undo())
                : steps.get(mine.at().cursor());
    }

    /// The key of the effect that is taken back next, or null if none is.
    @Nullable
    String takesBack(Execution mine) {
        return back(mine)
                ? mine.id() + "/"
                        + pipeline.steps().get(mine.undo().getLast().step()).name()
                : null;
    }

    /// How many bytes more an execution may take if its next step fails: its value again, to undo the step
    /// with.
    int spare(Execution next) {
        boolean undoable =
                !next.over() && pipeline.steps().get(next.at().cursor()).undo() != null;
        return undoable ? next.at().value().getBytes(UTF_8).length : 0;
    }

    /// The same with its step behind it.
    ///
    /// @param ended whether the step ended the chain
    Execution advanced(Execution mine, String given, Headers headers, boolean ended, Instant now) {
        int cursor = mine.at().cursor() + 1;
        boolean last = ended || cursor == pipeline.steps().size();
        Execution next = mine.at(Position.before(cursor, given, headers));
        if (step(mine).undo() != null) {
            next = next.undoing(with(mine.undo(), new Done(cursor - 1, given)));
        }
        return last
                ? next.in(Status.DONE).leased(null, null)
                : next.leased(worker, leaseFrom(now, pipeline.steps().get(cursor)));
    }

    /// The same with its step passed over. It is stored as any other: if a worker is lost within the next step,
    /// it must be known that it was that step.
    Execution passedOver(Execution mine, Instant now) {
        Position at = mine.at();
        int cursor = at.cursor() + 1;
        // If a worker was lost when the condition held, its effect is there all the same.
        Execution next = mine.undoing(toUndo(mine)).at(Position.before(cursor, at.value(), at.headers()));
        return cursor == pipeline.steps().size()
                ? next.in(Status.DONE).leased(null, null)
                : next.leased(worker, leaseFrom(now, pipeline.steps().get(cursor)));
    }

    /// The same with its last effect taken back.
    Execution undone(Execution mine, Instant now) {
        List<Done> rest = mine.undo().subList(0, mine.undo().size() - 1);
        Execution next = mine.undoing(rest).at(mine.at().tried(0).claimed(0));
        return rest.isEmpty()
                ? next.in(Status.FAILED).leased(null, null)
                : next.leased(worker, leaseFrom(now, step(next)));
    }

    /// The same after an attempt that failed. What is known to have left nothing may be called again.
    Execution failedOnce(Execution mine, Failure failure, int attempt) {
        boolean effect = failure.effect() != Effect.NONE;
        Position at = mine.at().tried(attempt);
        return mine.at(back(mine) ? at : at.doubtful(effect).begun(at.begun() && effect));
    }

    /// The same after its last attempt: it goes back if there is anything to take back, rests if it may go on
    /// later, and has failed otherwise.
    Execution failed(Execution mine, Failure failure, Instant now) {
        Step step = step(mine);
        Failed reason = Failed.of(failure, step.name(), mine.at().attempts());
        if (back(mine)) {
            return mine.in(Status.STUCK).because(mine.failure(), reason).leased(null, null);
        }
        List<Done> undo = toUndo(mine);
        if (undo.isEmpty() && failure.retryable()) {
            return mine.in(Status.STUCK).because(null, reason).leased(null, null);
        }
        return back(mine.undoing(undo), reason, now);
    }

    /// What is to be taken back if it goes no further: what is done, and what may be.
    List<Done> toUndo(Execution mine) {
        Position at = mine.at();
        boolean within = at.doubt() && at.cursor() < pipeline.steps().size();
        return within && pipeline.steps().get(at.cursor()).undo() != null
                ? with(mine.undo(), new Done(at.cursor(), at.value()))
                : mine.undo();
    }

    /// The same on its way back, or failed where nothing is to be taken back.
    Execution back(Execution mine, Failed reason, Instant now) {
        Execution next = mine.because(reason, null).at(mine.at().tried(0).claimed(0));
        return mine.undo().isEmpty()
                ? next.in(Status.FAILED).leased(null, null)
                : next.in(Status.UNDO).leased(worker, leaseFrom(now, step(next)));
    }

    /// The same in nobody's hands until another attempt's time has come.
    Execution waiting(Execution mine, Instant due) {
        return mine.in(back(mine) ? Status.UNDO : Status.WAIT).leased(null, due);
    }

    /// The same in nobody's hands, for another worker to take up now.
    ///
    /// @param late whether the worker's time was too short, which counts as a claim: a step that fits into no
    ///     worker's time is not begun for ever
    Execution handedOn(Execution mine, Instant now, boolean late) {
        return mine.at(mine.at().claimed(mine.at().claims() + (late ? 1 : 0))).leased(null, now);
    }

    /// Whether an execution can have come from this pipeline at all.
    boolean knows(Execution there) {
        int steps = pipeline.steps().size();
        for (Done done : there.undo()) {
            if (done.step() < 0
                    || done.step() >= steps
                    || pipeline.steps().get(done.step()).undo() == null) {
                return false;
            }
        }
        return switch (there.status()) {
            case DONE -> true;
            case FAILED -> back(there);
            case RUN, WAIT -> !back(there) && there.at().cursor() < steps;
            case UNDO -> back(there) && !there.undo().isEmpty();
            case STUCK ->
                there.trouble() != null
                        && (back(there) ? !there.undo().isEmpty() : there.at().cursor() < steps);
        };
    }

    private static List<Done> with(List<Done> undo, Done more) {
        List<Done> all = new ArrayList<>(undo);
        all.add(more);
        return all;
    }

    /// How long to wait after an attempt that failed: what the step's retry says, and no less than the failure
    /// asks for.
    static Duration pause(Step step, int attempt, Failure failure, RandomGenerator random) {
        Duration asked = failure.retryAfter() == null ? Duration.ZERO : failure.retryAfter();
        Duration jittered = step.retry().pause(attempt, random);
        Duration pause = jittered.compareTo(asked) < 0 ? asked : jittered;
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    /// Whether a step can be begun now: in the time left it would end, or at least it has a fair share of the
    /// time that there was. The first of all is always begun while there is time.
    ///
    /// @param began when the worker did
    /// @param moved whether it has begun a step before
    boolean fits(Step step, Instant began, Instant now, boolean moved) {
        if (deadline == null) {
            return true;
        }
        Duration left = Duration.between(now, deadline);
        Duration share = Duration.between(began, deadline).dividedBy(4);
        Duration needed = timeout(step);
        return left.isPositive() && (!moved || left.compareTo(needed.compareTo(share) < 0 ? needed : share) >= 0);
    }

    static Duration timeout(Step step) {
        return step.timeout() == null ? USUAL_TIMEOUT : step.timeout();
    }

    /// Until when an attempt that begins now may keep others away: always after its own end and its host's.
    Instant leaseFrom(Instant now, Step step) {
        Instant until = now.plus(timeout(step));
        boolean cutOff = deadline != null && deadline.isBefore(until) && deadline.isAfter(now);
        return (cutOff && deadline != null ? deadline : until).plus(MARGIN);
    }
}
