package dev.portolan.composer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A checked definition: its functions exist and are configured, and neighbours fit. Immutable and thread-safe,
/// as far as its functions are.
///
/// @param description for people, or null
/// @param example an input to try it with, or null
/// @param steps at least one, in order
/// @param source where it was defined, for people: a file, or the pipe expression itself
/// @param definition what it was made of, in JSON, if its executions are durable; null if it runs in memory
public record Pipeline(
        String name,
        @Nullable String description,
        @Nullable Object example,
        List<Step> steps,
        String source,
        @Nullable String definition) {

    public Pipeline {
        steps = List.copyOf(steps);
    }

    /// A pipeline that runs in memory.
    public Pipeline(
            String name, @Nullable String description, @Nullable Object example, List<Step> steps, String source) {
        this(name, description, example, steps, source, null);
    }

    /// Whether its executions survive their process.
    public boolean durable() {
        return definition != null;
    }

    /// Whether a step has a timeout, so that a run needs watching.
    boolean timed() {
        for (Step step : steps) {
            if (step.timeout() != null) {
                return true;
            }
        }
        return false;
    }
}
