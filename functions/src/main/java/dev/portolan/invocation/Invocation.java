package dev.portolan.invocation;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a function may know of its call. It is bound to the thread that runs the step, and to the threads of a
/// structured task scope that the step opens.
///
/// A pipeline binds one for every attempt of every step. Outside a pipeline (a plain unit test, a stock Spring
/// Cloud Function adapter) [#current] answers a fresh one; a test that cares binds its own:
///
/// ```java
/// new Invocation("order-7", "greet", 1, null, Headers.NONE).call(() -> greet.apply(input));
/// ```
///
/// @param id names the work, and stays the same when the work is delivered again
/// @param step the step's name within its pipeline; `name/undo` for what takes back the effect of step `name`
/// @param attempt counts from 1
/// @param deadline when the step is cut off, or null where nothing cuts it off
/// @param headers what came with the call, and what earlier steps added
public record Invocation(
        String id, String step, int attempt, @Nullable Instant deadline, Headers headers) {

    /// What follows a step's name in the name of its undo.
    public static final String UNDO = "/undo";

    private static final ScopedValue<Invocation> CURRENT = ScopedValue.newInstance();

    /// The invocation that this thread works for. Outside a pipeline: a new one at every call, with a random
    /// id, step `function`, attempt 1, no deadline and no headers.
    public static Invocation current() {
        return CURRENT.isBound()
                ? CURRENT.get()
                : new Invocation(UUID.randomUUID().toString(), "function", 1, null, Headers.NONE);
    }

    /// The idempotency key of the step's effect: `id/step`, the same at every attempt.
    public String key() {
        return id + "/" + step;
    }

    /// The key of the effect that this call takes back, or null if it is no undo.
    public @Nullable String undoes() {
        return step.endsWith(UNDO) ? id + "/" + step.substring(0, step.length() - UNDO.length()) : null;
    }

    /// Runs something with this as the [#current] invocation.
    public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<? extends T, X> work)
            throws X {
        return ScopedValue.where(CURRENT, this).call(work);
    }
}
