package dev.portolan.aws.lambda;

import dev.portolan.execution.Continuation;
import dev.portolan.state.StateStore;
import java.time.InstantSource;
import java.util.Map;

/// Where a deployment keeps state, and how its executions are woken: a service, found by the name that
/// `PORTOLAN_STORE` gives.
public interface StoreProvider {

    /// What `PORTOLAN_STORE` calls it.
    String name();

    /// Opens the store. What takes time is left to the first call: this is a part of each cold start.
    ///
    /// @param environment the function's, for settings
    /// @throws dev.portolan.failure.Failure `FAILED_PRECONDITION` if a setting is missing
    StateStore open(Map<String, String> environment, InstantSource clock);

    /// What wakes executions in this store. It must be listened to, or swept for: work that waits is
    /// acknowledged.
    ///
    /// @param environment the function's, for settings
    /// @throws dev.portolan.failure.Failure `FAILED_PRECONDITION` if a setting is missing
    Continuation continuation(Map<String, String> environment);
}
