package dev.portolan.execution;

import static dev.portolan.execution.Scene.HEADERS;
import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.INPUT;
import static dev.portolan.execution.Scene.completed;
import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Indexes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ExecutionsTest {

    private final Scene scene = new Scene();

    @Test
    void aSequenceOfNStepsTakesNPlusOneWritesAndOneMoreForADefinitionThatIsNew() {
        assertThat(scene.run("'one', 'two', 'three'")).isEqualTo(completed("one", "two", "three"));
        assertThat(scene.store.writes()).isEqualTo(5);

        Executions executions = scene.executions();
        Pipeline pipeline = scene.pipeline("'one', 'two', 'three'");
        executions.run(pipeline, new Event("test:o-2", INPUT, Headers.NONE), null, StepListener.NONE);
        assertThat(scene.store.writes()).isEqualTo(9);
        executions.run(pipeline, new Event("test:o-3", INPUT, Headers.NONE), null, StepListener.NONE);
        assertThat(scene.store.writes()).isEqualTo(13);
    }

    @Test
    void whatIsNotDurableWritesNothing() {
        Pipeline pipe = new Composer(scene.functions).pipe("one|two");

        assertThat(scene.executions().run(pipe, scene.event(), null, StepListener.NONE))
                .isEqualTo(completed("one", "two"));
        assertThat(scene.store.writes()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void whateverBefallsAWriteAnotherRunFinishesAndNoCommittedStepIsRepeated(Fault fault) {
        for (int nth = 0; nth < 5; nth++) {
            Scene scene = new Scene();
            scene.store.fail(nth, fault);
            try {
                scene.run("'one', 'two', 'three'");
            } catch (Crash crash) {
                // the next worker's business
            }
            scene.now = scene.now.plus(Duration.ofMinutes(2));

            assertThat(scene.run("'one', 'two', 'three'"))
                    .as("%s at write %d", fault, nth)
                    .isEqualTo(completed("one", "two", "three"));
            // A step whose commit was lost with its worker runs again, under the same key.
            boolean repeats = nth > 1 && fault != Fault.CRASH_AFTER && fault != Fault.LOST_ANSWER;
            assertThat(scene.calls).as("%s at write %d", fault, nth).hasSize(repeats ? 4 : 3);
            assertThat(scene.effects()).containsExactly("one", "two", "three");
        }
    }

    @Test
    void aFinishedKeyGivesItsResultAgainAndRunsNothing() {
        Outcome first = scene.run("'one', 'two'");
        int writes = scene.store.writes();

        assertThat(scene.run("'one', 'two'")).isEqualTo(first);
        assertThat(scene.calls).containsExactly("one", "two");
        assertThat(scene.store.writes()).isEqualTo(writes);
    }

    @Test
    void theSameKeyWithAnotherInputIsRefusedAndTheOrderOfNamesMakesNone() {
        Map<String, Object> input = new LinkedHashMap<>(Map.of("a", 1));
        input.put("b", Map.of("c", 2));
        Map<String, Object> turned = new LinkedHashMap<>(Map.of("b", Map.of("c", 2)));
        turned.put("a", 1);
        Pipeline pipeline = scene.pipeline("'one'");
        Outcome first = scene.executions().run(pipeline, new Event(ID, input, Headers.NONE), null, StepListener.NONE);

        assertThat(scene.executions().run(pipeline, new Event(ID, turned, Headers.NONE), null, StepListener.NONE))
                .isEqualTo(first);
        assertThat(failure(scene.executions()
                                .run(pipeline, new Event(ID, Map.of("a", 2), Headers.NONE), null, StepListener.NONE))
                        .code())
                .isEqualTo(Code.KEY_REUSED);
    }

    @Test
    void aKeyThatAnotherWorkerIsAtIsAConflictThatSaysWhenToComeBack() {
        scene.store.fail(2, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> scene.run("'one', 'two'")).isInstanceOf(Crash.class);
        scene.now = scene.now.plusSeconds(10);

        Failure busy = failure(scene.run("'one', 'two'"));

        assertThat(busy.code()).isEqualTo(Code.CONFLICT);
        assertThat(busy.retryable()).isTrue();
        assertThat(busy.retryAfter()).isEqualTo(Duration.ofSeconds(55));
    }

    @Test
    void workThatComesAgainAfterARetryableFailureGoesOnWhereItStopped() {
        scene.failing("two", new Failure(Code.UNAVAILABLE, "later").withRetryAfter(Duration.ofSeconds(3)));

        Failure first = failure(scene.run("'one', 'two', 'three'"));

        assertThat(first.retryable()).isTrue();
        assertThat(first.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(scene.execution().status()).isEqualTo(Status.STUCK);
        assertThat(scene.run("'one', 'two', 'three'")).isEqualTo(completed("one", "two", "three"));
        assertThat(scene.calls).containsExactly("one", "two", "two", "three");
    }

    @Test
    void workThatFailedForGoodFailsAgainTheSameWayAndRunsNothing() {
        scene.failing("two", Failure.invalid("/order", "is odd"));
        Outcome.Failed failed = (Outcome.Failed) scene.run("'one', 'two'");

        Outcome.Failed again = (Outcome.Failed) scene.run("'one', 'two'");

        assertThat(again.step()).isEqualTo(failed.step()).isEqualTo("two");
        assertThat(again.failure().violations()).isEqualTo(failed.failure().violations());
        assertThat(again.failure().detail()).isEqualTo(failed.failure().detail());
        assertThat(scene.calls).containsExactly("one", "two");
    }

    @Test
    void workThatFailsTenTimesIsTakenUpNoMore() {
        for (int i = 0; i < 11; i++) {
            scene.failing("one", new Failure(Code.UNAVAILABLE, "later"));
            assertThat(failure(scene.run("'one'")).retryable()).isTrue();
        }
        int calls = scene.calls.size();

        assertThat(failure(scene.run("'one'")).retryable()).isFalse();
        assertThat(scene.calls).hasSize(calls);
    }

    @Test
    void anExecutionThatKillsItsWorkersIsGivenUp() {
        scene.functions.add("deadly", Map.class, Map.class, input -> {
            throw new Crash();
        });
        for (int i = 0; i < 11; i++) {
            assertThatThrownBy(() -> scene.run("'one', 'deadly'")).isInstanceOf(Crash.class);
            scene.now = scene.now.plus(Duration.ofMinutes(2));
        }

        assertThat(failure(scene.run("'one', 'deadly'")).detail()).contains("taken up 10 times");
        assertThat(failure(scene.run("'one', 'deadly'")).retryable()).isFalse();
    }

    @Test
    void aStageMayEndTheChainForGood() {
        scene.functions.add("enough", Object.class, Object.class, Chain::end);

        assertThat(scene.run("'one', 'enough', 'two'")).isEqualTo(completed("one"));
        assertThat(scene.run("'one', 'enough', 'two'")).isEqualTo(completed("one"));
        assertThat(scene.calls).containsExactly("one");
    }

    @Test
    void aValueThatTheStoreCannotHoldIsRefusedWithSizeAndLimit() {
        scene.functions.add("swell", Map.class, Map.class, input -> Map.of("big", "x".repeat(3_000)));

        Outcome.Failed failed = (Outcome.Failed) scene.run("'one', 'swell', 'two'");

        assertThat(failed.failure().code()).isEqualTo(Code.INVALID);
        assertThat(failed.failure().detail()).contains("in the store's 2000");
        assertThat(failed.step()).isEqualTo("swell");
        assertThat(scene.calls).containsExactly("one");
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
    }

    @Test
    void anInputThatTheStoreCannotHoldIsRefusedAndNothingIsStored() {
        Event event = new Event(ID, Map.of("big", "x".repeat(3_000)), Headers.NONE);

        assertThat(failure(scene.executions().run(scene.pipeline("'one'"), event, null, StepListener.NONE))
                        .code())
                .isEqualTo(Code.INVALID);
        assertThat(scene.executions().find(ID)).isEmpty();
    }

    @Test
    void whatAStepChangesInItsInputChangesNoOtherAttempt() {
        List<Object> taken = new ArrayList<>();
        scene.functions.add("greedy", Map.class, Map.class, input -> {
            taken.add(new TreeMap<>((Map<?, ?>) input));
            ((Map<?, ?>) input).clear();
            if (taken.size() == 1) {
                throw new Failure(Code.UNAVAILABLE, "later");
            }
            return Map.of();
        });
        scene.run("'one', 'greedy'");

        scene.run("'one', 'greedy'");

        assertThat(taken).hasSize(2).containsOnly(Map.of("order", 7, "one", true));
    }

    @Test
    void theKeyOfAnEffectIsTheSameAtEveryAttemptOnEveryWorker() {
        List<String> keys = new ArrayList<>();
        scene.functions.add("flaky", Map.class, Map.class, input -> {
            keys.add(Invocation.current().key());
            if (keys.size() < 3) {
                throw new Failure(Code.UNAVAILABLE, "later");
            }
            return input;
        });
        String steps = "{'flaky': {'retry': {'attempts': 2, 'delay': '1ms'}}}";
        scene.run(steps);

        scene.run(steps);

        assertThat(keys).hasSize(3).containsOnly("test:o-1/flaky");
    }

    @Test
    void headersStayWithTheExecutionAndCredentialsDoNot() {
        List<Headers> seen = new ArrayList<>();
        scene.functions.add("look", Map.class, Map.class, input -> {
            seen.add(Invocation.current().headers());
            if (seen.size() == 1) {
                throw new Failure(Code.UNAVAILABLE, "later");
            }
            return input;
        });
        Headers headers = HEADERS.with("tenant", "acme").with("authorization", "Bearer secret");
        Event event = new Event(ID, INPUT, headers);
        scene.executions().run(scene.pipeline("'look'"), event, null, StepListener.NONE);

        scene.run("'look'");

        assertThat(seen).hasSize(2).containsOnly(HEADERS.with("tenant", "acme"));
        assertThat(new String(scene.memory.find("execution:" + ID).orElseThrow().value(), StandardCharsets.UTF_8))
                .doesNotContain("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\":1,\"status\":\"RU",
                "[]",
                "{}",
                "{\"format\":2}",
                "{\"format\":2,\"status\":\"RUN\",\"hash\":\"x\",\"cursor\":-1,\"started\":1,\"value\":{}}",
                "{\"format\":2,\"status\":\"RUN\",\"hash\":\"x\",\"cursor\":9,\"started\":1,\"value\":{}}",
                "{\"format\":2,\"status\":\"UNDO\",\"hash\":\"x\",\"cursor\":0,\"started\":1,\"value\":{}}",
                "{\"format\":2,\"status\":\"RUN\",\"hash\":\"x\",\"cursor\":0,\"started\":1,\"value\":{},"
                        + "\"undo\":[{\"step\":0,\"value\":1}]}",
                "{\"format\":2,\"status\":\"RUN\",\"hash\":\"x\",\"cursor\":0,\"started\":1,\"value\":{},\"history\":[[]]}"
            })
    void aRecordThatIsTornRunsNothingAndIsCalledSo(String record) {
        Event other = new Event("test:other", INPUT, Headers.NONE);
        scene.executions().run(scene.pipeline("'one'"), other, null, StepListener.NONE);
        scene.calls.clear();
        String definition =
                scene.executions().find("test:other").orElseThrow().origin().definition();
        String whole = record.replace("\"hash\"", "\"definition\":\"" + definition + "\",\"hash\"");
        scene.memory.create("execution:" + ID, whole.getBytes(StandardCharsets.UTF_8), Indexes.NONE, null);

        Failure torn = failure(scene.resume());

        assertThat(torn.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(torn.detail()).contains("torn").contains(ID);
        assertThat(scene.calls).isEmpty();
    }

    @Test
    void fiftyWorkersOnOneExecutionReachOneResult() throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(50)) {
            List<Callable<Outcome>> all = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                all.add(() -> {
                    Outcome outcome = scene.run("'one', 'two', 'three'");
                    while (outcome instanceof Outcome.Failed failed
                            && failed.failure().retryable()) {
                        Thread.onSpinWait();
                        outcome = scene.run("'one', 'two', 'three'");
                    }
                    return outcome;
                });
            }
            for (Future<Outcome> future : workers.invokeAll(all)) {
                outcomes.add(future.get());
            }
        }

        assertThat(outcomes).hasSize(50).containsOnly(completed("one", "two", "three"));
        assertThat(scene.calls).containsExactly("one", "two", "three");
    }
}
