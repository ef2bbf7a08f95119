package dev.portolan.composer;

import dev.portolan.invocation.Chain;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What a function takes and gives.
///
/// @param output without the [Chain] around it
public record FunctionTypes(Type input, Type output) {

    /// The types of a function that may give a [Chain].
    public static FunctionTypes of(Type input, Type output) {
        boolean chain = output instanceof ParameterizedType generic && generic.getRawType() == Chain.class;
        return new FunctionTypes(input, chain ? ((ParameterizedType) output).getActualTypeArguments()[0] : output);
    }

    /// The types that a class names where it, or what it inherits from, implements [Function] or [Predicate].
    ///
    /// @param kind the one of the two that counts
    /// @throws IllegalArgumentException if it names none, as a lambda's class does not
    static FunctionTypes declared(Class<?> type, Class<?> kind) {
        FunctionTypes found = find(type, Map.of(), kind);
        if (found == null) {
            throw new IllegalArgumentException(type.getName()
                    + (kind == Function.class
                            ? " does not say what it takes and gives; write a class that implements Function<In, Out>,"
                                    + " or register it with its input and output class"
                            : " does not say what it takes; write a class that implements Predicate<In>,"
                                    + " or register it with its input class"));
        }
        return found;
    }

    private static @Nullable FunctionTypes find(@Nullable Type type, Map<Type, Type> bound, Class<?> kind) {
        if (type == null) {
            return null;
        }
        Class<?> raw = type instanceof ParameterizedType generic ? (Class<?>) generic.getRawType() : (Class<?>) type;
        Map<Type, Type> arguments = new HashMap<>();
        if (type instanceof ParameterizedType generic) {
            TypeVariable<?>[] variables = raw.getTypeParameters();
            for (int i = 0; i < variables.length; i++) {
                Type argument = generic.getActualTypeArguments()[i];
                arguments.put(variables[i], resolved(argument, bound));
            }
        }
        if (raw == kind) {
            Type input = arguments.get(raw.getTypeParameters()[0]);
            Type output = kind == Function.class ? arguments.get(raw.getTypeParameters()[1]) : Boolean.class;
            return input == null || input instanceof TypeVariable || output == null || output instanceof TypeVariable
                    ? null
                    : of(input, output);
        }
        for (Type above : raw.getGenericInterfaces()) {
            FunctionTypes found = find(above, arguments, kind);
            if (found != null) {
                return found;
            }
        }
        return find(raw.getGenericSuperclass(), arguments, kind);
    }

    /// A generic class with its arguments.
    public static Type parameterized(Class<?> raw, List<Type> arguments) {
        return new Resolved(raw, arguments);
    }

    /// A type with the variables in it replaced by what they are bound to.
    private static Type resolved(Type type, Map<Type, Type> bound) {
        if (!(type instanceof ParameterizedType generic)) {
            return bound.getOrDefault(type, type);
        }
        List<Type> arguments = new ArrayList<>();
        for (Type argument : generic.getActualTypeArguments()) {
            arguments.add(resolved(argument, bound));
        }
        return new Resolved(generic.getRawType(), arguments);
    }

    private record Resolved(Type raw, List<Type> arguments) implements ParameterizedType {

        @Override
        public Type[] getActualTypeArguments() {
            return arguments.toArray(new Type[0]);
        }

        @Override
        public Type getRawType() {
            return raw;
        }

        @Override
        public @Nullable Type getOwnerType() {
            return null;
        }

        @Override
        public String getTypeName() {
            return raw.getTypeName()
                    + arguments.stream().map(Type::getTypeName).collect(Collectors.joining(", ", "<", ">"));
        }
    }
}
