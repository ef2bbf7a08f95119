package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ExecutionsTest {

    private static final Map<String, Object> INPUT = Map.of("order", 7);

    private Instant now = Instant.parse("2026-01-31T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final Faulty store = new Faulty(new InMemoryStateStore(clock, 2_000));
    private final FunctionRegistry functions = new FunctionRegistry();
    private final List<String> calls = new ArrayList<>();
    private final Map<String, Integer> effects = new ConcurrentHashMap<>();

    ExecutionsTest() {
        for (String name : List.of("one", "two", "three")) {
            functions.add(name, Map.class, Map.class, input -> {
                synchronized (calls) {
                    calls.add(name);
                }
                effects.merge(Invocation.current().key(), 1, Integer::sum);
                return with(input, name, true);
            });
        }
    }

    @Test
    void aSequenceOfNStepsTakesNPlusOneWrites() {
        assertThat(run("one|two|three")).isEqualTo(completed("one", "two", "three"));
        assertThat(store.writes()).isEqualTo(4);
        assertThat(effects.keySet()).containsExactlyInAnyOrder("test:o-1/one", "test:o-1/two", "test:o-1/three");
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whateverBefallsAWriteAnotherRunFinishesAndNoCommittedStepIsRepeated(Fault fault) {
        for (int nth = 0; nth < 4; nth++) {
            ExecutionsTest test = new ExecutionsTest();
            test.store.fail(nth, fault);
            try {
                test.run("one|two|three");
            } catch (Crash crash) {
                // the next worker's business
            }
            test.now = test.now.plus(Duration.ofMinutes(2));

            assertThat(test.run("one|two|three"))
                    .as("%s at write %d", fault, nth)
                    .isEqualTo(completed("one", "two", "three"));
            // A step whose commit was lost with its worker runs again, under the same key.
            boolean repeats = nth > 0 && fault != Fault.CRASH_AFTER && fault != Fault.LOST_ANSWER;
            assertThat(test.calls).as("%s at write %d", fault, nth).hasSize(repeats ? 4 : 3);
            assertThat(test.effects).hasSize(3);
        }
    }

    @Test
    void aFinishedKeyGivesItsResultAgainAndRunsNothing() {
        Outcome first = run("one|two");
        int writes = store.writes();

        assertThat(run("one|two")).isEqualTo(first);
        assertThat(calls).containsExactly("one", "two");
        assertThat(store.writes()).isEqualTo(writes);
    }

    @Test
    void theSameKeyWithAnotherInputIsRefused() {
        run("one|two");

        Outcome.Failed failed = (Outcome.Failed) executions()
                .run(
                        pipeline("one|two"),
                        new Event("test:o-1", Map.of("order", 8), Headers.NONE),
                        null,
                        StepListener.NONE);

        assertThat(failed.failure().code()).isEqualTo(Code.KEY_REUSED);
    }

    @Test
    void aKeyThatAnotherWorkerIsAtIsAConflictThatSaysWhenToComeBack() {
        store.fail(1, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> run("one|two")).isInstanceOf(Crash.class);
        now = now.plusSeconds(10);

        Outcome.Failed failed = (Outcome.Failed) run("one|two");

        assertThat(failed.failure().code()).isEqualTo(Code.CONFLICT);
        assertThat(failed.failure().retryable()).isTrue();
        assertThat(failed.failure().retryAfter()).isEqualTo(Duration.ofSeconds(55));
    }

    @Test
    void aRetryableFailureLeavesTheExecutionToBeRunAgainAtOnce() {
        List<Failure> failures = new ArrayList<>(List.of(new Failure(Code.UNAVAILABLE, "later")));
        functions.add("flaky", Map.class, Map.class, input -> {
            if (!failures.isEmpty()) {
                throw failures.removeFirst();
            }
            return input;
        });

        assertThat(run("one|flaky|two")).isInstanceOf(Outcome.Failed.class);
        assertThat(run("one|flaky|two")).isEqualTo(completed("one", "two"));
        assertThat(calls).containsExactly("one", "two");
    }

    @Test
    void aFailureForGoodIsKeptAndGivenAgain() {
        functions.add("no", Map.class, Map.class, input -> {
            throw new Failure(Code.DENIED, "not today");
        });
        Outcome.Failed failed = (Outcome.Failed) run("one|no");

        Outcome.Failed again = (Outcome.Failed) run("one|no");

        assertThat(again.failure().code()).isEqualTo(Code.DENIED);
        assertThat(again.step()).isEqualTo(failed.step()).isEqualTo("no");
        assertThat(calls).containsExactly("one");
    }

    @Test
    void aStageMayEndTheChainForGood() {
        functions.add("enough", Object.class, Object.class, input -> Chain.end(input));

        assertThat(run("one|enough|two")).isEqualTo(completed("one"));
        assertThat(run("one|enough|two")).isEqualTo(completed("one"));
        assertThat(calls).containsExactly("one");
    }

    @Test
    void aValueThatTheStoreCannotHoldIsRefusedWithSizeAndLimit() {
        functions.add("swell", Map.class, Map.class, input -> Map.of("big", "x".repeat(3_000)));

        Outcome.Failed failed = (Outcome.Failed) run("one|swell|two");

        assertThat(failed.failure().code()).isEqualTo(Code.INVALID);
        assertThat(failed.failure().detail()).contains("and the store 2000");
        assertThat(failed.step()).isEqualTo("swell");
        assertThat(calls).containsExactly("one");
    }

    @Test
    void anExecutionThatKillsItsWorkersIsGivenUp() {
        functions.add("deadly", Map.class, Map.class, input -> {
            throw new Crash();
        });
        for (int i = 0; i < 11; i++) {
            assertThatThrownBy(() -> run("one|deadly")).isInstanceOf(Crash.class);
            now = now.plus(Duration.ofMinutes(2));
        }

        Outcome.Failed failed = (Outcome.Failed) run("one|deadly");

        assertThat(failed.failure().detail()).contains("taken over 10 times without a step committed");
    }

    @Test
    void aRecordThatIsTornRunsNothing() {
        store.create(
                "execution:test:o-1",
                "{\"format\":1,\"status\":\"RU".getBytes(StandardCharsets.UTF_8),
                Indexes.NONE,
                null);

        Outcome.Failed failed = (Outcome.Failed) run("one|two");

        assertThat(failed.failure().code()).isIn(Code.FAILED_PRECONDITION, Code.INVALID);
        assertThat(calls).isEmpty();
    }

    @Test
    void fiftyWorkersOnOneExecutionReachOneResult() throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(50)) {
            List<Callable<Outcome>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(() -> {
                    Outcome outcome = run("one|two|three");
                    while (outcome instanceof Outcome.Failed failed
                            && failed.failure().retryable()) {
                        Thread.onSpinWait();
                        outcome = run("one|two|three");
                    }
                    return outcome;
                });
            }
            for (Future<Outcome> future : workers.invokeAll(all)) {
                outcomes.add(future.get());
            }
        }

        assertThat(outcomes).hasSize(50).containsOnly(completed("one", "two", "three"));
        assertThat(calls).containsExactly("one", "two", "three");
        assertThat(effects.values()).containsOnly(1);
    }

    private Outcome run(String pipe) {
        return executions().run(pipeline(pipe), new Event("test:o-1", INPUT, Headers.NONE), null, StepListener.NONE);
    }

    private Executions executions() {
        return new Executions(store, new Json(), new Runner(clock, new Random(1), pause -> {}), clock, new Random());
    }

    private Pipeline pipeline(String pipe) {
        return new Composer(functions).pipe(pipe);
    }

    private static Outcome completed(String... names) {
        Map<String, Object> value = new LinkedHashMap<>(INPUT);
        for (String name : names) {
            value.put(name, true);
        }
        return new Outcome.Completed(value, Headers.NONE);
    }

    private static Map<Object, Object> with(Map<?, ?> input, String name, Object value) {
        Map<Object, Object> output = new LinkedHashMap<>(input);
        output.put(name, value);
        return output;
    }
}
