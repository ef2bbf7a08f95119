package dev.portolan.json;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Violation;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// An object with the components of a record.
final class RecordShape implements Shape {

    private static final ClassValue<List<RecordComponent>> COMPONENTS = new ClassValue<>() {
        @Override
        protected List<RecordComponent> computeValue(Class<?> type) {
            RecordComponent[] components = type.getRecordComponents();
            for (RecordComponent component : components) {
                component.getAccessor().setAccessible(true);
            }
            return List.of(components);
        }
    };

    /// The pairs of records that a comparison has met: both may hold more of their own kind.
    private static final ScopedValue<Set<List<Class<?>>>> COMPARED = ScopedValue.newInstance();

    /// What a component that is absent or null becomes.
    private enum Absent {
        VIOLATION,
        NULL,
        EMPTY
    }

    /// @param usual what it is where nothing is said
    private record Part(
            Shape shape, Absent absent, @Nullable Object usual) {}

    private final Class<? extends Record> type;
    private final Style style;
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Constructor<? extends Record> constructor;

    /// The shape of a record.
    ///
    /// @param usual has the components that need not be said; null if there are none
    /// @param open the records that are being looked at
    /// @param shapes finds the shapes of components
    /// @throws IllegalArgumentException if a component has no shape
    RecordShape(
            Class<? extends Record> type,
            Style style,
            @Nullable Record usual,
            Map<Class<?>, RecordShape> open,
            Function<Type, Shape> shapes) {
        open.put(type, this);
        this.type = type;
        this.style = style;
        try {
            List<RecordComponent> components = COMPONENTS.get(type);
            Class<?>[] types = new Class<?>[components.size()];
            for (int i = 0; i < types.length; i++) {
                types[i] = components.get(i).getType();
            }
            this.constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            Map<String, @Nullable Object> said = usual == null ? Map.of() : members(usual);
            for (RecordComponent component : components) {
                Object value = said.get(component.getName());
                boolean nullable = usual == null ? nullable(component) : value == null;
                parts.put(spelled(component.getName()), part(component, nullable, value, shapes));
            }
        } catch (NoSuchMethodException | RuntimeException e) {
            String reason = e instanceof IllegalArgumentException ? e.getMessage() : "it is closed to reflection";
            throw new IllegalArgumentException(type.getName() + " has no JSON shape: " + reason, e);
        }
        open.remove(type);
    }

    private String spelled(String name) {
        if (style == Style.PAYLOAD) {
            return name;
        }
        StringBuilder kebab = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            if (i > 0 && capital(name.charAt(i)) && !capital(name.charAt(i - 1))) {
                kebab.append('-');
            }
            kebab.append(name.charAt(i));
        }
        return kebab.toString().toLowerCase(Locale.ROOT);
    }

    private static boolean capital(char c) {
        return c >= 'A' && c <= 'Z';
    }

    // Not asked where a usual value says it: at a cold start, annotations are dear.
    private static boolean nullable(RecordComponent component) {
        for (AnnotatedElement element : List.of(component, component.getAnnotatedType(), component.getAccessor())) {
            for (Annotation annotation : element.getAnnotations()) {
                if (annotation.annotationType().getSimpleName().equals("Nullable")) {
                    return true;
                }
            }
        }
        return false;
    }

    private static Part part(
            RecordComponent component, boolean nullable, @Nullable Object usual, Function<Type, Shape> shapes) {
        Type type = component.getGenericType();
        if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            return new Part(shapes.apply(generic.getActualTypeArguments()[0]), Absent.EMPTY, usual);
        }
        return new Part(shapes.apply(type), nullable ? Absent.NULL : Absent.VIOLATION, usual);
    }

    @Override
    public @Nullable Object read(@Nullable Object value, String pointer, List<Violation> violations) {
        if (type.isInstance(value)) {
            return value;
        }
        Object tree = value instanceof Record other ? members(other) : value;
        if (!(tree instanceof Map<?, ?> object)) {
            violations.add(mismatch(tree, pointer));
            return null;
        }
        int before = violations.size();
        if (style == Style.CONFIGURATION) {
            Nearest.refuseUnknown(object.keySet(), parts.keySet(), pointer, violations);
        }
        List<@Nullable Object> arguments = new ArrayList<>();
        for (Map.Entry<String, Part> part : parts.entrySet()) {
            String name = part.getKey();
            arguments.add(argument(part.getValue(), object.get(name), Pointer.child(pointer, name), violations));
        }
        return violations.size() > before ? null : construct(arguments, pointer, violations);
    }

    private static @Nullable Object argument(
            Part part, @Nullable Object value, String pointer, List<Violation> violations) {
        if (value == null && part.usual() != null) {
            return part.usual();
        }
        if (value == null) {
            return switch (part.absent()) {
                case VIOLATION -> {
                    violations.add(new Violation(pointer, "missing"));
                    yield null;
                }
                case NULL -> null;
                case EMPTY -> Optional.empty();
            };
        }
        Object read = part.shape().read(value, pointer, violations);
        return part.absent() == Absent.EMPTY ? Optional.ofNullable(read) : read;
    }

    private @Nullable Object construct(List<@Nullable Object> arguments, String pointer, List<Violation> violations) {
        try {
            return constructor.newInstance(arguments.toArray());
        } catch (InvocationTargetException e) {
            switch (e.getCause()) {
                case Failure failure
                when !failure.violations().isEmpty() ->
                    failure.violations()
                            .forEach(inner -> violations.add(new Violation(pointer + inner.place(), inner.reason())));
                // A payload may be quoted in an exception's message; a configuration is the user's own text.
                case IllegalArgumentException refused
                when style == Style.CONFIGURATION ->
                    violations.add(new Violation(pointer, String.valueOf(refused.getMessage())));
                case Error error -> throw error;
                case null, default -> violations.add(new Violation(pointer, "refused by " + type.getSimpleName()));
            }
            return null;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type.getName() + " cannot be made", e);
        }
    }

    @Override
    public Optional<String> refusal(Shape given) {
        return switch (given) {
            case Anything any -> Optional.empty();
            case Members members -> Optional.empty();
            case RecordShape record when record.type == type -> Optional.empty();
            case RecordShape record when COMPARED.isBound() -> firstRefusal(record, COMPARED.get());
            case RecordShape record ->
                ScopedValue.where(COMPARED, new HashSet<>()).call(() -> firstRefusal(record, COMPARED.get()));
            default -> Optional.of(given.noun() + " is given, and it takes " + noun());
        };
    }

    private Optional<String> firstRefusal(RecordShape given, Set<List<Class<?>>> compared) {
        if (!compared.add(List.of(type, given.type))) {
            return Optional.empty();
        }
        return parts.entrySet().stream()
                .flatMap(entry -> refusal(given, entry.getKey(), entry.getValue()).stream())
                .findFirst();
    }

    private static Optional<String> refusal(RecordShape given, String name, Part part) {
        Part there = given.parts.get(name);
        if (there != null) {
            return part.shape().refusal(there.shape()).map(reason -> "'" + name + "': " + reason);
        }
        return part.absent() == Absent.VIOLATION
                ? Optional.of("it needs '" + name + "', which " + given.type.getSimpleName() + " does not have")
                : Optional.empty();
    }

    @Override
    public List<String> names() {
        return List.copyOf(parts.keySet());
    }

    @Override
    public String noun() {
        return "an object";
    }

    /// The values of a record's components by their names, as they are.
    static Map<String, @Nullable Object> members(Record record) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (RecordComponent component : COMPONENTS.get(record.getClass())) {
            try {
                object.put(component.getName(), component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
        return object;
    }
}
