package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a file or a pipe expression says of a pipeline, read but not yet checked against the functions there
/// are.
///
/// @param durable whether its executions survive their process
/// @param source the file, or the pipe expression itself
/// @param place where the definition begins, such as `config/pipelines/welcome.yaml:1`
record Definition(
        String name,
        @Nullable String description,
        @Nullable Object example,
        boolean durable,
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
            steps.add(StepDefinition.plain(function, within -> place, ""));
        }
        return new Definition(expression, null, null, false, steps, expression, "'" + expression + "'");
    }

    /// The names of the steps: the functions', with `#2` behind one that comes a second time.
    List<String> stepNames() {
        List<String> names = new ArrayList<>();
        Map<String, Integer> times = new HashMap<>();
        for (StepDefinition step : steps) {
            int nth = times.merge(step.function(), 1, Integer::sum);
            names.add(nth == 1 ? step.function() : step.function() + "#" + nth);
        }
        return names;
    }

    /// One step of it.
    ///
    /// @param with what the function is configured with
    /// @param condition names the function that says whether the step runs; null for always
    /// @param undo names the function that takes the step's effect back, or null
    /// @param once whether a call whose end nobody knows is never repeated
    /// @param pointer to the step's own part of the source
    record StepDefinition(
            String function,
            Map<String, @Nullable Object> with,
            Retry retry,
            @Nullable Duration timeout,
            boolean merge,
            @Nullable String condition,
            @Nullable String undo,
            boolean once,
            Places places,
            String pointer) {

        /// A step without options.
        static StepDefinition plain(String function, Places places, String pointer) {
            return new StepDefinition(function, Map.of(), Retry.NONE, null, false, null, null, false, places, pointer);
        }

        /// Where a part of the step stands.
        ///
        /// @param within points to it within the step; empty for the step itself
        String place(String within) {
            return places.place(pointer + within);
        }
    }

    /// Finds the place in a source of what a JSON Pointer names.
    @FunctionalInterface
    interface Places {

        /// The place, or that of the nearest enclosing part which has one.
        String place(String pointer);
    }
}
