package dev.portolan.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.health.Endpoint.Statuses;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RoundsTest {

    private static final Instant START = Instant.parse("2026-11-23T04:30:00Z");

    private final Map<String, List<Long>> begun = new LinkedHashMap<>();
    private Instant now = START;
    private Duration oversleep = Duration.ZERO;

    private final Rounds rounds =
            new Rounds(() -> now, duration -> now = now.plus(duration).plus(oversleep), Runnable::run);

    @Test
    void roundsBeginAtFixedTimes() throws InterruptedException {
        rounds.run(List.of(endpoint("a", 10)), 6, null, this::look);

        assertThat(begun).containsEntry("a", List.of(0L, 10_000L, 20_000L, 30_000L, 40_000L, 50_000L));
    }

    @Test
    void sleepingTooLongAddsUpToNothing() throws InterruptedException {
        oversleep = Duration.ofMillis(700);

        rounds.run(List.of(endpoint("a", 10)), 4, null, this::look);

        assertThat(begun).containsEntry("a", List.of(0L, 10_700L, 20_700L, 30_700L));
    }

    @Test
    void anEndpointKeepsItsIntervalWhileTheShortestHasItsRounds() throws InterruptedException {
        rounds.run(List.of(endpoint("a", 60), endpoint("b", 10), endpoint("c", 25)), 6, null, this::look);

        assertThat(begun)
                .containsEntry("a", List.of(0L))
                .containsEntry("b", List.of(0L, 10_000L, 20_000L, 30_000L, 40_000L, 50_000L))
                .containsEntry("c", List.of(0L, 25_000L, 50_000L));
    }

    @Test
    void whatMayNotEndBeforeTheDeadlineDoesNotBegin() throws InterruptedException {
        // Two attempts of 2 s, and a second for the store: the one at 20 s would need until 25 s.
        Map<String, Observation> seen = rounds.run(List.of(endpoint("a", 10)), 6, START.plusMillis(24_999), this::look);

        assertThat(begun).containsEntry("a", List.of(0L, 10_000L));
        assertThat(seen.get("a").at()).isEqualTo(START.plusSeconds(10));
    }

    @Test
    void withoutTimeForOneLookThereIsNone() throws InterruptedException {
        assertThat(rounds.run(List.of(endpoint("a", 10)), 1, START.plusMillis(4_999), this::look))
                .isEmpty();
        assertThat(rounds.run(List.of(endpoint("a", 10)), 1, START.plusMillis(5_000), this::look))
                .hasSize(1);
    }

    @Test
    void timesThatPassWhileTheMachineSleptAreLeftOut() throws InterruptedException {
        oversleep = Duration.ofSeconds(25); // as where a host freezes

        rounds.run(List.of(endpoint("a", 10)), 8, null, this::look);

        assertThat(begun).containsEntry("a", List.of(0L, 35_000L, 65_000L, 95_000L));
    }

    @Test
    void anEndpointWhoseLastLookStillRunsIsNotLookedAtASecondTime() throws InterruptedException {
        CountDownLatch slow = new CountDownLatch(1);
        List<Instant> looks = new ArrayList<>();
        AtomicBoolean first = new AtomicBoolean(true);
        Rounds threaded = new Rounds(() -> now, duration -> now = now.plus(duration), look -> {
            if (first.getAndSet(false)) {
                Thread.ofVirtual().start(look);
            } else {
                look.run();
            }
        });

        Map<String, Observation> seen =
                threaded.run(List.of(endpoint("a", 10), endpoint("b", 10)), 4, null, (endpoint, at) -> {
                    if (endpoint.name().equals("a")) {
                        looks.add(at);
                        slow.await();
                    } else if (at.equals(START.plusSeconds(30))) { // the last, when it was the other's turn
                        slow.countDown();
                    }
                    return saw(endpoint, at);
                });

        assertThat(looks).containsExactly(START);
        assertThat(seen.get("a").at()).isEqualTo(START);
    }

    @Test
    void aDefectInALookIsThrown() {
        assertThatIllegalStateException()
                .isThrownBy(() -> rounds.run(List.of(endpoint("a", 10)), 1, null, (endpoint, at) -> {
                    throw new IllegalStateException("a defect");
                }))
                .withMessage("a defect");
    }

    @Test
    void anInterruptStopsLooksThatRun() throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        CountDownLatch begunLook = new CountDownLatch(1);
        Rounds threaded = new Rounds(
                () -> now,
                duration -> {
                    begunLook.await();
                    throw new InterruptedException();
                },
                look -> Thread.ofVirtual().start(look));

        assertThatThrownBy(() -> threaded.run(List.of(endpoint("a", 10)), 2, null, (endpoint, at) -> {
                    begunLook.countDown();
                    try {
                        new CountDownLatch(1).await();
                    } finally {
                        stopped.countDown();
                    }
                    return saw(endpoint, at);
                }))
                .isInstanceOf(InterruptedException.class);

        stopped.await();
    }

    /// Whatever the intervals, the sleep and the deadline: looks begin at or after a time of their own grid and
    /// before the next, never twice in one, never too near the deadline, and none is missing that a machine
    /// which oversleeps by less than the shortest interval could keep.
    @Test
    void randomRoundsKeepTheirGrid() throws InterruptedException {
        for (long seed = 1; seed <= 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            List<Endpoint> endpoints = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(5); i++) {
                endpoints.add(endpoint("e" + i, 4 + random.nextInt(60)));
            }
            int often = 1 + random.nextInt(12);
            now = START;
            begun.clear();
            Instant deadline = random.nextBoolean() ? null : START.plusMillis(random.nextInt(200_000));
            int most = random.nextInt(3_900);
            Rounds oversleeping = new Rounds(
                    () -> now,
                    duration -> now = now.plus(duration).plusMillis(random.nextInt(most + 1)),
                    Runnable::run);

            oversleeping.run(endpoints, often, deadline, this::look);

            long shortest = endpoints.stream()
                    .mapToLong(endpoint -> endpoint.interval().toMillis())
                    .min()
                    .orElseThrow();
            for (Endpoint endpoint : endpoints) {
                long interval = endpoint.interval().toMillis();
                List<Long> looks = begun.getOrDefault(endpoint.name(), List.of());
                assertThat(looks.stream().map(look -> look / interval).toList())
                        .as("seed %d: each in a slot of its own, in their order", seed)
                        .doesNotHaveDuplicates()
                        .isSorted();
                if (deadline == null) {
                    assertThat((long) looks.size())
                            .as("seed %d: none is missing", seed)
                            .isEqualTo((often - 1) * shortest / interval + 1);
                    assertThat(looks)
                            .as("seed %d: late by one sleep at most", seed)
                            .allSatisfy(look -> assertThat(look % interval).isLessThanOrEqualTo(most));
                } else {
                    assertThat(looks)
                            .as("seed %d: none begins whose time ends after the deadline", seed)
                            .allSatisfy(look -> assertThat(look + 5_000)
                                    .isLessThanOrEqualTo(
                                            Duration.between(START, deadline).toMillis()));
                }
            }
        }
    }

    private Observation look(Endpoint endpoint, Instant at) {
        begun.computeIfAbsent(endpoint.name(), name -> new ArrayList<>())
                .add(Duration.between(START, at).toMillis());
        return saw(endpoint, at);
    }

    private static Observation saw(Endpoint endpoint, Instant at) {
        return Observation.of(endpoint.name(), "here", at, Sighting.local(null, "no such host"), 1, 0);
    }

    private static Endpoint endpoint(String name, int seconds) {
        Duration two = Duration.ofSeconds(2);
        return new Endpoint(
                name,
                URI.create("tcp://shop.example:1"),
                Statuses.USUAL,
                two,
                two,
                Duration.ofSeconds(seconds),
                Set.of(),
                null);
    }
}
