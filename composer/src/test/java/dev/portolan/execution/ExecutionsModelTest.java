package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.StateStore;
import dev.portolan.testing.InterceptedStateStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The engine itself, threads, records and all, in every order of its store calls in which two workers can meet
/// at a short execution. [ProtocolModelTest] looks at longer ones, by the engine's rules alone.
@Timeout(120)
final class ExecutionsModelTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {"'one' | 1 | 1", "'one', 'two' | 1 | 0", "'one', 'two' | 0 | 1"})
    void noOrderOfTwoWorkersLosesOrRepeatsACommittedStep(String steps, int crashes, int lostAnswers) {
        Interleavings interleavings = new Interleavings(crashes, lostAnswers);
        boolean two = steps.contains("two");
        int orders = 0;
        do {
            Scene scene = new Scene();
            List<Outcome> outcomes = new ArrayList<>();
            interleavings.run(scene, List.of(worker(scene, steps, outcomes), worker(scene, steps, outcomes)));
            Outcome last = last(scene, steps);

            String order = interleavings.toString();
            assertThat(last).as(order).isEqualTo(two ? Scene.completed("one", "two") : Scene.completed("one"));
            assertThat(scene.effects()).as(order).hasSize(two ? 2 : 1);
            assertThat(outcomes).as(order).allSatisfy(outcome -> {
                if (outcome instanceof Outcome.Completed) {
                    assertThat(outcome).isEqualTo(last);
                } else {
                    assertThat(Scene.failure(outcome).retryable()).isTrue();
                }
            });
            orders++;
        } while (interleavings.next());
        System.out.println("orders of two workers at " + steps + ": " + orders);
        assertThat(orders).isGreaterThan(1_000);
    }

    @Test
    void noOrderOfTwoWorkersLeavesAnEffectOfASagaThatFailed() {
        Interleavings interleavings = new Interleavings(0, 0);
        int orders = 0;
        do {
            Scene scene = new Scene();
            List<String> undone = new ArrayList<>();
            scene.functions.add("undo", Map.class, Map.class, input -> {
                undone.add(String.valueOf(Invocation.current().undoes()));
                return input;
            });
            scene.functions.add("no", Map.class, Map.class, input -> {
                throw new Failure(Code.DENIED, "no");
            });
            String steps = "{'one': {'undo': 'undo'}}, 'no'";
            List<Outcome> outcomes = new ArrayList<>();
            interleavings.run(scene, List.of(worker(scene, steps, outcomes), worker(scene, steps, outcomes)));
            Outcome last = last(scene, steps);

            String order = interleavings.toString();
            assertThat(Scene.failure(last).code()).as(order).isEqualTo(Code.DENIED);
            assertThat(scene.execution().status()).as(order).isEqualTo(Status.FAILED);
            assertThat(scene.effects()).as(order).isEmpty();
            assertThat(undone).as(order).isNotEmpty().containsOnly("test:o-1/one");
            orders++;
        } while (interleavings.next());
        System.out.println("orders of two workers at a saga: " + orders);
        assertThat(orders).isGreaterThan(500);
    }

    /// Whoever comes last finishes what was left.
    private static Outcome last(Scene scene, String steps) {
        scene.now = scene.now.plus(Duration.ofHours(1));
        return scene.run(steps);
    }

    private static Interleavings.Worker worker(Scene scene, String steps, List<Outcome> outcomes) {
        return gate -> {
            try {
                outcomes.add(scene.executions(new Gated(scene.memory, gate))
                        .run(scene.pipeline(steps), scene.event(), null, StepListener.NONE));
            } catch (Crash crash) {
                // gone
            }
        };
    }

    /// A store whose calls for executions wait for their turn.
    private static final class Gated extends InterceptedStateStore {
        private final Interleavings.Gate gate;

        Gated(StateStore store, Interleavings.Gate gate) {
            super(store);
            this.gate = gate;
        }

        @Override
        protected <T> T around(Call call, String of, Supplier<T> made) {
            if (call != Call.REPLACE && !of.startsWith("execution:")) {
                return made.get();
            }
            return switch (gate.turn(call.writes())) {
                case CRASH -> throw new Crash();
                case LOSE -> {
                    T lost = made.get();
                    assertThat(lost).isNotNull();
                    throw new Failure(Failure.Code.TIMEOUT, "no answer").withEffect(Failure.Effect.UNKNOWN);
                }
                case GO -> made.get();
            };
        }
    }
}
