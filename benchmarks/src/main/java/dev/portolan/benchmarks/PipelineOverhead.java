package dev.portolan.benchmarks;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/// An in-memory pipeline of three small functions over a map against the same three under [Function#andThen].
///
/// Goal: at most 1.5 times as long.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(3)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class PipelineOverhead {

    private final Map<String, Object> input = new LinkedHashMap<>(
            Map.of("name", "Ann", "email", "Ann.Smith@Example.COM", "amount", 42, "tags", List.of("x", "y")));
    private final Function<Map<String, Object>, Map<String, Object>> direct =
            new Validate().andThen(new Enrich()).andThen(new Notify());
    private final Pipeline pipeline = pipeline();
    private final Runner runner = new Runner(InstantSource.system(), RandomGenerator.getDefault(), Thread::sleep);

    private static Pipeline pipeline() {
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("validate", new Validate());
        functions.add("enrich", new Enrich());
        functions.add("notify", new Notify());
        return new Composer(functions).compose("validate|enrich|notify");
    }

    /// The measure of the others.
    @Benchmark
    public Object andThen() {
        return direct.apply(input);
    }

    /// A run as every host does it, from an event to an outcome.
    @Benchmark
    public Object pipelineRun() {
        return runner.run(pipeline, new Event("order-7", input, Headers.NONE));
    }

    /// Needs an address and lower-cases it.
    static final class Validate implements Function<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(Map<String, Object> input) {
            if (!(input.get("email") instanceof String email) || email.isBlank()) {
                throw Failure.invalid("/email", "missing");
            }
            Map<String, Object> output = new LinkedHashMap<>(input);
            output.put("email", email.toLowerCase(Locale.ROOT));
            return output;
        }
    }

    /// Adds three fields.
    static final class Enrich implements Function<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(Map<String, Object> input) {
            Map<String, Object> output = new LinkedHashMap<>(input);
            String email = (String) input.getOrDefault("email", "");
            output.put("domain", email.substring(email.indexOf('@') + 1));
            output.put("source", "benchmark");
            output.put("version", 1);
            return output;
        }
    }

    /// Does nothing.
    static final class Notify implements Function<Map<String, Object>, Map<String, Object>> {
        @Override
        public Map<String, Object> apply(Map<String, Object> input) {
            return input;
        }
    }
}
