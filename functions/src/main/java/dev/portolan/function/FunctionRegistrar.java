package dev.portolan.function;

import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Takes functions under their names.
///
/// A name starts with a letter and goes on with letters, digits, `-`, `_` or `.`; kebab-case is the habit. A
/// function's input and output are JSON-shaped: `Map<String, Object>` for any object, a record, a `List`,
/// `String`, a number, `Boolean`, `Object` for anything, and `Chain<O>` around the output of a function that
/// may end the chain. They are checked against the neighbours' when a pipeline is loaded.
///
/// Every method throws [IllegalArgumentException] when the name is taken or malformed, or a type is none of
/// these.
public interface FunctionRegistrar {

    /// A function without configuration whose class says its types, as in
    /// `class Greet implements Function<Person, Greeting>`.
    ///
    /// @throws IllegalArgumentException also for a lambda or a method reference, whose types are erased
    void add(String name, Function<?, ?> function);

    /// A function without configuration, a lambda perhaps, with its types. One that gives nothing has the
    /// output `Void.class`, and null.
    <I, O> void add(String name, Class<I> input, Class<O> output, Function<? super I, ? extends @Nullable O> function);

    /// A condition whose class says what it takes, as in `class Adult implements Predicate<Person>`: a function
    /// that gives true or false, for a step's `if:`.
    ///
    /// @throws IllegalArgumentException also for a lambda or a method reference, whose type is erased
    @SuppressWarnings("overloads") // a class is one or the other, and a lambda is neither's
    void add(String name, Predicate<?> condition);

    /// A condition, a lambda perhaps, with what it takes.
    <I> void add(String name, Class<I> input, Predicate<? super I> condition);

    /// A function that is made from its configuration: what a definition says under `with:`, as a record.
    ///
    /// A component is required unless it is an [java.util.Optional] or annotated `@Nullable`; its name in a
    /// definition is its kebab-case form. The factory runs when a pipeline is loaded, once per step, and
    /// refuses bad configuration by throwing [IllegalArgumentException] or a [dev.portolan.failure.Failure].
    ///
    /// @param type the class that the factory makes; it says the function's types
    <C extends Record, F extends Function<?, ?>> void configured(
            String name, Class<F> type, Class<C> configuration, Function<? super C, ? extends F> factory);

    /// As the other, for a function that does without configuration.
    ///
    /// @param usual what holds where a definition says nothing: as a whole, and for each component
    <C extends Record, F extends Function<?, ?>> void configured(
            String name, Class<F> type, C usual, Function<? super C, ? extends F> factory);

    /// What the deployment offers to functions: where they may keep state and find secrets.
    Ports ports();
}
