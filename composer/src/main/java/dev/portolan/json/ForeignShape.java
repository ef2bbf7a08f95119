package dev.portolan.json;

import dev.portolan.failure.Violation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A class that another library decodes: it is no record, but JSON becomes one of it all the same.
///
/// @param noun what people call it, such as `an SQSEvent.SQSMessage`
/// @param decoder makes it from an object; throws a [Failure] for an object that is none, without a payload in it
public record ForeignShape(Class<?> type, String noun, Function<Map<?, ?>, ?> decoder) implements Shape {

    @Override
    public boolean foreign() {
        return true;
    }

    @Override
    public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
        if (type.isInstance(value)) {
            return value;
        }
        if (!(value instanceof Map<?, ?> object)) {
            violations.add(mismatch(value, pointer));
            return null;
        }
        return decoder.apply(object);
    }

    @Override
    public Optional<String> refusal(Shape given) {
        return given == Anything.IT || given instanceof Members
                ? Optional.empty()
                : Optional.of(given.noun() + " is given, and it takes " + noun);
    }
}
