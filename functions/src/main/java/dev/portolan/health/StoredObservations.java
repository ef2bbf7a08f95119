package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.health.Observation.Outcome;
import dev.portolan.state.Codec;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What each observer saw of each endpoint, in a state store: one entry for both, under
/// `health:{endpoint}:{observer}`, listed in the group `health` by the time of its latest probe.
///
/// The value is a JSON object of about a kilobyte, however long it goes on:
///
/// | member | |
/// |---|---|
/// | `format` | 1 |
/// | `endpoint`, `observer` | whose it is |
/// | `at`, `outcome`, `status`, `millis`, `attempts`, `address`, `detail` | the latest probe |
/// | `successes`, `failures` | probes in succession that found it healthy, or failing; one of them is 0 |
/// | `results` | the latest ten, newest first: `at` (milliseconds), `outcome`, `status`, `millis` |
/// | `epoch`, `ejections` | kept free: the decision that this observer acts by, and how often it took the endpoint out
/// |
///
/// Members that this version does not know are kept as they are, so that detection and switching can add theirs
/// while probes of an earlier version go on. Thread-safe.
public final class StoredObservations {

    /// The group of all entries.
    public static final String GROUP = "health";

    private static final int FORMAT = 1;
    private static final int RING = 10;
    private static final int ATTEMPTS = 10;

    /// An entry of an endpoint that nobody probes any more goes away.
    private static final Duration KEPT = Duration.ofDays(7);

    /// What lies further ahead was written by a clock that was wrong, and does not count as newer.
    private static final Duration AHEAD = Duration.ofMinutes(5);

    private final StateStore store;
    private final Codec codec;
    private final InstantSource clock;

    /// Observations in a store that stays the caller's to close.
    public StoredObservations(StateStore store, Codec codec, InstantSource clock) {
        this.store = store;
        this.codec = codec;
        this.clock = clock;
    }

    /// The key of an entry.
    public static String key(String endpoint, String observer) {
        return "health:" + endpoint + ":" + observer;
    }

    /// Adds what a probe saw, unless a later one is there.
    ///
    /// @param seen its `successes` and `failures` are passed over
    /// @return the same with the counts as they are stored; without counts if a later probe is there
    /// @throws Failure as the store's; `CONFLICT` with a `retryAfter` if others kept writing;
    ///     `FAILED_PRECONDITION` if the entry is none of this version's
    Observation add(Observation seen) {
        String key = key(seen.endpoint(), seen.observer());
        boolean doubt = false;
        for (int attempt = 1; ; attempt++) {
            Entry held = store.find(key).orElse(null);
            Map<String, @Nullable Object> before = held == null ? Map.of() : decoded(held);
            Instant last = instant(before, key);
            if (last != null
                    && !seen.at().isAfter(last)
                    && last.isBefore(clock.instant().plus(AHEAD))) {
                return last.equals(seen.at()) ? counted(seen, before) : seen.noting("not stored: a later probe is");
            }
            Map<String, @Nullable Object> after = next(before, seen);
            byte[] value = codec.encode(after);
            try {
                Indexes indexes = Indexes.group(GROUP, seen.at());
                if (held == null) {
                    store.create(key, value, indexes, seen.at().plus(KEPT));
                } else {
                    store.replace(held, value, indexes, seen.at().plus(KEPT));
                }
                return counted(seen, after);
            } catch (Failure failure) {
                boolean lost = failure.effect() == Failure.Effect.UNKNOWN && !doubt; // reading it again decides
                doubt |= lost;
                if (failure.code() != Code.CONFLICT && !lost) {
                    throw failure;
                }
                if (attempt == ATTEMPTS) {
                    throw new Failure(Code.CONFLICT, "others keep writing the same observation", failure)
                            .withRetryAfter(Duration.ofSeconds(1));
                }
            }
        }
    }

    private static Map<String, @Nullable Object> next(Map<String, @Nullable Object> before, Observation seen) {
        boolean healthy = seen.outcome() == Outcome.HEALTHY;
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        result.put("at", seen.at().toEpochMilli());
        result.put("outcome", seen.outcome().name());
        result.put("status", seen.status());
        result.put("millis", seen.millis());
        List<@Nullable Object> results = new ArrayList<>();
        results.add(result);
        if (before.get("results") instanceof List<?> earlier) {
            results.addAll(earlier.subList(0, Math.min(earlier.size(), RING - 1)));
        }
        Map<String, @Nullable Object> after = new LinkedHashMap<>(before);
        after.put("format", FORMAT);
        after.put("endpoint", seen.endpoint());
        after.put("observer", seen.observer());
        after.put("at", seen.at().toString());
        after.put("outcome", seen.outcome().name());
        after.put("status", seen.status());
        after.put("millis", seen.millis());
        after.put("attempts", seen.attempts());
        after.put("address", seen.address());
        after.put("detail", seen.detail());
        after.put("successes", healthy ? count(before, "successes") + 1 : 0);
        after.put("failures", healthy ? 0 : count(before, "failures") + 1);
        after.put("results", results);
        return after;
    }

    private static Observation counted(Observation seen, Map<String, @Nullable Object> stored) {
        return seen.counted(count(stored, "successes"), count(stored, "failures"));
    }

    @SuppressWarnings("unchecked") // a codec's maps have string keys
    private Map<String, @Nullable Object> decoded(Entry entry) {
        Object tree;
        try {
            tree = codec.decode(entry.value());
        } catch (Failure torn) {
            throw unreadable(entry.key());
        }
        if (!(tree instanceof Map<?, ?> map)) {
            throw unreadable(entry.key());
        }
        if (!Integer.valueOf(FORMAT).equals(map.get("format"))) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "the entry " + entry.key() + " is of another format than " + FORMAT
                            + "; deploy the version that wrote it, or delete it");
        }
        return (Map<String, @Nullable Object>) map;
    }

    private static @Nullable Instant instant(Map<String, @Nullable Object> stored, String key) {
        if (stored.isEmpty()) {
            return null;
        }
        try {
            return Instant.parse(String.valueOf(stored.get("at")));
        } catch (DateTimeParseException e) {
            throw unreadable(key);
        }
    }

    /// Counts stop at the largest whole number rather than turn negative.
    private static int count(Map<String, @Nullable Object> stored, String name) {
        return stored.get(name) instanceof Integer count ? Math.min(count, Integer.MAX_VALUE - 1) : 0;
    }

    private static Failure unreadable(String key) {
        return new Failure(Code.FAILED_PRECONDITION, "the entry " + key + " is no observation; delete it");
    }
}
