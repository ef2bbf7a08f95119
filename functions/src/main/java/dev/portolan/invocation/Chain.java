package dev.portolan.invocation;

import org.jspecify.annotations.Nullable;

/// What a function answers when it has a say in how the chain goes on: `Function<Order, Chain<Order>>`.
///
/// A function that always goes on answers its plain value and needs none of this.
public sealed interface Chain<T extends @Nullable Object> {

    /// The value so far.
    T value();

    /// Goes on to the next step.
    ///
    /// @param headers what later steps find in their [Invocation#headers], in place of what is there under
    ///     the same names
    record Next<T extends @Nullable Object>(T value, Headers headers) implements Chain<T> {}

    /// Ends the chain here. The run is completed with this value; later steps do not run and nothing is undone.
    record End<T extends @Nullable Object>(T value) implements Chain<T> {}

    /// Goes on to the next step.
    static <T extends @Nullable Object> Chain<T> next(T value) {
        return new Next<>(value, Headers.NONE);
    }

    /// Ends the chain here, successfully.
    static <T extends @Nullable Object> Chain<T> end(T value) {
        return new End<>(value);
    }
}
