package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.json.Shape;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A function under its name, with what a pipeline must know to use it.
///
/// @param input what it takes
/// @param output what it gives, without a `Chain` around it
/// @param configuration finds what it takes under `with:`; null for nothing
/// @param usual its configuration where a definition says nothing; null if it must be configured
/// @param origin where it comes from, for people: a class, a bean
/// @param factory makes the function from its configuration; the argument is null exactly when `configuration` is
public record RegisteredFunction(
        String name,
        FunctionTypes types,
        Shape input,
        Shape output,
        @Nullable Supplier<Shape> configuration,
        @Nullable Record usual,
        String origin,
        Function<@Nullable Object, Function<@Nullable Object, @Nullable Object>> factory) {

    /// The function, made from what a definition says under `with:`.
    ///
    /// @param with empty where it says nothing
    /// @throws Failure `INVALID` with everything that is wrong with the configuration, at pointers into it
    public Function<@Nullable Object, @Nullable Object> make(Map<String, @Nullable Object> with) {
        if (configuration == null && !with.isEmpty()) {
            throw Failure.invalid("", "'" + name + "' takes no configuration");
        }
        Object read = usual;
        if (configuration != null && (usual == null || !with.isEmpty())) {
            read = configuration.get().from(with);
        }
        try {
            return factory.apply(read);
        } catch (IllegalArgumentException e) {
            throw Failure.invalid("", String.valueOf(e.getMessage()));
        } catch (Failure e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new Failure(
                    Failure.Code.INVALID, "'" + name + "' cannot be made: it threw " + Failure.describe(e), e);
        }
    }
}
