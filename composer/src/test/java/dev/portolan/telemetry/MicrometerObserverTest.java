package dev.portolan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Observer;
import dev.portolan.invocation.Headers;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class MicrometerObserverTest {

    private final MockClock clock = new MockClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry(SimpleConfig.DEFAULT, clock);
    private final Observer observer = new MicrometerObserver(registry);
    private final Stage stage = new Stage();

    /// What each meter of a name has counted, by its tags.
    private Map<String, Long> counts(String name) {
        Map<String, Long> counts = new TreeMap<>();
        registry.find(name).meters().forEach(meter -> {
            String tags = String.join(
                    " ", meter.getId().getTags().stream().map(Tag::getValue).toList());
            counts.put(
                    tags,
                    meter instanceof Timer timer
                            ? timer.count()
                            : (long) registry.get(name)
                                    .tags(meter.getId().getTags())
                                    .counter()
                                    .count());
        });
        return counts;
    }

    @Test
    void executionsStepsRetriesAndClaimsAreCounted() {
        Pipeline pipeline =
                stage.durable("'fine', {'flaky': {'retry': {'attempts': 2, 'delay': '1ms'}}}, {'later': {'retry':"
                        + " {'attempts': 2, 'delay': '1ms'}}}");

        stage.run(observer, pipeline);

        assertThat(counts("portolan.claims")).containsExactly(Map.entry("test", 1L));
        assertThat(counts("portolan.execution")).containsExactly(Map.entry("test WAIT", 1L));
        assertThat(counts("portolan.step"))
                .isEqualTo(Map.of(
                        "NONE test fine", 1L,
                        "UNAVAILABLE test flaky", 1L,
                        "NONE test flaky", 1L,
                        "THROTTLED test later", 1L));
        assertThat(counts("portolan.retries")).containsExactly(Map.entry("test flaky", 1L));
    }

    @Test
    void aRunInMemoryIsNoClaim() {
        stage.run(observer, stage.inMemory("'wrong'"));

        assertThat(counts("portolan.claims")).isEmpty();
        assertThat(counts("portolan.execution")).containsExactly(Map.entry("test FAILED", 1L));
    }

    @Test
    void eachRestIsCountedByHowTheExecutionStandsThen() {
        Pipeline pipeline = stage.durable("'flaky'");
        stage.run(observer, pipeline);

        stage.run(observer, pipeline);

        assertThat(counts("portolan.execution")).isEqualTo(Map.of("test STUCK", 1L, "test DONE", 1L));
        assertThat(counts("portolan.claims")).containsExactly(Map.entry("test", 2L));
    }

    @Test
    void aWorkerThatDiesIsCountedAndItsStepIsNot() {
        assertThatThrownBy(() -> stage.run(observer, stage.durable("'deadly'"))).isInstanceOf(Stage.Crash.class);

        assertThat(counts("portolan.execution")).containsExactly(Map.entry("test RUN", 1L));
        assertThat(counts("portolan.step")).isEmpty();
    }

    @Test
    void anExecutionTakesFromItsStartAndAStepFromItsOwn() {
        Pipeline pipeline = stage.durable("'fine'");
        clock.add(Duration.ofHours(2));
        Instant started = Instant.ofEpochMilli(clock.wallTime()).minusSeconds(3_600);
        Observer.Run run = observer.begun(pipeline, "test:o-1", Headers.NONE, started);

        run.started(pipeline.steps().getFirst(), 1);
        clock.add(Duration.ofMillis(250));
        run.finished(pipeline.steps().getFirst(), 1, null);
        clock.add(Duration.ofMillis(50));
        run.ended(new Outcome.Completed(null, Headers.NONE), Status.DONE);

        assertThat(registry.get("portolan.step").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(250);
        assertThat(registry.get("portolan.execution").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(3_600_300);
    }

    @Test
    void aStartInTheFutureOfThisClockIsNow() {
        Observer.Run run = observer.begun(
                stage.inMemory("'fine'"), "test:o-1", Headers.NONE, Instant.ofEpochMilli(clock.wallTime() + 5_000));
        clock.add(Duration.ofMillis(3));
        run.ended(new Outcome.Completed(null, Headers.NONE), Status.DONE);

        assertThat(registry.get("portolan.execution").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(3);
    }

    @Test
    void noTagIsAnId() {
        stage.run(observer, stage.durable("'fine'"));

        List<Tag> tags = registry.getMeters().stream()
                .flatMap(meter -> meter.getId().getTags().stream())
                .toList();
        assertThat(tags).isNotEmpty().extracting(Tag::getValue).noneMatch(value -> value.contains("o-1"));
    }
}
