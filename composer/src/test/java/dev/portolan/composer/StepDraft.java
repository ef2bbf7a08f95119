package dev.portolan.composer;

import dev.portolan.failure.Retry;
import dev.portolan.json.Shape;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A step for tests of the runner: any value in and out, one attempt, no limit, unless a test says otherwise.
record StepDraft(Step step) {

    static StepDraft of(String name, Function<@Nullable Object, @Nullable Object> body) {
        Shape anything = Shape.of(Object.class);
        return new StepDraft(new Step(name, anything, anything, body, Retry.NONE, null, false));
    }

    static Pipeline pipeline(StepDraft... drafts) {
        List<Step> steps = Stream.of(drafts).map(StepDraft::step).toList();
        return new Pipeline("test", null, null, steps, "test");
    }

    StepDraft retrying(Retry retry) {
        return new StepDraft(
                new Step(step.name(), step.input(), step.output(), step.body(), retry, step.timeout(), step.merge()));
    }

    StepDraft within(@Nullable Duration timeout) {
        return new StepDraft(
                new Step(step.name(), step.input(), step.output(), step.body(), step.retry(), timeout, step.merge()));
    }

    StepDraft merging() {
        return new StepDraft(
                new Step(step.name(), step.input(), step.output(), step.body(), step.retry(), step.timeout(), true));
    }

    StepDraft taking(Class<?> type) {
        return new StepDraft(new Step(
                step.name(), Shape.of(type), step.output(), step.body(), step.retry(), step.timeout(), step.merge()));
    }

    StepDraft giving(Class<?> type) {
        return new StepDraft(new Step(
                step.name(), step.input(), Shape.of(type), step.body(), step.retry(), step.timeout(), step.merge()));
    }
}
