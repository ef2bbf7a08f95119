package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.json.Shape;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A function under its name, with what a pipeline must know to use it.
///
/// @param input what it takes
/// @param output what it gives, without a `Chain` around it
/// @param configurationType the record that it takes under `with:`; null for nothing
/// @param usual its configuration where a definition says nothing; null if it must be configured
/// @param origin where it comes from, for people: a class, a bean
/// @param factory makes the function from its configuration; the argument is null exactly when there is none
public record RegisteredFunction(
        String name,
        FunctionTypes types,
        Shape input,
        Shape output,
        @Nullable Class<? extends Record> configurationType,
        @Nullable Record usual,
        String origin,
        Function<?, ? extends Function<?, ?>> factory) {

    /// What it takes under `with:`, or null for nothing.
    ///
    /// @throws IllegalArgumentException if a component of the record has no JSON shape
    public @Nullable Shape configuration() {
        if (usual != null) {
            return Shape.of(usual);
        }
        return configurationType == null ? null : Shape.of(configurationType, Shape.Style.CONFIGURATION);
    }

    /// The function, made from what a definition says under `with:`.
    ///
    /// @param with empty where it says nothing
    /// @throws Failure `INVALID` with everything that is wrong with the configuration, at pointers into it
    @SuppressWarnings("unchecked") // values reach a function only in the shape that it was registered with
    public Function<@Nullable Object, @Nullable Object> make(Map<String, @Nullable Object> with) {
        try {
            return (Function<@Nullable Object, @Nullable Object>)
                    ((Function<@Nullable Object, ?>) factory).apply(read(with));
        } catch (IllegalArgumentException e) {
            throw Failure.invalid("", String.valueOf(e.getMessage()));
        } catch (Failure e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new Failure(
                    Failure.Code.INVALID, "'" + name + "' cannot be made: it threw " + Failure.describe(e), e);
        }
    }

    private @Nullable Object read(Map<String, @Nullable Object> with) {
        if (usual != null && with.isEmpty()) {
            return usual;
        }
        Shape shape = configuration();
        if (shape == null && !with.isEmpty()) {
            throw Failure.invalid("", "'" + name + "' takes no configuration");
        }
        return shape == null ? null : shape.from(with);
    }
}
