package dev.portolan.health;

import dev.portolan.health.Observation.Outcome;
import org.jspecify.annotations.Nullable;

/// How one attempt ended, or the last of a probe.
record Sighting(
        Outcome outcome,
        @Nullable Integer status,
        @Nullable String address,
        @Nullable String detail) {

    static Sighting local(@Nullable String address, String detail) {
        return new Sighting(Outcome.LOCAL_ORIGIN, null, address, detail);
    }
}
