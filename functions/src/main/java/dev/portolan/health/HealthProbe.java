package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.failure.Violation;
import dev.portolan.health.Observation.Outcome;
import dev.portolan.invocation.Invocation;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Looks whether endpoints answer, many at once, and stores what it saw of each.
///
/// It answers the latest observation of every endpoint, healthy or not: a failing endpoint is a result, and no
/// failure. A store that does not take an observation takes none away; the observation says so.
public final class HealthProbe implements Function<HealthProbe.Request, List<Observation>> {

    private static final int MOST_ROUNDS = 60;

    /// What to look at, and how often.
    ///
    /// @param rounds how often the endpoint of the shortest interval is probed within this call, 1 to 60, while the
    ///     others keep theirs; null for once
    /// @param only names of endpoints; null for all of them
    public record Request(
            @Nullable Integer rounds, @Nullable List<String> only) {}

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
    public List<Observation> apply(Request request) {
        int often = request.rounds() == null ? 1 : request.rounds();
        if (often < 1 || often > MOST_ROUNDS) {
            throw Failure.invalid("/rounds", "must be 1 to " + MOST_ROUNDS);
        }
        List<Endpoint> chosen = chosen(request.only());
        String from = observer.get();
        try {
            Map<String, Observation> seen = rounds.run(
                    chosen, often, Invocation.current().deadline(), (endpoint, at) -> look(endpoint, at, from));
            return chosen.stream()
                    .map(endpoint ->
                            seen.containsKey(endpoint.name()) ? seen.get(endpoint.name()) : late(endpoint, from))
                    .toList();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.Code.TIMEOUT, "interrupted between probes; what was seen before is stored", e);
        }
    }

    private List<Endpoint> chosen(@Nullable List<String> only) {
        List<Endpoint> all = endpoints.all();
        if (only == null) {
            return all;
        }
        List<String> names = all.stream().map(Endpoint::name).toList();
        List<Violation> unknown = new ArrayList<>();
        for (int i = 0; i < only.size(); i++) {
            if (!names.contains(only.get(i))) {
                unknown.add(new Violation("/only/" + i, "no such endpoint" + Nearest.hint(only.get(i), names)));
            }
        }
        if (only.isEmpty()) {
            unknown.add(new Violation("/only", "names none; leave it out for all"));
        }
        if (!unknown.isEmpty()) {
            throw Failure.invalid(unknown);
        }
        return all.stream().filter(endpoint -> only.contains(endpoint.name())).toList();
    }

    private Observation look(Endpoint endpoint, Instant at, String from) throws InterruptedException {
        Observation seen = prober.probe(endpoint, from, at.truncatedTo(ChronoUnit.MILLIS));
        if (seen.outcome() == Outcome.NOT_PROBED) {
            return seen;
        }
        try {
            return observations.add(seen);
        } catch (Failure failure) {
            String reason = "not stored: " + failure.code() + ", " + failure.detail();
            System.getLogger("dev.portolan").log(Level.WARNING, "{0}: {1}", endpoint.name(), reason);
            return seen.noting(reason);
        }
    }

    private Observation late(Endpoint endpoint, String from) {
        return Observation.of(
                endpoint.name(),
                from,
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                Sighting.notProbed("too little time is left before the deadline"),
                0,
                0);
    }
}
