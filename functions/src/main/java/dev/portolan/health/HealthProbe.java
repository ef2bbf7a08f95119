package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.health.Observation.Outcome;
import dev.portolan.invocation.Invocation;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks whether endpoints answer, many at once, and stores what it saw of each.
///
/// It answers the latest observation of every endpoint, healthy or not: a failing endpoint is a result, and no
/// failure. A store that does not take an observation takes none away; the observation says so.
public final class HealthProbe implements Function<ProbeRequest, List<Observation>> {

    private final Endpoints endpoints;
    private final StoredObservations observations;
    private final Supplier<String> observer;
    private final Prober prober;
    private final Rounds rounds;
    private final InstantSource clock;

    HealthProbe(
            Endpoints endpoints,
            StoredObservations observations,
            Supplier<String> observer,
            Prober prober,
            Rounds rounds,
            InstantSource clock) {
        this.endpoints = endpoints;
        this.observations = observations;
        this.observer = observer;
        this.prober = prober;
        this.rounds = rounds;
        this.clock = clock;
    }

    @Override
    public List<Observation> apply(ProbeRequest request) {
        int often = request.often();
        List<Endpoint> chosen = request.chosen(endpoints.all());
        String from = observer.get();
        Map<String, Observation> answered = new ConcurrentHashMap<>();
        try {
            Instant deadline = Invocation.current().deadline();
            Map<String, Observation> stored = rounds.run(chosen, often, deadline, (endpoint, at) -> {
                Observation seen = prober.probe(endpoint, from, at.truncatedTo(ChronoUnit.MILLIS));
                answered.put(endpoint.name(), seen);
                return stored(seen);
            });
            return chosen.stream()
                    .map(endpoint -> latest(endpoint, from, stored.get(endpoint.name()), answered.get(endpoint.name())))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Code.TIMEOUT, "interrupted between probes; what was seen before is stored", e);
        }
    }

    private Observation stored(Observation seen) {
        if (seen.outcome() == Outcome.NOT_PROBED) {
            return seen;
        }
        try {
            return observations.add(seen);
        } catch (Failure failure) {
            String reason = "not stored: " + failure.code() + ", " + failure.detail();
            System.getLogger("dev.portolan").log(Level.WARNING, "{0}: {1}", seen.endpoint(), reason);
            return seen.noting(reason);
        }
    }

    /// @param stored the latest that is stored, or could not be; null if there is none
    /// @param answered the latest at all, which a store that stalls may still have
    private Observation latest(
            Endpoint endpoint, String from, @Nullable Observation stored, @Nullable Observation answered) {
        if (answered == null) {
            return Observation.notProbed(
                    endpoint, from, clock.instant(), "too little time is left before the deadline");
        }
        return stored != null && !stored.at().isBefore(answered.at())
                ? stored
                : answered.noting("not stored: the store did not answer before the deadline");
    }
}
