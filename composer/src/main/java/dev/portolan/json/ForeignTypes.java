package dev.portolan.json;

import java.lang.reflect.Type;
import java.util.Optional;
import java.util.ServiceLoader;

/// Classes of a library that functions may take, though they have no JSON shape of their own: events of a cloud.
///
/// Found by [java.util.ServiceLoader] in the class loader of the class that is asked for, and not before a function
/// takes one.
@FunctionalInterface
public interface ForeignTypes {

    /// The shape of a class, or empty if it is not of this library.
    ///
    /// @throws IllegalArgumentException for a class of this library that no function can take; the message has the
    ///     remedy
    Optional<ForeignShape> find(Class<?> type);

    /// The shape of a type that has none of its own, from whoever knows it.
    ///
    /// @param shapeless thrown where nobody does
    static Shape of(Type type, IllegalArgumentException shapeless) {
        if (type instanceof Class<?> foreign && foreign.getClassLoader() != null) {
            for (ForeignTypes types : ServiceLoader.load(ForeignTypes.class, foreign.getClassLoader())) {
                Optional<ForeignShape> found = types.find(foreign);
                if (found.isPresent()) {
                    return found.get();
                }
            }
        }
        throw shapeless;
    }
}
