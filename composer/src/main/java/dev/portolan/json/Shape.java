package dev.portolan.json;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Violation;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What JSON must look like to become a value of a Java type, and back.
///
/// Reading is strict: an absent or null component of a record is a violation unless it is an [Optional] or annotated
/// `@Nullable`, a text is never taken for a number, and every violation is reported with its pointer, not only the
/// first. Names that a record does not have are passed over in a payload and refused in a configuration. Thread-safe.
public sealed interface Shape
        permits Shape.Anything, Shape.Nothing, Shape.Members, Shape.Elements, RecordShape, ScalarShape, ForeignShape {

    /// How names are spelled and how strictly they are held to.
    enum Style {
        /// A payload: names as the components are spelled; unknown ones are passed over.
        PAYLOAD,
        /// What a definition says under `with:`: names in kebab-case; unknown ones are refused.
        CONFIGURATION
    }

    /// The shape of a type in payloads.
    ///
    /// @throws IllegalArgumentException if the type has no JSON shape; the message names it and the remedy
    static Shape of(Type type) {
        return of(type, Style.PAYLOAD);
    }

    /// The shape of a type.
    ///
    /// @throws IllegalArgumentException if the type has no JSON shape; the message names it and the remedy
    static Shape of(Type type, Style style) {
        return of(type, style, new HashMap<>());
    }

    /// The shape of a configuration whose absent parts are as in another.
    ///
    /// @throws IllegalArgumentException if the type has no JSON shape; the message names it and the remedy
    static Shape of(Record usual) {
        Map<Class<?>, RecordShape> open = new HashMap<>();
        return new RecordShape(
                usual.getClass(), Style.CONFIGURATION, usual, open, inner -> of(inner, Style.CONFIGURATION, open));
    }

    /// The shape of what a function takes: as [#of(Type)], or of a class that a library decodes ([ForeignTypes]).
    static Shape ofInput(Type type) {
        try {
            return of(type);
        } catch (IllegalArgumentException shapeless) {
            return ForeignTypes.of(type, shapeless);
        }
    }

    /// @param open the records that are being looked at, so that one may hold more of its own kind
    private static Shape of(Type type, Style style, Map<Class<?>, RecordShape> open) {
        // One test after the other: this runs at every cold start, where a switch over types costs milliseconds.
        if (type instanceof Class<?> plain) {
            return ofClass(plain, style, open);
        }
        if (type instanceof WildcardType wildcard) {
            return of(wildcard.getUpperBounds()[0], style, open);
        }
        if (type instanceof ParameterizedType generic) {
            Type[] arguments = generic.getActualTypeArguments();
            Type raw = generic.getRawType();
            if (raw == Map.class && arguments[0] == String.class) {
                return new Members(of(arguments[1], style, open));
            }
            if (raw == List.class || raw == Collection.class || raw == Set.class) {
                return new Elements(of(arguments[0], style, open), raw == Set.class);
            }
        }
        throw shapeless(type);
    }

    private static Shape ofClass(Class<?> type, Style style, Map<Class<?>, RecordShape> open) {
        if (type == Object.class) {
            return Anything.IT;
        }
        if (type == Void.class || type == void.class) {
            return Nothing.IT;
        }
        if (type == Map.class) {
            return new Members(Anything.IT);
        }
        if (type == List.class || type == Collection.class) {
            return new Elements(Anything.IT, false);
        }
        if (type.isRecord()) {
            RecordShape known = open.get(type);
            return known != null
                    ? known
                    : new RecordShape(
                            type.asSubclass(Record.class), style, null, open, inner -> of(inner, style, open));
        }
        return ScalarShape.find(type, style).orElseThrow(() -> shapeless(type));
    }

    private static IllegalArgumentException shapeless(Type type) {
        return new IllegalArgumentException(type.getTypeName()
                + " has no JSON shape; use a record, Map<String, Object>, List, String, a number, Boolean or Object");
    }

    /// A value of this shape's type from what another function, a decoder or a definition gave.
    ///
    /// @param value a plain tree, or a value that already is of this type
    /// @throws Failure `INVALID` with every violation
    default @Nullable Object from(@Nullable Object value) {
        List<Violation> violations = new ArrayList<>();
        Object read = read(value, "", violations);
        if (!violations.isEmpty()) {
            throw Failure.invalid(violations);
        }
        return read;
    }

    /// As [#from], adding to a list what is wrong. What is returned then has no meaning.
    @Nullable
    Object read(@Nullable Object value, String pointer, List<Violation> violations);

    /// Why nothing of another shape can ever become one of this, or empty where some or all of it can.
    Optional<String> refusal(Shape given);

    /// The names of its parts, for people; empty unless it is a record's.
    default List<String> names() {
        return List.of();
    }

    /// Whether a library decodes it ([ForeignTypes]).
    default boolean foreign() {
        return false;
    }

    /// What people call it, such as `an object`.
    String noun();

    /// The plain tree of a value: maps, lists, texts, numbers, booleans.
    ///
    /// @throws Failure `INVALID` if it has no JSON shape, at the pointer
    static @Nullable Object tree(@Nullable Object value, String pointer) {
        return switch (value) {
            case null -> null;
            case String text -> text;
            case Boolean bool -> bool;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                map.forEach((name, member) -> {
                    if (!(name instanceof String text)) {
                        throw Failure.invalid(pointer, "a name in an object must be a string");
                    }
                    object.put(text, tree(member, Pointer.child(pointer, text)));
                });
                yield object;
            }
            case Collection<?> collection -> {
                List<@Nullable Object> array = new ArrayList<>();
                collection.forEach(element ->
                        array.add(tree(element, Pointer.child(pointer, String.valueOf(array.size())))));
                yield array;
            }
            case Optional<?> optional -> tree(optional.orElse(null), pointer);
            case Record record -> tree(RecordShape.members(record), pointer);
            default ->
                ScalarShape.tree(value)
                        .orElseThrow(() -> Failure.invalid(
                                pointer,
                                value.getClass().getName() + " has no JSON shape; return a record, a map or a list"));
        };
    }

    /// Any value at all.
    enum Anything implements Shape {
        IT;

        @Override
        public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
            return value;
        }

        @Override
        public Optional<String> refusal(Shape given) {
            return given == Nothing.IT ? Optional.of("nothing is given") : Optional.empty();
        }

        @Override
        public String noun() {
            return "anything";
        }
    }

    /// What a consumer gives and a supplier takes.
    enum Nothing implements Shape {
        IT;

        @Override
        public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
            return null;
        }

        @Override
        public Optional<String> refusal(Shape given) {
            return given == IT || given == Anything.IT
                    ? Optional.empty()
                    : Optional.of(given.noun() + " is given, and it takes nothing");
        }

        @Override
        public String noun() {
            return "nothing";
        }
    }

    /// An object of any names: `Map<String, V>`.
    record Members(Shape member) implements Shape {

        @Override
        public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
            Object tree = value instanceof Record ? tree(value, pointer) : value;
            if (!(tree instanceof Map<?, ?> map)) {
                violations.add(mismatch(tree, pointer));
                return null;
            }
            if (member == Anything.IT) {
                return map;
            }
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            map.forEach((name, inner) -> object.put(
                    String.valueOf(name),
                    member.read(inner, Pointer.child(pointer, String.valueOf(name)), violations)));
            return object;
        }

        @Override
        public Optional<String> refusal(Shape given) {
            if (given instanceof Members those) {
                return member.refusal(those.member());
            }
            return given == Anything.IT || given instanceof RecordShape
                    ? Optional.empty()
                    : Optional.of(given.noun() + " is given, and it takes " + noun());
        }

        @Override
        public String noun() {
            return "an object";
        }
    }

    /// A list of equals: `List<E>`, `Collection<E>`, `Set<E>`.
    record Elements(Shape element, boolean distinct) implements Shape {

        @Override
        public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
            if (!(value instanceof Collection<?> given)) {
                violations.add(mismatch(value, pointer));
                return null;
            }
            Collection<@Nullable Object> elements = distinct ? new LinkedHashSet<>() : new ArrayList<>();
            int index = 0;
            for (Object inner : given) {
                elements.add(element.read(inner, Pointer.child(pointer, String.valueOf(index++)), violations));
            }
            return elements;
        }

        @Override
        public Optional<String> refusal(Shape given) {
            return switch (given) {
                case Anything any -> Optional.empty();
                case Elements those -> element.refusal(those.element());
                default -> Optional.of(given.noun() + " is given, and it takes " + noun());
            };
        }

        @Override
        public String noun() {
            return "a list";
        }
    }

    /// The violation of a value that is of another kind altogether.
    default Violation mismatch(@Nullable Object value, String pointer) {
        return new Violation(pointer, value == null ? "must not be null" : "must be " + noun());
    }
}
