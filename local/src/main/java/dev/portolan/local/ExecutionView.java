package dev.portolan.local;

import dev.portolan.execution.Execution;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stored execution as people look at it.
///
/// @param steps the names of its pipeline's steps; empty if its definition is gone
record ExecutionView(Execution execution, List<String> steps, Instant now) {

    static ExecutionView of(Execution execution, Operations operations, Instant now) {
        try {
            return new ExecutionView(execution, operations.steps(execution), now);
        } catch (Failure gone) {
            return new ExecutionView(execution, List.of(), now);
        }
    }

    /// The step, or the undo of one, that it stands at, or that failed; null if there is none.
    @Nullable
    String step() {
        return switch (execution.status()) {
            case DONE -> null;
            case RUN, WAIT -> name(execution.at().cursor());
            case UNDO -> name(execution.undo().getLast().step()) + Invocation.UNDO;
            case FAILED -> failedStep(execution.failure());
            case STUCK -> failedStep(execution.trouble());
        };
    }

    private static @Nullable String failedStep(Execution.@Nullable Failed failed) {
        return failed == null || failed.step().isEmpty() ? null : failed.step();
    }

    /// The name of a step by its place.
    String name(int step) {
        return step < steps.size() ? steps.get(step) : "step " + (step + 1);
    }

    /// How many attempts were made, at all its steps.
    int attempts() {
        return execution.history().attempts().size() + execution.history().dropped();
    }

    /// Whether a worker has it, and its time is not over.
    boolean running() {
        Instant until = execution.lease().until();
        return execution.lease().owner() != null && until != null && now.isBefore(until);
    }

    /// Who has it, and until when.
    String owner() {
        Instant until = execution.lease().until();
        return execution.lease().owner() == null || until == null
                ? "nobody has it any more"
                : "worker " + execution.lease().owner() + " has it until " + Spoken.dayAndTime(until);
    }

    /// When it goes on, in few words.
    String due() {
        Instant until = execution.lease().until();
        if (until == null) {
            return "-";
        }
        if (running()) {
            return "running";
        }
        String late = Spoken.span(Duration.between(until, now));
        if (execution.lease().owner() != null) {
            return "lost " + late + " ago";
        }
        return now.isBefore(until) ? "in " + Spoken.span(Duration.between(now, until)) : "now";
    }
}
