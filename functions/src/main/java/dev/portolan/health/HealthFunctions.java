package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.function.Ports;
import dev.portolan.state.Codec;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;

/// The function of this package under its name, over the drivers that a deployment chose.
///
/// @param endpoints what `health-probe` looks at
/// @param codec writes what it keeps in the store
/// @param environment names who looks: `PORTOLAN_OBSERVER`, else `AWS_REGION`, else the host's name
/// @param sleeper lets time pass between rounds
public record HealthFunctions(Endpoints endpoints, Codec codec, Map<String, String> environment, Sleeper sleeper)
        implements FunctionModule {

    /// Lets time pass; as [Thread#sleep(Duration)].
    @FunctionalInterface
    public interface Sleeper {
        void sleep(Duration duration) throws InterruptedException;
    }

    /// The function's name, for whoever must choose another.
    public static final String NAME = "health-probe";

    private static final int LONGEST_OBSERVER = 100;

    @Override
    public void register(FunctionRegistrar functions) {
        Ports ports = functions.ports();
        InstantSource clock = ports.clock();
        functions.add(
                NAME,
                new HealthProbe(
                        endpoints,
                        new StoredObservations(ports.store(), codec, clock),
                        this::observer,
                        new Prober(clock, ports.secrets(), InetAddress::getAllByName, () ->
                                (SSLSocketFactory) SSLSocketFactory.getDefault()),
                        new Rounds(
                                clock,
                                sleeper,
                                look -> Thread.ofVirtual().name("portolan-look").start(look)),
                        clock));
    }

    /// Asked when it is first used: a host's name may have to be looked up.
    private String observer() {
        String named = environment.getOrDefault("PORTOLAN_OBSERVER", environment.get("AWS_REGION"));
        String observer = named == null ? hostName() : named;
        if (observer.isBlank() || observer.length() > LONGEST_OBSERVER) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "the observer's name has 1 to " + LONGEST_OBSERVER + " characters; set PORTOLAN_OBSERVER");
        }
        return observer;
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
