package dev.portolan.execution;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Records.Stored;
import dev.portolan.failure.Failure;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Runs that an observer hears of, together with whoever asked for them.
record Observed(StepListener observer, StepListener caller) implements StepListener {

    /// Runs a pipeline in memory.
    static Outcome run(Tools tools, Pipeline pipeline, Event event, @Nullable Instant deadline, StepListener caller) {
        Observer.Run run = tools.observer()
                .begun(pipeline, event.id(), event.headers(), tools.clock().instant());
        try {
            Outcome outcome = tools.runner().run(pipeline, event, deadline, new Observed(run, caller));
            run.ended(outcome, outcome instanceof Outcome.Failed ? Status.FAILED : Status.DONE);
            return outcome;
        } catch (RuntimeException | Error e) {
            run.ended(failed(e), Status.FAILED);
            throw e;
        }
    }

    /// Lets a worker move an execution that is its own.
    ///
    /// @return empty if another worker has it now
    static Optional<Outcome> work(Tools tools, Protocol protocol, StepListener caller, Stored mine) {
        if (tools.observer().equals(Observer.NONE)) {
            return new Worker(tools, protocol, caller, mine).work();
        }
        Execution execution = mine.execution();
        Observer.Run run = tools.observer()
                .begun(
                        protocol.pipeline(),
                        execution.id(),
                        execution.at().headers(),
                        execution.origin().started());
        Worker worker = new Worker(tools, protocol, new Observed(run, caller), mine);
        try {
            Optional<Outcome> outcome = worker.work();
            if (outcome.isPresent()) {
                run.ended(outcome.get(), worker.status());
            } else {
                run.ended(new Outcome.Waiting(execution.id(), tools.clock().instant()), Status.RUN);
            }
            return outcome;
        } catch (Failure failure) {
            Outcome outcome = failed(failure);
            run.ended(outcome, Status.RUN);
            return Optional.of(outcome);
        } catch (RuntimeException | Error e) {
            run.ended(failed(e), Status.RUN);
            throw e;
        }
    }

    private static Outcome failed(Throwable thrown) {
        Failure failure = thrown instanceof Failure known
                ? known
                : new Failure(Failure.Code.UNKNOWN, "the worker threw " + Failure.describe(thrown));
        return new Outcome.Failed(failure, "", 0);
    }

    @Override
    public void started(Step step, int attempt) {
        caller.started(step, attempt);
        observer.started(step, attempt);
    }

    @Override
    public void finished(Step step, int attempt, @Nullable Failure failure) {
        observer.finished(step, attempt, failure);
        caller.finished(step, attempt, failure);
    }
}
