package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.SocketProbe.Lookup;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/// Probes for tests: endpoints with the time that a busy machine needs, or with little.
final class Probes {

    static final Instant AT = Instant.parse("2026-11-23T04:30:00Z");

    private Probes() {}

    /// One that has all the time it needs.
    static Endpoint patient(URI url) {
        return endpoint(url, Duration.ofSeconds(10), Set.of());
    }

    /// One that gives up soon.
    static Endpoint hurried(URI url) {
        return endpoint(url, Duration.ofMillis(300), Set.of());
    }

    static Endpoint endpoint(URI url, Duration timeout, Set<Reserved> allow) {
        return new Endpoint(
                "shop",
                url,
                Statuses.USUAL,
                timeout,
                timeout,
                timeout.multipliedBy(2).plusSeconds(1),
                allow,
                null);
    }

    static Observation probe(Endpoint endpoint) throws InterruptedException {
        return probe(endpoint, InetAddress::getAllByName);
    }

    static Observation probe(Endpoint endpoint, Lookup lookup) throws InterruptedException {
        return prober(lookup, (SSLSocketFactory) SSLSocketFactory.getDefault()).probe(endpoint, "here", AT);
    }

    static Prober prober(Lookup lookup, SSLSocketFactory tls) {
        return new Prober(
                InstantSource.system(),
                name -> {
                    throw new Failure(Failure.Code.NOT_FOUND, "there is no secret '" + name + "'");
                },
                lookup,
                () -> tls);
    }

    /// A lookup that knows a few hosts.
    static Lookup knowing(Map<String, String> hosts) {
        return host -> {
            String address = hosts.get(host);
            if (address == null) {
                throw new UnknownHostException(host);
            }
            return InetAddress.getAllByName(address);
        };
    }
}
