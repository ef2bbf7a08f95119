package dev.portolan.benchmarks;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.invocation.Headers;
import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// What a durable step costs over the in-memory store, its function doing nothing and its timeout set: the
/// difference between eleven steps and one, divided by ten. Beside it the same pipeline in memory, and the
/// store's writes alone.
///
/// Goal: less than 5 us a step.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets up first
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class DurableOverhead {

    @Param({"1", "11"})
    private int steps;

    private final Map<String, Object> input = Map.of("email", "ann@example.com", "amount", 42, "tags", List.of("x"));
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = RandomGenerator.getDefault();
    private final Runner runner = new Runner(clock, random, Thread::sleep);

    private Composer composer;
    private Pipeline durable;
    private Pipeline inMemory;
    private StateStore store;
    private Executions executions;
    private byte[] value;
    private long runs;

    /// Composes the pipelines.
    @Setup
    public void compose() {
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("nothing", Map.class, Map.class, map -> map);
        composer = new Composer(functions);
        String timed = "{\"nothing\": {\"timeout\": \"PT5S\"}}";
        durable = composer.recompose("{\"pipeline\": \"bench\", \"durable\": true, \"steps\": ["
                + String.join(", ", Collections.nCopies(steps, timed)) + "]}");
        inMemory = new Pipeline("bench", null, null, durable.steps(), "bench");
    }

    /// Every iteration begins with an empty store.
    @Setup(Level.Iteration)
    public void empty() {
        store = new InMemoryStateStore(clock);
        executions = new Executions(store, composer, runner, Continuation.SWEEP, clock, random);
        executions.run(durable, new Event("bench:size", input, Headers.NONE), null, StepListener.NONE);
        value = store.find("execution:bench:size").orElseThrow().value();
    }

    /// A durable execution, from an event to its outcome.
    @Benchmark
    public Outcome durable() {
        return executions.run(durable, new Event("bench:" + runs++, input, Headers.NONE), null, StepListener.NONE);
    }

    /// The same steps in memory.
    @Benchmark
    public Outcome inMemory() {
        return executions.run(inMemory, new Event("bench:" + runs++, input, Headers.NONE), null, StepListener.NONE);
    }

    /// The store's share: as many writes of the same size.
    @Benchmark
    public Entry writes() {
        Indexes indexes = new Indexes(clock.instant(), "execution:bench", Instant.EPOCH);
        Entry entry = store.create("execution:bench:" + runs++, value, indexes, null);
        for (int i = 0; i < steps; i++) {
            entry = store.replace(entry, value, indexes, null);
        }
        return entry;
    }
}
