package dev.portolan.health;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// What an observer saw of an endpoint when it last looked.
///
/// @param status the HTTP status that it answered, or null where it answered none
/// @param detail what is wrong, for people; null where nothing is
/// @param millis how long the last attempt took
/// @param attempts 1, or 2 where the first attempt failed
/// @param successes probes in succession, this one included, that found it healthy; null where this is not stored
/// @param failures probes in succession, this one included, that found it failing; null where this is not stored
/// @param address what was connected to, or null where nothing was
/// @param observer who looked: a region, or a machine
/// @param at when the probe began
public record Observation(
        String endpoint,
        Outcome outcome,
        @Nullable Integer status,
        @Nullable String detail,
        long millis,
        int attempts,
        @Nullable Integer successes,
        @Nullable Integer failures,
        @Nullable String address,
        String observer,
        Instant at) {

    /// How a probe ended. What the endpoint said is kept apart from what hindered asking it, since the latter may
    /// be the observer's own trouble.
    public enum Outcome {
        /// It answered as expected.
        HEALTHY,
        /// It answered otherwise: another status, or no HTTP.
        EXTERNAL,
        /// It could not be asked or did not answer: lookup, connection, TLS, reset or time.
        LOCAL_ORIGIN,
        /// It was not asked, for a reason that says nothing about it. Not stored, and counted for nothing.
        NOT_PROBED
    }

    /// What a probe saw, before it is stored.
    static Observation of(String endpoint, String observer, Instant at, Sighting sighting, int attempts, long millis) {
        return new Observation(
                endpoint,
                sighting.outcome(),
                sighting.status(),
                sighting.detail(),
                millis,
                attempts,
                null,
                null,
                sighting.address(),
                observer,
                at);
    }

    /// That an endpoint was not asked.
    static Observation notProbed(Endpoint endpoint, String observer, Instant at, String reason) {
        Sighting none = new Sighting(Outcome.NOT_PROBED, null, null, reason);
        return of(endpoint.name(), observer, at.truncatedTo(ChronoUnit.MILLIS), none, 0, 0);
    }

    /// The same, as it is stored.
    Observation counted(int successes, int failures) {
        return new Observation(
                endpoint, outcome, status, detail, millis, attempts, successes, failures, address, observer, at);
    }

    /// The same, with more to say.
    Observation noting(String note) {
        String both = detail == null ? note : detail + "; " + note;
        return new Observation(
                endpoint, outcome, status, both, millis, attempts, successes, failures, address, observer, at);
    }
}
