package dev.portolan.benchmarks;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Executions;
import dev.portolan.execution.Operations;
import dev.portolan.invocation.Headers;
import dev.portolan.local.sqlite.SqliteStateStore;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// Durable executions in the embedded store, where many others are stored already.
///
/// Goals: ten durable steps at 0.8 times the rate of as many bare conditional writes of the same size at least,
/// both with the same synchronisation; the first page of a listing, a sweep and a takeover as long with 100,000
/// stored executions as with 1,000.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init") // JMH sets up first
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class EmbeddedStore {

    private static final int STEPS = 10;

    private static final String COPY = """
            INSERT INTO entry (counter, key, due, grp, at, expires, value)
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
            SELECT 1, CAST('execution:bench:stored-' || i AS BLOB), NULL, grp, at - i, expires, value
            FROM n, (SELECT grp, at, expires, value FROM entry WHERE key = CAST('execution:bench:first' AS BLOB))""";

    @Param({"1000", "100000"})
    private int stored;

    private final Map<String, Object> input = Map.of("email", "ann@example.com", "amount", 42, "tags", List.of("x"));
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = RandomGenerator.getDefault();

    private Path folder;
    private StateStore store;
    private Pipeline pipeline;
    private Executions executions;
    private byte[] value;
    private long runs;

    /// Fills the store.
    @Setup
    public void fill() throws IOException, SQLException {
        folder = Files.createTempDirectory("portolan-benchmark");
        Path file = folder.resolve("state.db");
        store = SqliteStateStore.open(file, clock);
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("nothing", Map.class, Map.class, map -> map);
        Composer composer = new Composer(functions);
        pipeline = composer.recompose("{\"pipeline\": \"bench\", \"durable\": true, \"steps\": ["
                + String.join(", ", Collections.nCopies(STEPS, "{\"nothing\": {\"timeout\": \"PT5S\"}}")) + "]}");
        Runner runner = new Runner(clock, random, Thread::sleep);
        executions = new Executions(store, composer, runner, Continuation.SWEEP, clock, random);
        run("bench:first");
        value = store.find("execution:bench:first").orElseThrow().value();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                PreparedStatement copy = connection.prepareStatement(COPY)) {
            copy.setInt(1, stored);
            copy.executeUpdate();
        }
    }

    /// Removes the store.
    @TearDown
    public void remove() throws IOException {
        store.close();
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private Outcome run(String id) {
        return executions.run(pipeline, new Event(id, input, Headers.NONE), null, StepListener.NONE);
    }

    /// Ten steps, eleven writes.
    @Benchmark
    public Outcome durable() {
        return run("bench:" + runs++);
    }

    /// The same number of bare conditional writes of the last record's size.
    @Benchmark
    public Entry bareWrites() {
        Instant now = clock.instant();
        Indexes indexes = new Indexes(now, "bare", now);
        Entry entry = store.create("bare:" + runs++, value, indexes, null);
        for (int i = 1; i < STEPS; i++) {
            entry = store.replace(entry, value, indexes, null);
        }
        return store.replace(entry, value, Indexes.group("bare", now), null);
    }

    /// The first page of all executions.
    @Benchmark
    public List<Execution> list() {
        return list(null);
    }

    /// The first page of one pipeline's.
    @Benchmark
    public List<Execution> listPipeline() {
        return list("bench");
    }

    private List<Execution> list(@Nullable String of) {
        return executions
                .operations()
                .list(new Operations.Query(of, null, Instant.EPOCH, 20))
                .executions();
    }

    /// A sweep that finds nothing due.
    @Benchmark
    public Operations.Swept sweep() {
        return executions.operations().sweep(null);
    }

    /// An execution is stored as due, found by a sweep, taken up and finished.
    @Benchmark
    public Operations.Swept takeOver() {
        executions.accept(pipeline, new Event("bench:" + runs++, input, Headers.NONE));
        return executions.operations().sweep(null);
    }
}
