package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.function.Ports;
import dev.portolan.json.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The functions of a deployment by name. Thread-safe.
public final class FunctionRegistry implements FunctionRegistrar {

    private final @Nullable Ports ports;
    private final Map<String, RegisteredFunction> functions = new TreeMap<>();
    private final Map<String, Supplier<? extends FunctionModule>> deferred = new TreeMap<>();

    /// A registry for functions that ask for no ports.
    public FunctionRegistry() {
        this.ports = null;
    }

    /// A registry.
    ///
    /// @param ports what it offers to functions
    public FunctionRegistry(Ports ports) {
        this.ports = ports;
    }

    @Override
    public Ports ports() {
        if (ports == null) {
            throw new IllegalStateException("nothing is offered to functions here; make the registry with its ports");
        }
        return ports;
    }

    @Override
    public void add(String name, Function<?, ?> function) {
        add(
                name,
                FunctionTypes.declared(function.getClass(), Function.class),
                function,
                function.getClass().getName());
    }

    @Override
    public <I, O> void add(
            String name, Class<I> input, Class<O> output, Function<? super I, ? extends @Nullable O> function) {
        add(name, FunctionTypes.of(input, output), function, function.getClass().getName());
    }

    @Override
    public void add(String name, Predicate<?> condition) {
        add(name, FunctionTypes.declared(condition.getClass(), Predicate.class), condition);
    }

    @Override
    public <I> void add(String name, Class<I> input, Predicate<? super I> condition) {
        add(name, FunctionTypes.of(input, Boolean.class), condition);
    }

    @SuppressWarnings("unchecked") // as for a function: it is given only what it is registered to take
    private void add(String name, FunctionTypes types, Predicate<?> condition) {
        Function<Object, Boolean> function = ((Predicate<Object>) condition)::test;
        add(name, types, function, condition.getClass().getName());
    }

    /// A function without configuration whose types are known otherwise, from a bean definition perhaps.
    ///
    /// @param origin where it comes from, for people
    public void add(String name, FunctionTypes types, Function<?, ?> function, String origin) {
        put(name, types, null, null, origin, none -> function);
    }

    @Override
    public <C extends Record, F extends Function<?, ?>> void configured(
            String name, Class<F> type, Class<C> configuration, Function<? super C, ? extends F> factory) {
        Shape.of(configuration, Shape.Style.CONFIGURATION); // a record that has none is refused here
        put(name, FunctionTypes.declared(type, Function.class), configuration, null, type.getName(), factory);
    }

    @Override
    public <C extends Record, F extends Function<?, ?>> void configured(
            String name, Class<F> type, C usual, Function<? super C, ? extends F> factory) {
        put(name, FunctionTypes.declared(type, Function.class), usual.getClass(), usual, type.getName(), factory);
    }

    /// Functions of a module that registers them when one of them is first asked for: a cold start makes and
    /// loads what it uses.
    ///
    /// @param names all that the module registers, and no others
    /// @param module makes it, once
    public synchronized void defer(Set<String> names, Supplier<? extends FunctionModule> module) {
        for (String name : names) {
            if (has(name)) {
                throw new IllegalArgumentException("two functions are called '" + name + "'; rename one");
            }
        }
        for (String name : names) {
            deferred.put(name, module);
        }
    }

    private void undefer(String name) {
        Supplier<? extends FunctionModule> module = deferred.get(name);
        if (module != null) {
            deferred.values().removeAll(Set.of(module));
            module.get().register(this);
        }
    }

    private synchronized void put(
            String name,
            FunctionTypes types,
            @Nullable Class<? extends Record> configuration,
            @Nullable Record usual,
            String origin,
            Function<?, ? extends Function<?, ?>> factory) {
        if (!isName(name)) {
            throw new IllegalArgumentException("'" + name
                    + "' is no function name; it starts with a letter and goes on with letters, digits, '-', '_', '.'");
        }
        RegisteredFunction function = new RegisteredFunction(
                name,
                types,
                Shape.ofInput(types.input()),
                Shape.of(types.output()),
                configuration,
                usual,
                origin,
                factory);
        undefer(name); // so that a name which is taken is told with whose it is
        RegisteredFunction there = functions.putIfAbsent(name, function);
        if (there != null) {
            throw new IllegalArgumentException("two functions are called '" + name + "': " + there.origin() + " and "
                    + function.origin() + "; rename one");
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c < 0x80 && Character.isLetter(c);
            boolean inside = (c < 0x80 && Character.isDigit(c)) || "._-".indexOf(c) >= 0;
            if (!letter && (i == 0 || !inside)) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    /// Adds the functions of every [FunctionModule] that a class loader finds and its parent does not.
    ///
    /// @return the modules' class names
    /// @throws Failure `INVALID` if a module cannot be loaded or registers badly, with its name
    public List<String> addModules(ClassLoader loader) {
        List<String> modules = new ArrayList<>();
        try {
            Set<Class<?>> inherited = new HashSet<>();
            for (ServiceLoader.Provider<FunctionModule> module : modules(loader.getParent())) {
                inherited.add(module.type());
            }
            for (ServiceLoader.Provider<FunctionModule> module : modules(loader)) {
                if (inherited.contains(module.type())) {
                    continue;
                }
                String name = module.type().getName();
                try {
                    module.get().register(this);
                } catch (IllegalArgumentException e) {
                    throw new Failure(Failure.Code.INVALID, "module " + name + ": " + e.getMessage(), e);
                } catch (RuntimeException | LinkageError e) {
                    throw new Failure(Failure.Code.INVALID, "module " + name + " threw " + Failure.describe(e), e);
                }
                modules.add(name);
            }
        } catch (ServiceConfigurationError | LinkageError e) {
            throw new Failure(Failure.Code.INVALID, "a function module cannot be loaded: " + e.getMessage(), e);
        }
        return modules;
    }

    private static List<ServiceLoader.Provider<FunctionModule>> modules(@Nullable ClassLoader loader) {
        // Looking first spares a cold start without modules the machinery that would find none.
        return loader == null || loader.getResource("META-INF/services/" + FunctionModule.class.getName()) == null
                ? List.of()
                : ServiceLoader.load(FunctionModule.class, loader).stream().toList();
    }

    /// The function of a name.
    ///
    /// @throws Failure `NOT_FOUND` with the nearest name
    public synchronized RegisteredFunction find(String name) {
        undefer(name);
        RegisteredFunction function = functions.get(name);
        if (function == null) {
            throw new Failure(Failure.Code.NOT_FOUND, "unknown function '" + name + "'" + Nearest.hint(name, names()));
        }
        return function;
    }

    /// Whether there is a function of a name.
    public synchronized boolean has(String name) {
        return functions.containsKey(name) || deferred.containsKey(name);
    }

    /// The names of all functions, in their order.
    public synchronized Set<String> names() {
        Set<String> names = new TreeSet<>(functions.keySet());
        names.addAll(deferred.keySet());
        return names;
    }

    /// Every function, by name.
    public synchronized Collection<RegisteredFunction> all() {
        List.copyOf(deferred.keySet()).forEach(this::undefer);
        return List.copyOf(functions.values());
    }
}
