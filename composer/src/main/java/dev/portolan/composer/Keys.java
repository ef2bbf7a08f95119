package dev.portolan.composer;

import dev.portolan.failure.Nearest;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Violation;
import dev.portolan.json.Shape;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of a mapping in a definition. Everything that is wrong with them is added to a list.
///
/// They are asked for one by one: the shape of a record would cost every cold start the reflection it takes.
final class Keys {

    private final @Nullable Map<?, ?> mapping;
    private final String pointer;
    private final List<Violation> violations;

    /// The keys of a value that should be a mapping; if it is none, there are no keys.
    ///
    /// @param known all that it may have
    Keys(@Nullable Object value, String pointer, List<String> known, List<Violation> violations) {
        this.mapping = (Map<?, ?>) Shape.of(Map.class).read(value, pointer, violations);
        this.pointer = pointer;
        this.violations = violations;
        if (mapping != null) {
            Nearest.refuseUnknown(mapping.keySet(), known, pointer, violations);
        }
    }

    /// What a key is given, or null if it is not there, or is no such value. A key without a value is a
    /// mistake, and not one that is left out.
    <T> @Nullable T get(String key, Class<T> type) {
        Object value = mapping == null ? null : mapping.get(key);
        if (value == null) {
            if (mapping != null && mapping.containsKey(key)) {
                violations.add(
                        new Violation(Pointer.child(pointer, key), "has no value; give it one, or leave the key out"));
            }
            return null;
        }
        return type.cast(
                Shape.of(type, Shape.Style.CONFIGURATION).read(value, Pointer.child(pointer, key), violations));
    }

    /// As [#get], of a key that must be there.
    <T> @Nullable T required(String key, Class<T> type) {
        if (mapping != null && mapping.get(key) == null) {
            violations.add(new Violation(Pointer.child(pointer, key), "missing"));
            return null;
        }
        return get(key, type);
    }

    /// Whether a key is given `true`.
    boolean flag(String key) {
        return Boolean.TRUE.equals(get(key, Boolean.class));
    }

    /// The object that a key is given; empty if it is not there, or is none.
    @SuppressWarnings("unchecked") // the keys of a mapping in YAML are texts
    Map<String, @Nullable Object> object(String key) {
        Map<?, ?> object = get(key, Map.class);
        return object == null ? Map.of() : (Map<String, @Nullable Object>) object;
    }
}
