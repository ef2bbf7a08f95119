package dev.portolan.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.health.Observation.Outcome;
import dev.portolan.json.Json;
import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredObservationsTest {

    private static final Instant START = Instant.parse("2026-11-23T04:30:00Z");
    private static final String KEY = "health:shop:eu-west-1";

    private final Json json = new Json();
    private volatile Instant now = START;
    private final InMemoryStateStore memory = new InMemoryStateStore(() -> now);
    private final FaultyStore store = new FaultyStore(memory);
    private final StoredObservations observations = new StoredObservations(store, json, () -> now);

    @Test
    void theFirstObservationIsStoredUnderEndpointAndObserverAndListed() {
        Observation stored = observations.add(seen(0, Outcome.HEALTHY));

        assertThat(stored.successes()).isEqualTo(1);
        assertThat(stored.failures()).isZero();
        assertThat(value())
                .containsEntry("format", 1)
                .containsEntry("endpoint", "shop")
                .containsEntry("observer", "eu-west-1")
                .containsEntry("at", "2026-11-23T04:30:00Z")
                .containsEntry("outcome", "HEALTHY")
                .containsEntry("status", 200)
                .containsEntry("successes", 1)
                .containsEntry("failures", 0);
        assertThat(memory.group("health", START, Page.Request.first(10)).entries())
                .extracting(Entry::key)
                .containsExactly(KEY);
    }

    /// Any sequence of outcomes, against a list that is counted from the end; some come late, and count for
    /// nothing.
    @Test
    void countsAreThoseOfTheLatestResults() {
        now = START.plusSeconds(1_000);
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StoredObservations fresh = new StoredObservations(new InMemoryStateStore(() -> now), json, () -> now);
            List<Observation> model = new ArrayList<>();
            int clock = 0;
            for (int i = 0; i < 40; i++) {
                boolean stale = clock > 0 && random.nextInt(4) == 0;
                clock += stale ? 0 : 10;
                Observation next = seen(stale ? random.nextInt(clock) : clock, outcome(random));

                boolean late =
                        !model.isEmpty() && !next.at().isAfter(model.getLast().at());
                Observation stored = fresh.add(next);
                if (late) {
                    assertThat(stored.successes()).as("seed %d", seed).isNull();
                } else {
                    model.add(next);
                    assertThat(stored.successes()).as("seed %d", seed).isEqualTo(tail(model, true));
                    assertThat(stored.failures()).as("seed %d", seed).isEqualTo(tail(model, false));
                }
            }
        }
    }

    private static int tail(List<Observation> model, boolean healthy) {
        int count = 0;
        for (Observation observation : model.reversed()) {
            if ((observation.outcome() == Outcome.HEALTHY) != healthy) {
                break;
            }
            count++;
        }
        return count;
    }

    private static Outcome outcome(SplittableRandom random) {
        return switch (random.nextInt(4)) {
            case 0 -> Outcome.EXTERNAL;
            case 1 -> Outcome.LOCAL_ORIGIN;
            default -> Outcome.HEALTHY;
        };
    }

    @Test
    void howeverLongItGoesOnTheEntryStaysWithinAKilobyteAndHoldsTheLatestTen() {
        for (int i = 0; i < 500; i++) {
            observations.add(seen(i * 10L, i % 2 == 0 ? Outcome.LOCAL_ORIGIN : Outcome.EXTERNAL));
        }

        assertThat(entry().value()).hasSizeLessThan(1024);
        assertThat(value().get("failures")).isEqualTo(500);
        List<?> results = (List<?>) value().get("results");
        assertThat(results).hasSize(10);
        assertThat(((Map<?, ?>) results.getFirst()).get("at"))
                .isEqualTo(START.plusSeconds(4_990).toEpochMilli());
        assertThat(((Map<?, ?>) results.getLast()).get("at"))
                .isEqualTo(START.plusSeconds(4_900).toEpochMilli());
    }

    @Test
    void aStaleRoundOverwritesNothingAndSaysSo() {
        observations.add(seen(10, Outcome.HEALTHY));
        Map<String, @Nullable Object> before = value();

        Observation late = observations.add(seen(0, Outcome.EXTERNAL));

        assertThat(late.outcome()).isEqualTo(Outcome.EXTERNAL);
        assertThat(late.successes()).isNull();
        assertThat(late.detail()).contains("not stored: a later probe is");
        assertThat(value()).isEqualTo(before);
    }

    @Test
    void aRoundThatWasFrozenForAnHourIsStaleAsWell() {
        now = START.plus(Duration.ofHours(1));
        observations.add(seen(3_600, Outcome.HEALTHY));

        assertThat(observations.add(seen(0, Outcome.EXTERNAL)).failures()).isNull();
    }

    @Test
    void whatAClockWroteThatWasAheadDoesNotBlockTheRight() {
        observations.add(seen(3_600, Outcome.EXTERNAL)); // an hour ahead

        Observation right = observations.add(seen(0, Outcome.HEALTHY));

        assertThat(right.successes()).isEqualTo(1);
        assertThat(value()).containsEntry("at", "2026-11-23T04:30:00Z");
    }

    @Test
    void theSameProbeIsCountedOnce() {
        observations.add(seen(0, Outcome.HEALTHY));

        assertThat(observations.add(seen(0, Outcome.HEALTHY)).successes()).isEqualTo(1);
    }

    @Test
    void aLostAnswerIsReadAgainAndCountedOnce() {
        observations.add(seen(0, Outcome.HEALTHY));
        store.loseAnswer();

        assertThat(observations.add(seen(10, Outcome.HEALTHY)).successes()).isEqualTo(2);
        assertThat(value()).containsEntry("successes", 2);
    }

    @Test
    void aLostFirstAnswerIsReadAgainAndCountedOnce() {
        store.loseAnswer();

        assertThat(observations.add(seen(0, Outcome.HEALTHY)).successes()).isEqualTo(1);
    }

    @Test
    void aStoreThatRefusesIsHeardOf() {
        store.refuse(Code.THROTTLED);

        assertThat(refusal().code()).isEqualTo(Code.THROTTLED);
    }

    @Test
    void othersWhoKeepWritingAreAConflictThatEnds() {
        store.refuse(Code.CONFLICT);

        assertThat(refusal().code()).isEqualTo(Code.CONFLICT);
        assertThat(refusal().retryAfter()).isNotNull();
    }

    @Test
    void whatLaterVersionsAddIsKept() {
        Map<String, @Nullable Object> later = new LinkedHashMap<>();
        later.put("format", 1);
        later.put("at", START.toString());
        later.put("successes", 4);
        later.put("epoch", 7);
        later.put("ejections", 2);
        memory.create(KEY, json.encode(later), Indexes.NONE, null);

        assertThat(observations.add(seen(10, Outcome.HEALTHY)).successes()).isEqualTo(5);
        assertThat(value()).containsEntry("epoch", 7).containsEntry("ejections", 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"format\": 2}", "{}", "[]", "7", "", "{\"format\": 1}", "{\"format\": 1, \"at\": 9}"})
    void anEntryThatIsNoneOfThisVersionIsLeftAloneWithTheRemedy(String text) {
        memory.create(KEY, text.getBytes(java.nio.charset.StandardCharsets.UTF_8), Indexes.NONE, null);

        Failure failure = refusal();

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure).hasMessageContaining(KEY).hasMessageContaining("delete it");
        assertThat(entry().value()).asString().isEqualTo(text);
    }

    @Test
    void whatNobodyProbesAnyMoreGoesAway() {
        observations.add(seen(0, Outcome.HEALTHY));

        now = START.plus(Duration.ofDays(7));

        assertThat(memory.find(KEY)).isEmpty();
    }

    @Test
    void ofManyWritersAtOnceTheLatestRoundIsWhatStays() throws Exception {
        now = START.plusSeconds(1_000);
        List<Callable<Void>> writers = new ArrayList<>();
        for (int writer = 0; writer < 8; writer++) {
            int offset = writer;
            writers.add(() -> {
                for (int round = 0; round < 50; round++) {
                    persist(seen(round * 10L + offset, Outcome.HEALTHY));
                }
                return null;
            });
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Void> writer : threads.invokeAll(writers)) {
                writer.get();
            }
        }

        assertThat(value()).containsEntry("at", START.plusSeconds(497).toString());
        List<Long> times = ((List<?>) value().get("results"))
                .stream().map(result -> (Long) ((Map<?, ?>) result).get("at")).toList();
        assertThat(times).doesNotHaveDuplicates().isSortedAccordingTo((one, other) -> Long.compare(other, one));
    }

    /// Adds it whatever the crowd.
    private void persist(Observation observation) {
        while (true) {
            try {
                observations.add(observation);
                return;
            } catch (Failure crowded) {
                assertThat(crowded.code()).isEqualTo(Code.CONFLICT);
            }
        }
    }

    private Failure refusal() {
        return catchThrowableOfType(Failure.class, () -> observations.add(seen(0, Outcome.HEALTHY)));
    }

    private Entry entry() {
        return memory.find(KEY).orElseThrow();
    }

    @SuppressWarnings("unchecked")
    private Map<String, @Nullable Object> value() {
        return (Map<String, @Nullable Object>) json.decode(entry().value());
    }

    private static Observation seen(long seconds, Outcome outcome) {
        boolean healthy = outcome == Outcome.HEALTHY;
        Sighting sighting = new Sighting(
                outcome,
                outcome == Outcome.LOCAL_ORIGIN ? null : healthy ? 200 : 503,
                "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
                healthy ? null : "no answer within 3s, while waiting for the answer");
        return Observation.of("shop", "eu-west-1", START.plusSeconds(seconds), sighting, healthy ? 1 : 2, 1234);
    }
}
