package dev.portolan.aws.lambda;

import dev.portolan.deadletter.DeadLetters;
import dev.portolan.driver.Address;
import dev.portolan.driver.Driver;
import dev.portolan.driver.Driver.Host;
import dev.portolan.execution.Continuation;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.intake.InMemoryNotifier;
import dev.portolan.intake.Notifier;
import dev.portolan.secret.EnvironmentSecrets;
import dev.portolan.secret.Secrets;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What stands behind the ports of a deployment, by the addresses in its environment. No driver is looked for
/// unless a variable names one.
///
/// @param lasting whether the store outlasts this process
/// @param notifier opened when a step sends mail
record Backing(
        StateStore store,
        boolean lasting,
        Continuation continuation,
        @Nullable DeadLetters deadLetters,
        Supplier<Notifier> notifier,
        Secrets secrets) {

    private static final String MEMORY = "memory";

    /// Opens what the environment names.
    ///
    /// @throws Failure naming the variable: `FAILED_PRECONDITION` if no store is named, otherwise as
    ///     [Address#open]
    static Backing of(Host host) {
        Address store = address(host, "PORTOLAN_STORE");
        if (store == null) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "PORTOLAN_STORE must name where state is kept, as in dynamodb:TABLE; 'memory' keeps it nowhere");
        }
        boolean lasting = !store.scheme().equals(MEMORY);
        StateStore state = lasting
                ? opened(store, driver -> driver.store(store.name(), host))
                : new InMemoryStateStore(host.clock());
        Address continuation = address(host, "PORTOLAN_CONTINUATION");
        Address deadLetters = address(host, "PORTOLAN_DEAD_LETTERS");
        Address secrets = address(host, "PORTOLAN_SECRETS");
        return new Backing(
                state,
                lasting,
                // What is in memory nobody could be woken for.
                !lasting
                        ? Continuation.NOBODY
                        : continuation == null
                                ? Continuation.SWEEP
                                : opened(continuation, driver -> driver.continuation(continuation.name(), host)),
                deadLetters == null
                        ? null
                        : opened(deadLetters, driver -> driver.deadLetters(deadLetters.name(), host)),
                () -> notifier(address(host, "PORTOLAN_NOTIFIER"), lasting, state, host),
                secrets == null
                        ? new EnvironmentSecrets(host.environment())
                        : opened(secrets, driver -> driver.secrets(secrets.name(), host)));
    }

    private static Notifier notifier(@Nullable Address address, boolean lasting, StateStore state, Host host) {
        if (address == null ? !lasting : address.scheme().equals(MEMORY)) {
            return new InMemoryNotifier();
        }
        if (address == null) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "PORTOLAN_NOTIFIER must name what sends mail, as in ses:SENDER; 'memory' sends none");
        }
        return opened(address, driver -> driver.notifier(address.name(), state, host));
    }

    private static @Nullable Address address(Host host, String variable) {
        String text = host.environment().getOrDefault(variable, "");
        return text.isBlank() ? null : Address.of(variable, text);
    }

    private static <T> T opened(Address address, Function<Driver, T> port) {
        return address.open(Set.of(MEMORY), Backing.class.getClassLoader(), port);
    }
}
