package dev.portolan.driver;

import dev.portolan.deadletter.DeadLetters;
import dev.portolan.execution.Continuation;
import dev.portolan.failure.Failure;
import dev.portolan.intake.Notifier;
import dev.portolan.secret.Secrets;
import dev.portolan.state.StateStore;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Puts a service behind the ports that it can serve. Found by [java.util.ServiceLoader], and named by the scheme
/// of an address: `dynamodb` in `dynamodb:portolan-state`.
///
/// Opening something does no input or output and makes no client: it is a part of each cold start, and may end
/// up in a snapshot. What is wrong with the other side, the first call tells.
///
/// Each method throws [Failure] `FAILED_PRECONDITION` for a name that cannot be one of its service, and where
/// the service is not for that port.
public interface Driver {

    /// What stands before the first colon of an address: lower-case letters and digits.
    String scheme();

    /// Opens a store.
    ///
    /// @param name what stands behind the colon
    default StateStore store(String name, Host host) {
        throw unfit("keeps no state");
    }

    /// Opens what wakes executions. It must be listened to, or swept for: work that waits is acknowledged.
    ///
    /// @param name what stands behind the colon
    default Continuation continuation(String name, Host host) {
        throw unfit("wakes nobody");
    }

    /// Opens a place for hopeless work.
    ///
    /// @param name what stands behind the colon
    default DeadLetters deadLetters(String name, Host host) {
        throw unfit("keeps no dead letters");
    }

    /// Opens what sends messages.
    ///
    /// @param name what stands behind the colon
    /// @param sent remembers what was sent, where the service does not; stays the caller's to close
    default Notifier notifier(String name, StateStore sent, Host host) {
        throw unfit("sends no messages");
    }

    /// Opens a place of secrets.
    ///
    /// @param name what stands behind the colon
    default Secrets secrets(String name, Host host) {
        throw unfit("keeps no secrets");
    }

    private Failure unfit(String reason) {
        return new Failure(Failure.Code.FAILED_PRECONDITION, "'" + scheme() + "' " + reason);
    }

    /// What a driver finds where it runs.
    ///
    /// @param environment variables, for settings that a service's own tools know
    /// @param random no two processes may be given the same numbers
    record Host(Map<String, String> environment, InstantSource clock, RandomGenerator random) {

        /// The number of variables, and no value.
        @Override
        public String toString() {
            return "Host[" + environment.size() + " variables]";
        }
    }
}
