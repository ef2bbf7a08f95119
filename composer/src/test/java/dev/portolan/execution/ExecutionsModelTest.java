package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Every order in which two workers can meet at one execution of three steps, with a crash, a lost answer and a lease
/// that is over too early: the engine itself runs, one store call of one worker at a time.
@Timeout(120)
final class ExecutionsModelTest {

    private static final List<String> STEPS = List.of("one", "two", "three");

    @Test
    void noOrderOfTwoWorkersLosesOrRepeatsACommittedStep() {
        Interleavings interleavings = new Interleavings();
        int orders = 0;
        do {
            check(interleavings);
            orders++;
        } while (interleavings.next());
        System.out.println("orders of two workers: " + orders);
        assertThat(orders).isGreaterThan(1_000);
    }

    private static void check(Interleavings interleavings) {
        World world = new World();
        interleavings.run(world, List.of(world.worker(1), world.worker(2)));
        // Whoever comes last finishes what was left.
        world.now = world.now.plus(Duration.ofHours(1));
        Outcome last = world.executions(world.store, 3).run(world.pipeline, world.event(), null, StepListener.NONE);

        String order = interleavings.toString();
        assertThat(last).as(order).isEqualTo(new Outcome.Completed(world.expected(), Headers.NONE));
        assertThat(world.outcomes).as(order).allSatisfy(outcome -> {
            if (outcome instanceof Outcome.Completed) {
                assertThat(outcome).isEqualTo(last);
            } else {
                assertThat(((Outcome.Failed) outcome).failure().retryable()).isTrue();
            }
        });
        assertThat(world.violations).as(order).isEmpty();
        assertThat(world.effects.keySet()).as(order).hasSize(STEPS.size());
    }

    /// One execution, its store and the ledger of its effects.
    static final class World {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        final InMemoryStateStore store = new InMemoryStateStore(() -> now);
        final List<Outcome> outcomes = new ArrayList<>();
        final List<String> violations = new ArrayList<>();
        final Map<String, Object> effects = new TreeMap<>();
        final Pipeline pipeline;

        World() {
            FunctionRegistry functions = new FunctionRegistry();
            for (String name : STEPS) {
                functions.add(name, Map.class, Map.class, input -> {
                    Map<Object, Object> output = new LinkedHashMap<>((Map<?, ?>) input);
                    output.put(name, input.size());
                    Object before = effects.put(Invocation.current().key(), output);
                    if (before != null && !before.equals(output)) {
                        violations.add(name + " ran with two inputs");
                    }
                    committed();
                    return output;
                });
            }
            pipeline = new Composer(functions).pipe(String.join("|", STEPS));
        }

        private int cursor;

        /// What the store has committed, which must never go back.
        int committed() {
            int now = store.find("execution:test:o-1")
                    .map(entry -> (Map<?, ?>) new Json().decode(entry.value()))
                    .map(tree -> (Integer) tree.get("cursor"))
                    .orElse(0);
            if (now < cursor) {
                violations.add("the cursor went from " + cursor + " to " + now);
            }
            cursor = now;
            return now;
        }

        Event event() {
            return new Event("test:o-1", Map.of(), Headers.NONE);
        }

        Map<String, Object> expected() {
            Map<String, Object> value = new LinkedHashMap<>();
            STEPS.forEach(name -> value.put(name, value.size()));
            return value;
        }

        Executions executions(StateStore over, long seed) {
            Runner runner = new Runner(() -> now, new Random(seed), pause -> {});
            return new Executions(over, new Json(), runner, () -> now, new Random(seed));
        }

        Interleavings.Worker worker(long seed) {
            return gate -> {
                try {
                    outcomes.add(
                            executions(new Gated(store, gate), seed).run(pipeline, event(), null, StepListener.NONE));
                } catch (Crash crash) {
                    // gone
                }
                committed();
            };
        }
    }

    /// A store whose every call waits for its turn.
    private static final class Gated extends Delegate {
        private final Interleavings.Gate gate;

        Gated(InMemoryStateStore store, Interleavings.Gate gate) {
            super(store);
            this.gate = gate;
        }

        @Override
        <T> T call(boolean write, Supplier<T> call) {
            return switch (gate.turn(write)) {
                case CRASH -> throw new Crash();
                case LOSE -> {
                    T lost = call.get();
                    assertThat(lost).isNotNull();
                    throw new Failure(Failure.Code.TIMEOUT, "no answer").withEffect(Failure.Effect.UNKNOWN);
                }
                case GO -> call.get();
            };
        }
    }
}
