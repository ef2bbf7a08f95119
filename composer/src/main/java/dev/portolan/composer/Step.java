package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Shape;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One function's place in a pipeline.
///
/// @param name unique in the pipeline: the function's, with `#2` behind it when it comes a second time
/// @param input what the function takes
/// @param output what the step gives: the function's output, or an object when it is laid over the input
/// @param body the function, made from its configuration
/// @param timeout how long one attempt may take, or null for any time
/// @param merge whether the output is laid over the input, field by field, instead of replacing it
/// @param condition says of what the step before gave whether the step is run or passed over; null for always
/// @param undo takes the effect back, for an execution that fails later; it takes what the step gave, or where
///     nobody knows how far the step came, what it took. Null where there is nothing to take back.
/// @param once whether a call whose end nobody knows is never repeated
public record Step(
        String name,
        Shape input,
        Shape output,
        Function<@Nullable Object, @Nullable Object> body,
        Retry retry,
        @Nullable Duration timeout,
        boolean merge,
        @Nullable Predicate<@Nullable Object> condition,
        @Nullable Step undo,
        boolean once) {

    /// A step that always runs and leaves nothing to take back.
    public Step(
            String name,
            Shape input,
            Shape output,
            Function<@Nullable Object, @Nullable Object> body,
            Retry retry,
            @Nullable Duration timeout,
            boolean merge) {
        this(name, input, output, body, retry, timeout, merge, null, null, false);
    }

    /// Whether the step is to run: it has no condition, or one that holds. The condition cannot change the
    /// value.
    ///
    /// @param value what the step before gave
    /// @throws Failure `INVALID` if the value is not what the condition takes; `UNKNOWN` if the condition
    ///     answers neither true nor false; and whatever it throws. Each is the step's own failure.
    public boolean applies(@Nullable Object value, Invocation invocation) {
        Predicate<@Nullable Object> holds = condition;
        return holds == null || invocation.call(() -> holds.test(copy(value)));
    }

    /// Calls the function once, bound to an invocation.
    ///
    /// @param value what the step before gave
    /// @throws Failure `INVALID` if the value is not what the function takes, before the function is called;
    ///     `UNKNOWN` if the function gave null; and whatever the function throws
    Chain<@Nullable Object> call(@Nullable Object value, Invocation invocation) {
        // What is used again, by another attempt or for the merge, must not change in the function's hands.
        boolean again = merge || retry.attempts() > 1;
        Object taken = input.from(again ? copy(value) : value);
        Object given = invocation.call(() -> body.apply(taken));
        if (given instanceof Chain.End<?> end) {
            return new Chain.End<>(laid(end.value(), value));
        }
        return given instanceof Chain.Next<?> next
                ? new Chain.Next<>(laid(next.value(), value), next.headers())
                : new Chain.Next<>(laid(given, value), Headers.NONE);
    }

    private static @Nullable Object copy(@Nullable Object value) {
        // One test after the other, as in Shape: a switch over types costs the first invocation milliseconds.
        if (value instanceof Map<?, ?> map) {
            Map<@Nullable Object, @Nullable Object> copy = new LinkedHashMap<>();
            for (Map.Entry<?, ?> member : map.entrySet()) {
                copy.put(member.getKey(), copy(member.getValue()));
            }
            return copy;
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>();
            for (Object element : list) {
                copy.add(copy(element));
            }
            return copy;
        }
        return value;
    }

    private @Nullable Object laid(@Nullable Object given, @Nullable Object value) {
        if (given == null && output != Shape.Nothing.IT) {
            throw new Failure(
                    Failure.Code.UNKNOWN, "step '" + name + "' gave null; Chain.end(value) ends a chain early");
        }
        if (!merge) {
            return given;
        }
        Map<String, @Nullable Object> both = new LinkedHashMap<>(object(value));
        both.putAll(object(given));
        return both;
    }

    @SuppressWarnings("unchecked")
    private Map<String, @Nullable Object> object(@Nullable Object value) {
        if (Shape.tree(value, "") instanceof Map<?, ?> object) {
            return (Map<String, @Nullable Object>) object;
        }
        throw Failure.invalid("", "step '" + name + "' merges objects only").withEffect(Failure.Effect.UNKNOWN);
    }
}
