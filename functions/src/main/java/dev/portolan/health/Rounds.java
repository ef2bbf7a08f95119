package dev.portolan.health;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Looks at endpoints again and again, each at its own interval, within one call.
///
/// Looks begin at fixed times, counted from the start of the call: a slow one delays no other. A time that passes
/// while the endpoint's last look still runs is left out.
final class Rounds {

    /// What is kept free before the deadline, for what is stored and answered.
    private static final Duration RESERVE = Duration.ofSeconds(1);

    /// One look at an endpoint.
    @FunctionalInterface
    interface Look {
        Observation at(Endpoint endpoint, Instant at) throws InterruptedException;
    }

    private final InstantSource clock;
    private final HealthFunctions.Sleeper sleeper;
    private final Executor threads;

    /// @param threads runs looks, each on a thread of its own
    Rounds(InstantSource clock, HealthFunctions.Sleeper sleeper, Executor threads) {
        this.clock = clock;
        this.sleeper = sleeper;
        this.threads = threads;
    }

    /// The looks at one endpoint.
    private static final class Series {
        private final int index;
        private final Endpoint endpoint;
        private Instant next;
        private @Nullable FutureTask<Observation> before;
        private @Nullable FutureTask<Observation> latest;

        private Series(int index, Endpoint endpoint, Instant first) {
            this.index = index;
            this.endpoint = endpoint;
            this.next = first;
        }

        /// The next look that begins after a time, by the interval.
        private void pass(Instant now) {
            do {
                next = next.plus(endpoint.interval());
            } while (!next.isAfter(now));
        }
    }

    /// Looks at endpoints for as long as so many rounds of the most frequent one take, but begins nothing that may
    /// not end before the deadline.
    ///
    /// @return the latest look at each, by the endpoint's name; without those that could not be looked at in time
    Map<String, Observation> run(List<Endpoint> endpoints, int rounds, @Nullable Instant deadline, Look look)
            throws InterruptedException {
        Instant first = clock.instant();
        Duration shortest = endpoints.stream()
                .map(Endpoint::interval)
                .min(Comparator.naturalOrder())
                .orElseThrow(() -> new IllegalArgumentException("no endpoints"));
        Instant last = first.plus(shortest.multipliedBy(rounds - 1L));
        List<Series> all = new ArrayList<>();
        endpoints.forEach(endpoint -> all.add(new Series(all.size(), endpoint, first)));
        try {
            start(all, last, deadline, look);
            return collected(all, deadline);
        } finally {
            for (Series series : all) {
                if (series.latest != null) {
                    series.latest.cancel(true);
                }
            }
        }
    }

    private void start(List<Series> all, Instant last, @Nullable Instant deadline, Look look)
            throws InterruptedException {
        // Of those that are due together, in their order.
        PriorityQueue<Series> coming = new PriorityQueue<>(
                Comparator.comparing((Series series) -> series.next).thenComparingInt(series -> series.index));
        coming.addAll(all);
        for (Series series = coming.poll(); series != null; series = coming.poll()) {
            if (tooLate(series, series.next, deadline)) {
                continue; // and so are later ones of this endpoint
            }
            Instant now = clock.instant();
            if (now.isBefore(series.next)) {
                sleeper.sleep(Duration.between(now, series.next));
                now = clock.instant();
            }
            if (tooLate(series, now, deadline)) {
                continue;
            }
            if (series.latest == null || series.latest.isDone()) {
                Endpoint endpoint = series.endpoint;
                Instant at = now;
                series.before = series.latest;
                series.latest = new FutureTask<>(() -> look.at(endpoint, at));
                threads.execute(series.latest);
            }
            series.pass(now);
            if (!series.next.isAfter(last)) {
                coming.add(series);
            }
        }
    }

    private static boolean tooLate(Series series, Instant begin, @Nullable Instant deadline) {
        return deadline != null
                && begin.plus(Prober.longest(series.endpoint)).plus(RESERVE).isAfter(deadline);
    }

    private Map<String, Observation> collected(List<Series> all, @Nullable Instant deadline)
            throws InterruptedException {
        Map<String, Observation> latest = new LinkedHashMap<>();
        for (Series series : all) {
            Observation observation = ended(series.latest, deadline);
            if (observation == null) {
                observation = ended(series.before, deadline);
            }
            if (observation != null) {
                latest.put(series.endpoint.name(), observation);
            }
        }
        return latest;
    }

    /// What a look saw, or null where there was none, or time runs out.
    private @Nullable Observation ended(@Nullable FutureTask<Observation> look, @Nullable Instant deadline)
            throws InterruptedException {
        if (look == null) {
            return null;
        }
        try {
            if (deadline == null) {
                return look.get();
            }
            Duration left = Duration.between(clock.instant(), deadline).minus(RESERVE.dividedBy(2));
            return look.get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException defect -> throw defect;
                case InterruptedException interrupted -> throw interrupted;
                case Error error -> throw error;
                case null, default -> throw new IllegalStateException(e);
            }
        }
    }
}
