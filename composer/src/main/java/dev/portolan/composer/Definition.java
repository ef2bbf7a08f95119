package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a file or a pipe expression says of a pipeline, read but not yet checked against the functions there are.
///
/// @param source the file, or the pipe expression itself
/// @param place where the definition begins, such as `config/pipelines/welcome.yaml:1`
record Definition(
        String name,
        @Nullable String description,
        @Nullable Object example,
        List<StepDefinition> steps,
        String source,
        String place) {

    /// Reads a pipe expression: `validate|enrich|notify`.
    ///
    /// @throws Failure `INVALID` if a name is missing between two bars
    static Definition pipe(String expression) {
        List<StepDefinition> steps = new ArrayList<>();
        for (String part : expression.split("\\|", -1)) {
            String function = part.strip();
            String place = "step " + (steps.size() + 1) + " of '" + expression + "'";
            if (function.isEmpty()) {
                throw Failure.invalid(place, "a function's name is missing");
            }
            steps.add(new StepDefinition(function, Map.of(), Retry.NONE, null, false, within -> place));
        }
        return new Definition(expression, null, null, steps, expression, "'" + expression + "'");
    }

    /// Whether it is a pipe expression, which has no name of its own.
    boolean isPipe() {
        return name.equals(source);
    }

    /// One step of it.
    ///
    /// @param with what the function is configured with
    /// @param places where each part of the step stands, by its JSON Pointer within the step
    record StepDefinition(
            String function,
            Map<String, @Nullable Object> with,
            Retry retry,
            @Nullable Duration timeout,
            boolean merge,
            Places places) {}

    /// Finds the place in a source of what a JSON Pointer names.
    @FunctionalInterface
    interface Places {

        /// The place, or that of the nearest enclosing part which has one.
        String of(String pointer);
    }
}
