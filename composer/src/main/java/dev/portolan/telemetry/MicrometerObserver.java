package dev.portolan.telemetry;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Meters of Micrometer, tagged with names and codes that definitions and the code fix, and never with an id.
///
/// | meter | tags | what it is |
/// |---|---|---|
/// | `portolan.execution`, a timer | `pipeline`, `status` | from its start until it comes to rest, each time
/// |
/// | `portolan.step`, a timer | `pipeline`, `step`, `code` | each attempt; `code` is `NONE` where it did not
/// fail |
/// | `portolan.retries`, a counter | `pipeline`, `step` | attempts after a first one |
/// | `portolan.refused`, a counter | `pipeline`, `code` | work that was turned away before a run began |
/// | `portolan.claims`, a counter | `pipeline` | each time that a worker takes a durable execution up |
public final class MicrometerObserver implements Observer {

    private final MeterRegistry registry;

    /// Meters of the process's own [Metrics#globalRegistry].
    public MicrometerObserver() {
        this(Metrics.globalRegistry);
    }

    /// Meters of another registry.
    public MicrometerObserver(MeterRegistry registry) {
        this.registry = registry;
    }

    @Override
    public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
        if (pipeline.durable()) {
            registry.counter("portolan.claims", "pipeline", pipeline.name()).increment();
        }
        return new Meters(pipeline.name(), registry.config().clock(), started);
    }

    @Override
    public void refused(Pipeline pipeline, String id, Failure failure) {
        registry.counter(
                        "portolan.refused",
                        "pipeline",
                        pipeline.name(),
                        "code",
                        failure.code().name())
                .increment();
    }

    private final class Meters implements Run {
        private final String pipeline;
        private final Clock clock;
        /// When the execution was started, on the clock that does not jump.
        private final long start;

        private long began;

        Meters(String pipeline, Clock clock, Instant started) {
            this.pipeline = pipeline;
            this.clock = clock;
            long age = Math.max(0, clock.wallTime() - started.toEpochMilli());
            this.start = clock.monotonicTime() - TimeUnit.MILLISECONDS.toNanos(age);
        }

        @Override
        public void started(Step step, int attempt) {
            if (attempt > 1) {
                registry.counter("portolan.retries", "pipeline", pipeline, "step", step.name())
                        .increment();
            }
            began = clock.monotonicTime();
        }

        @Override
        public void finished(Step step, int attempt, @Nullable Failure failure) {
            String code = failure == null ? "NONE" : failure.code().name();
            registry.timer("portolan.step", "pipeline", pipeline, "step", step.name(), "code", code)
                    .record(clock.monotonicTime() - began, TimeUnit.NANOSECONDS);
        }

        @Override
        public void ended(Outcome outcome, Status status) {
            registry.timer("portolan.execution", "pipeline", pipeline, "status", status.name())
                    .record(clock.monotonicTime() - start, TimeUnit.NANOSECONDS);
        }
    }
}
