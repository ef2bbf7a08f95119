package dev.portolan.execution;

import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Done;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Lease;
import dev.portolan.execution.Execution.Position;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rules by which people step in: pure functions, as those of [Protocol]. Each answers the execution in
/// nobody's hands, due now unless nothing is left to do, and throws a `FAILED_PRECONDITION` where it makes no
/// sense.
record Intervention(Protocol protocol, Instant now) {

    /// The same for whoever is first. A step that is called once is not called again: that is for a retry.
    Execution hastened(Execution there) {
        refuseOver(there);
        if (there.status() == Status.STUCK) {
            Execution again = retried(there, null);
            return again.at(again.at().begun(there.at().begun()));
        }
        Lease lease = there.lease();
        if (lease.owner() != null && lease.until() != null && now.isBefore(lease.until())) {
            throw new Failure(Code.CONFLICT, "a worker is at it; it will come to rest by itself")
                    .withRetryAfter(Duration.between(now, lease.until()));
        }
        return there.leased(lease.owner(), now); // that its worker was lost must not be forgotten
    }

    /// The same on its way back, whoever is at it.
    Execution cancelled(Execution there) {
        refuseOver(there);
        if (Protocol.back(there)) {
            throw new Failure(Code.FAILED_PRECONDITION, "it is on its way back already");
        }
        Lease lease = there.lease();
        Execution mine = there.at(there.at().doubtful(lease.owner() != null));
        List<Done> undo = protocol.toUndo(mine);
        // No undo runs beside its step: a worker that is at it may go on until its lease is over.
        boolean beside = undo.size() > there.undo().size() && lease.owner() != null;
        Instant until = beside ? lease.until() : null;
        return back(mine.undoing(undo), "it was cancelled", until != null && now.isBefore(until) ? until : now);
    }

    /// The same on its way back after it was completed.
    Execution undone(Execution there) {
        if (there.status() != Status.DONE) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "it is " + there.status() + ", not DONE; cancel takes back what is not over");
        }
        if (there.undo().isEmpty()) {
            throw new Failure(Code.FAILED_PRECONDITION, "none of its steps has an undo; nothing can be taken back");
        }
        return back(there, "it was undone", now);
    }

    private Execution back(Execution there, String why, Instant due) {
        Failed reason = new Failed(Code.FAILED_PRECONDITION, why + " on request", List.of(), "", 0);
        Execution next = there.because(reason, null).at(there.at().tried(0).claimed(0));
        return there.undo().isEmpty()
                ? next.in(Status.FAILED).leased(null, null)
                : next.in(Status.UNDO).leased(null, due);
    }

    /// The same before the step that failed, or before an earlier one. A step that is called once is called
    /// again.
    ///
    /// @param from the earlier step; null for the one that failed
    Execution retried(Execution there, @Nullable String from) {
        if (there.status() == Status.STUCK && Protocol.back(there)) {
            return there.in(Status.UNDO)
                    .because(there.failure(), null)
                    .at(there.at().tried(0).claimed(0))
                    .leased(null, now);
        }
        if (there.status() != Status.STUCK && there.status() != Status.FAILED) {
            throw new Failure(
                    Code.FAILED_PRECONDITION, "it is " + there.status() + "; what FAILED or is STUCK is tried again");
        }
        List<Execution.Attempt> told = there.history().attempts();
        boolean undone = !told.isEmpty() && told.getLast().step().endsWith(Invocation.UNDO);
        if (undone || there.at().cursor() == protocol.pipeline().steps().size()) {
            throw new Failure(Code.FAILED_PRECONDITION, "it was taken back; run its input again under another key");
        }
        List<Step> steps = protocol.pipeline().steps();
        String failed = steps.get(there.at().cursor()).name();
        Position at = from == null || from.equals(failed)
                ? there.at().tried(0).claimed(0).begun(false)
                : before(from, there, failed);
        return there.in(Status.RUN).because(null, null).at(at).leased(null, now);
    }

    /// The place before a step that is behind an execution, if it is still known what the step took.
    private Position before(String from, Execution there, String failed) {
        List<Step> steps = protocol.pipeline().steps();
        int step = 0;
        while (step < there.at().cursor() && !steps.get(step).name().equals(from)) {
            step++;
        }
        boolean kept = there.origin().definition() != null; // format 1 had no place for the input
        String value = step == 0 && kept ? there.origin().input() : null;
        boolean undoable = false;
        for (Done done : there.undo()) {
            value = done.step() == step - 1 ? done.value() : value;
            undoable |= done.step() >= step;
        }
        if (step == there.at().cursor() || value == null || undoable) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "it cannot go on from '" + from + "': "
                            + (undoable
                                    ? "what was done since has to be undone first; cancel does"
                                    : "what that takes is not kept; '" + failed + "' and '"
                                            + steps.getFirst().name() + "' are known"));
        }
        return Position.before(step, value, there.at().headers());
    }

    private static void refuseOver(Execution there) {
        if (there.over()) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    there.status() == Status.DONE
                            ? "it is over, DONE; undo takes back what it did"
                            : "it is over, FAILED; retry lets it run again");
        }
    }
}
