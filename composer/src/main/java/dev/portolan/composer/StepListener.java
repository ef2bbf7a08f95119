package dev.portolan.composer;

import dev.portolan.failure.Failure;
import org.jspecify.annotations.Nullable;

/// Hears of every attempt of every step, on the thread that runs it. Must be quick and must not throw.
public interface StepListener {

    /// Hears nothing.
    StepListener NONE = new StepListener() {};

    /// An attempt begins.
    ///
    /// @param attempt from 1
    default void started(Step step, int attempt) {}

    /// An attempt ended.
    ///
    /// @param failure why it failed, or null if it did not
    default void finished(Step step, int attempt, @Nullable Failure failure) {}
}
