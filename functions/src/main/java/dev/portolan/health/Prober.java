package dev.portolan.health;

import static java.util.Objects.requireNonNull;

import dev.portolan.failure.Failure;
import dev.portolan.health.Observation.Outcome;
import dev.portolan.health.SocketProbe.Lookup;
import dev.portolan.secret.Secrets;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// Looks at endpoints over the network: two attempts at most, each cut off at the endpoint's timeout whatever the
/// peer, the network or a name server does. Thread-safe.
final class Prober {

    /// Attempts under way at once: each may hold a file descriptor, of which Lambda gives 1,024.
    private static final int MOST = 512;

    /// Lookups under way at once, those given up that have not ended included: a lookup cannot be interrupted, and
    /// holds one of the 256 threads at most that virtual ones share.
    private static final int MOST_LOOKUPS = 128;

    private static final int ATTEMPTS = 2;

    private final Semaphore room = new Semaphore(MOST);
    private final Semaphore lookups = new Semaphore(MOST_LOOKUPS);
    private final InstantSource clock;
    private final Secrets secrets;
    private final Lookup lookup;
    private final Supplier<SSLSocketFactory> tls;

    Prober(InstantSource clock, Secrets secrets, Lookup lookup, Supplier<SSLSocketFactory> tls) {
        this.clock = clock;
        this.secrets = secrets;
        this.lookup = lookup;
        this.tls = tls;
    }

    /// How long a probe takes at most.
    static Duration longest(Endpoint endpoint) {
        return endpoint.timeout().multipliedBy(ATTEMPTS);
    }

    /// Looks at an endpoint now.
    ///
    /// @param at when that is, for the record
    Observation probe(Endpoint endpoint, String observer, Instant at) throws InterruptedException {
        String authorization = null;
        if (endpoint.authorization() != null) {
            try {
                authorization = authorization(endpoint.authorization());
            } catch (Failure failure) {
                return Observation.notProbed(endpoint, observer, at, failure.code() + ": " + failure.detail());
            }
        }
        for (int attempt = 1; ; attempt++) {
            Instant begun = clock.instant();
            Sighting sighting = attempt(endpoint, authorization);
            boolean failed = sighting.outcome() == Outcome.EXTERNAL || sighting.outcome() == Outcome.LOCAL_ORIGIN;
            if (!failed || attempt == ATTEMPTS) {
                long millis = Duration.between(begun, clock.instant()).toMillis();
                return Observation.of(endpoint.name(), observer, at, sighting, attempt, millis);
            }
        }
    }

    /// A secret as a header's value: on one line, so that it is no second header.
    private String authorization(String secret) {
        String value = secrets.find(secret);
        if (!value.chars().allMatch(c -> c >= ' ' && c <= '~')) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "the secret '" + secret + "' is no header's value; store it as one line of ASCII");
        }
        return value;
    }

    private Sighting attempt(Endpoint endpoint, @Nullable String authorization) throws InterruptedException {
        long nanos = endpoint.timeout().toNanos();
        if (!room.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            return new Sighting(
                    Outcome.NOT_PROBED,
                    null,
                    null,
                    MOST + " other attempts have not ended; give fewer endpoints to one observer");
        }
        SocketProbe probe = new SocketProbe(endpoint, authorization, this::addresses, tls);
        FutureTask<Sighting> attempt = new FutureTask<>(() -> {
            try {
                return probe.run();
            } finally {
                room.release();
            }
        });
        Thread worker = Thread.ofVirtual().name("portolan-probe").start(attempt);
        try {
            return attempt.get(nanos, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            Sighting late = probe.end(spoken(endpoint.timeout()));
            worker.interrupt();
            return late;
        } catch (InterruptedException e) {
            probe.end("");
            worker.interrupt();
            throw e;
        } catch (ExecutionException e) {
            throw new Failure(
                    Failure.Code.UNKNOWN, "a probe threw " + Failure.describe(requireNonNull(e.getCause())), e);
        }
    }

    /// As the lookup, when it is its turn. An address needs none.
    private InetAddress[] addresses(String host) throws UnknownHostException {
        boolean literal = host.startsWith("[") || Character.isDigit(host.charAt(host.length() - 1));
        if (literal) {
            return lookup.addresses(host);
        }
        try {
            lookups.acquire();
        } catch (InterruptedException e) {
            throw new UnknownHostException(host); // its time is over, and nobody hears of this
        }
        try {
            return lookup.addresses(host);
        } finally {
            lookups.release();
        }
    }

    /// A duration as a definition has it: `1500ms`, `3s`.
    static String spoken(Duration duration) {
        return duration.toMillisPart() == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
