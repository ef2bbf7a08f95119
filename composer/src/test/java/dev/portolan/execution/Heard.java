package dev.portolan.execution;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// An observer that writes down what it hears, in short words.
final class Heard implements Observer {

    final List<String> words = new CopyOnWriteArrayList<>();
    final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    final List<Headers> headers = new CopyOnWriteArrayList<>();
    final List<Instant> starts = new CopyOnWriteArrayList<>();

    @Override
    public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
        words.add("begun " + id + " of " + pipeline.name());
        this.headers.add(headers);
        starts.add(started);
        return new Run() {
            @Override
            public void started(Step step, int attempt) {
                words.add(step.name() + " " + attempt);
            }

            @Override
            public void finished(Step step, int attempt, @Nullable Failure failure) {
                words.add(step.name() + " " + attempt + " " + (failure == null ? "done" : failure.code()));
            }

            @Override
            public void ended(Outcome outcome, Status status) {
                words.add("ended " + status);
                outcomes.add(outcome);
            }
        };
    }
}
