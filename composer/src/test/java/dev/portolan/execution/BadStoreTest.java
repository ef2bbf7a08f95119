package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.failure;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Entry;
import dev.portolan.testing.InterceptedStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/// Stores that fail, stall, and answer rubbish.
///
/// `-Dportolan.seed=7` runs one case again.
final class BadStoreTest {

    private static final int CASES = Boolean.getBoolean("portolan.full") ? 100_000 : 3_000;
    private static final String STEPS = "{'one': {'undo': 'not-one'}}, {'two': {'once': true, 'undo': 'not-two'}},"
            + " {'three': {'retry': {'attempts': 3}, 'undo': 'not-three'}}";

    private final Scene scene = new Scene();

    /// Lets every function say whether it was called under its own key.
    private static void watch(Scene scene, List<String> wrong) {
        for (String name : List.of("one", "two", "three")) {
            scene.functions.add("w-" + name, Map.class, Map.class, input -> {
                check(wrong, ID + "/w-" + name);
                scene.ledger.record(Invocation.current().key(), name.getBytes(UTF_8));
                return Scene.with(input, name, true);
            });
            scene.functions.add("w-not-" + name, Map.class, Map.class, input -> {
                check(wrong, ID + "/w-" + name + "/undo");
                return input;
            });
        }
        scene.functions.add("deny", Map.class, Map.class, input -> {
            throw new Failure(Code.DENIED, "not for you");
        });
    }

    private static void check(List<String> wrong, String key) {
        if (!Invocation.current().key().equals(key)) {
            wrong.add(Invocation.current().key() + " instead of " + key);
        }
    }

    /// A store that now and then fails, takes longer than a lease, or answers a read with bytes that were never
    /// written.
    private static final class Rotten extends InterceptedStateStore {
        private final Scene scene;
        private final Random random;

        Rotten(Scene scene, Random random) {
            super(scene.memory);
            this.scene = scene;
            this.random = random;
        }

        @Override
        protected <T> T around(Call call, String of, Supplier<T> made) {
            int fate = random.nextInt(24);
            if (fate == 0) {
                throw new Failure(Code.UNAVAILABLE, "not now");
            }
            if (fate == 1) {
                scene.now = scene.now.plus(Duration.ofMinutes(3));
            }
            T answer = made.get();
            if (fate == 2) {
                scene.now = scene.now.plus(Duration.ofMinutes(3));
            }
            if (fate == 3) {
                throw new Failure(Code.TIMEOUT, "no answer").withEffect(call.writes() ? Effect.UNKNOWN : Effect.NONE);
            }
            return answer;
        }

        @Override
        public Optional<Entry> find(String key) {
            return super.find(key).map(entry -> random.nextInt(4) == 0 ? rotten(entry, random) : entry);
        }
    }

    private static Entry rotten(Entry entry, Random random) {
        byte[] bytes = entry.value().clone();
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(4)) {
            case 0 -> bytes = Arrays.copyOf(bytes, at);
            case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 2 -> bytes[at] = "0123456789-{}[],:\" ntf".getBytes(UTF_8)[random.nextInt(22)];
            default -> {
                String text = new String(bytes, UTF_8);
                String word = Program.one(
                        random, "RUN", "2", "0", "1", "null", "true", "cursor", "undo", "owner", "until", "value");
                String other = Program.one(
                        random, "DONE", "UNDO", "STUCK", "WAIT", "-1", "9", "1e9", "[]", "\"x\"", "failure", "trouble");
                bytes = text.replaceFirst("\\b" + word + "\\b", other).getBytes(UTF_8);
            }
        }
        return new Entry(entry.key(), entry.revision(), bytes, entry.indexes(), entry.expiresAt());
    }

    @Test
    void whateverAStoreAnswersNoStepRunsUnderAnotherKeyAndOnlyFailuresComeOut() {
        Long only = Long.getLong("portolan.seed");
        for (int i = 0; i < (only == null ? CASES : 1); i++) {
            long seed = only == null ? new Random().nextLong() >>> 16 : only;
            List<String> wrong = new ArrayList<>();
            try {
                play(new Random(seed), wrong);
            } catch (RuntimeException | Error e) {
                throw new AssertionError("-Dportolan.seed=" + seed, e);
            }
            assertThat(wrong).as("-Dportolan.seed=%d", seed).isEmpty();
        }
    }

    private static void play(Random random, List<String> wrong) {
        Scene scene = new Scene();
        watch(scene, wrong);
        Executions executions = scene.executions(new Rotten(scene, random));
        String steps =
                STEPS.replaceAll("'(not-)?(one|two|three)'", "'w-$1$2'") + (random.nextBoolean() ? "" : ", 'deny'");
        for (int delivery = 0; delivery < 12; delivery++) {
            scene.now = scene.now.plus(Duration.ofMinutes(random.nextInt(3)));
            deliver(scene, random.nextInt(4) == 0 ? scene.executions() : executions, steps, random.nextInt(12));
        }
    }

    private static void deliver(Scene scene, Executions executions, String steps, int how) {
        Operations operations = executions.operations();
        try {
            switch (how) {
                case 0 -> operations.sweep(null);
                case 1 -> operations.list(new Operations.Query(null, null, Instant.EPOCH, 10));
                case 2 -> operations.cancel(ID);
                case 3 -> operations.hasten(ID);
                case 4 -> operations.undo(ID);
                case 5 -> operations.retry(ID, null);
                case 6 -> operations.retry(ID, "w-one");
                case 7, 8 -> executions.resume(ID, null, StepListener.NONE);
                default -> executions.run(scene.pipeline(steps), scene.event(), null, StepListener.NONE);
            }
        } catch (Failure failure) {
            // what people ask for may be refused
        }
    }

    @Test
    void aDefinitionThatIsNotWhatItsHashSaysIsNotRun() {
        scene.failing("two", new Failure(Code.UNAVAILABLE, "later"));
        scene.run("'one', 'two', 'three'");
        scene.executions().operations().hasten(ID);
        Entry definition = scene.memory
                .find("definition:" + scene.execution().origin().definition())
                .orElseThrow();
        String changed = new String(definition.value(), UTF_8).replace("three", "one");
        scene.memory.replace(definition, changed.getBytes(UTF_8), definition.indexes(), null);

        Failure refused = failure(scene.resume());

        assertThat(refused.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(scene.calls).containsExactly("one", "two");
        assertThat(scene.execution().status()).isEqualTo(Status.RUN);
    }

    @Test
    void aStoreThatStallsForLongerThanALeaseLetsNoCommittedStepRunAgain() {
        for (int nth = 0; nth < 14; nth++) {
            Scene scene = new Scene();
            int stalled = nth;
            int[] calls = {0};
            Executions slow = scene.executions(new InterceptedStateStore(scene.memory) {
                @Override
                protected <T> T around(Call call, String of, Supplier<T> made) {
                    boolean stalls = calls[0]++ == stalled;
                    if (stalls) {
                        scene.now = scene.now.plus(Duration.ofMinutes(5));
                        scene.run("'one', 'two', 'three'");
                    }
                    return made.get();
                }
            });

            Outcome outcome = slow.run(scene.pipeline("'one', 'two', 'three'"), scene.event(), null, StepListener.NONE);

            assertThat(outcome).as("call %d", nth).isEqualTo(Scene.completed("one", "two", "three"));
            assertThat(new TreeSet<>(scene.calls)).containsExactly("one", "three", "two");
            // Only the step whose commit stalled is called twice, and under the same key.
            assertThat(scene.calls.size()).as("call %d: %s", nth, scene.calls).isLessThanOrEqualTo(4);
        }
    }
}
