package dev.portolan.execution;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Effects;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A clock, a store that can fail, and functions that tell what they do: `one`, `two` and `three` record an
/// effect and add a field; `not-one`, `not-two` and `not-three` take it back.
final class Scene {

    static final Map<String, Object> INPUT = Map.of("order", 7);
    static final String ID = "test:o-1";
    static final Headers HEADERS =
            Headers.NONE.with("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

    Instant now = Instant.parse("2026-01-31T12:00:00Z");
    final InstantSource clock = () -> now;
    final InMemoryStateStore memory;
    final Faulty store;
    final Effects ledger;
    final FunctionRegistry functions = new FunctionRegistry();
    final List<String> calls = new ArrayList<>();
    final List<String> woken = new ArrayList<>();
    final List<Duration> pauses = new ArrayList<>();
    private final Map<String, List<Failure>> failures = new HashMap<>();

    Scene() {
        this(2_000);
    }

    /// @param valueLimit of the store
    Scene(int valueLimit) {
        memory = new InMemoryStateStore(clock, valueLimit);
        store = new Faulty(memory);
        ledger = new Effects(memory, clock);
        for (String name : List.of("one", "two", "three")) {
            functions.add(name, Map.class, Map.class, input -> {
                called(name);
                ledger.record(Invocation.current().key(), name.getBytes(StandardCharsets.UTF_8));
                return with(input, name, true);
            });
            functions.add("not-" + name, Map.class, Map.class, input -> {
                called("not-" + name);
                return input;
            });
        }
    }

    private synchronized void called(String name) {
        calls.add(name);
        List<Failure> next = failures.getOrDefault(name, List.of());
        if (!next.isEmpty()) {
            throw next.removeFirst();
        }
    }

    /// Lets the next calls of a function fail, one after the other, before they have any effect.
    void failing(String function, Failure... with) {
        failures.put(function, new ArrayList<>(List.of(with)));
    }

    /// The effects that were made and not taken back.
    List<String> effects() {
        List<String> live = new ArrayList<>();
        for (String name : List.of("one", "two", "three")) {
            if (ledger.find(ID + "/" + name).isPresent()) {
                live.add(name);
            }
        }
        return live;
    }

    /// A durable pipeline called `test`.
    ///
    /// @param steps in JSON with single quotes, separated by commas
    Pipeline pipeline(String steps) {
        return new Composer(functions)
                .recompose("{'pipeline': 'test', 'durable': true, 'steps': [%s]}"
                        .formatted(steps)
                        .replace('\'', '"'));
    }

    Executions executions() {
        return executions(store);
    }

    Executions executions(StateStore over) {
        return executions(over, Observer.NONE);
    }

    Executions executions(Observer observer) {
        return executions(store, observer);
    }

    private Executions executions(StateStore over, Observer observer) {
        Runner runner = new Runner(clock, new Random(1), pause -> {
            pauses.add(pause);
            now = now.plus(pause);
        });
        return new Executions(
                over,
                new Composer(functions),
                runner,
                (id, delay) -> woken.add(id + " " + delay),
                clock,
                new Random(),
                observer);
    }

    Event event() {
        return new Event(ID, INPUT, HEADERS);
    }

    Outcome run(String steps) {
        return run(steps, null);
    }

    Outcome run(String steps, @Nullable Instant deadline) {
        return executions().run(pipeline(steps), event(), deadline, StepListener.NONE);
    }

    Outcome resume() {
        return executions().resume(ID, null, StepListener.NONE);
    }

    Execution execution() {
        return executions().find(ID).orElseThrow();
    }

    static Outcome completed(String... names) {
        Map<String, Object> value = new LinkedHashMap<>(INPUT);
        for (String name : names) {
            value.put(name, true);
        }
        return new Outcome.Completed(value, HEADERS);
    }

    static Failure failure(Outcome outcome) {
        return ((Outcome.Failed) outcome).failure();
    }

    static Map<Object, Object> with(Map<?, ?> input, String name, Object value) {
        Map<Object, Object> output = new TreeMap<>();
        output.putAll(input);
        output.put(name, value);
        return output;
    }
}
