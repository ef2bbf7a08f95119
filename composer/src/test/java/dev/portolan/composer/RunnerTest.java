package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Outcome.Completed;
import dev.portolan.composer.Outcome.Failed;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What a run does while nothing limits its time.
final class RunnerTest {

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Headers HEADERS = Headers.NONE.with("tenant", "acme");
    private static final Retry THRICE = new Retry(3, Duration.ofSeconds(1), 10, Duration.ofSeconds(20));

    private final List<Duration> pauses = new ArrayList<>();
    private final List<Invocation> invocations = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Runner runner = new Runner(InstantSource.fixed(NOW), half(), pauses::add);

    @Test
    void stepsRunOneAfterTheOther() {
        assertThat(run("a", step("one", value -> value + "b"), step("two", value -> value + "c")))
                .isEqualTo(new Completed("abc", HEADERS));
    }

    @Test
    void aStepKnowsItsInvocation() {
        run("a", step("one", this::remember), step("two", this::remember));

        assertThat(invocations)
                .containsExactly(
                        new Invocation("order-7", "one", 1, null, HEADERS),
                        new Invocation("order-7", "two", 1, null, HEADERS));
    }

    @Test
    void theKeyIsTheSameAtEveryAttempt() {
        run(
                "a",
                step("one", this::remember).retrying(THRICE),
                step("two", failing(Code.UNAVAILABLE)).retrying(THRICE));

        assertThat(invocations)
                .extracting(Invocation::key)
                .containsExactly("order-7/one", "order-7/two", "order-7/two", "order-7/two");
        assertThat(invocations).extracting(Invocation::attempt).containsExactly(1, 1, 2, 3);
    }

    @Test
    void nothingIsBoundOutsideAStep() {
        run("a", step("one", value -> value));

        assertThat(Invocation.current().id()).isNotEqualTo("order-7");
    }

    @ParameterizedTest
    @EnumSource
    void onlyWhatMayPassIsTriedAgain(Code code) {
        Failed failed = (Failed) run("a", step("one", failing(code)).retrying(THRICE));

        assertThat(failed.failure().code()).isEqualTo(code);
        assertThat(failed.attempt())
                .isEqualTo(failed.failure().retryable() ? 3 : 1)
                .isEqualTo(invocations.size());
    }

    @Test
    void aStepThatSucceedsAtLastGoesOn() {
        assertThat(run(
                        "a",
                        step("one", value -> {
                                    if (Invocation.current().attempt() < 3) {
                                        throw new Failure(Code.UNAVAILABLE, "not yet");
                                    }
                                    return value + "b";
                                })
                                .retrying(THRICE),
                        step("two", value -> value + "c")))
                .isEqualTo(new Completed("abc", HEADERS));
    }

    @Test
    void withoutRetryThereIsOneAttempt() {
        Failed failed = (Failed) run("a", step("one", failing(Code.UNAVAILABLE)), step("two", this::remember));

        assertThat(failed.step()).isEqualTo("one");
        assertThat(failed.attempt()).isOne();
        assertThat(invocations).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    @Test
    void pausesGrowUpToTheCap() {
        run(
                "a",
                step("one", failing(Code.UNAVAILABLE))
                        .retrying(new Retry(5, Duration.ofSeconds(1), 10, Duration.ofSeconds(20))));

        assertThat(pauses)
                .containsExactly(
                        Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    @Test
    void aPauseIsAsLongAsTheFailureSays() {
        run("a", step("one", failing(Code.THROTTLED, Duration.ofSeconds(7))).retrying(THRICE));

        assertThat(pauses).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(7));
    }

    @Test
    void aPauseIsNoShorterForWhatTheFailureSays() {
        run("a", step("one", failing(Code.THROTTLED, Duration.ofMillis(1))).retrying(THRICE));

        assertThat(pauses).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(5));
    }

    @Test
    void aConflictThatSaysWhenToComeBackIsTriedAgain() {
        run("a", step("one", failing(Code.CONFLICT, Duration.ofSeconds(7))).retrying(THRICE));

        assertThat(invocations).hasSize(3);
    }

    @Test
    void anInterruptDuringAPauseEndsTheRunAndIsKept() {
        Runner impatient = new Runner(InstantSource.fixed(NOW), half(), pause -> {
            throw new InterruptedException();
        });

        Outcome outcome =
                impatient.run(pipeline(step("one", failing(Code.UNAVAILABLE)).retrying(THRICE)), event("a"));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(outcome).isInstanceOfSatisfying(Failed.class, failed -> {
            assertThat(failed.failure().code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(failed.attempt()).isOne();
        });
    }

    @Test
    void aFailureThatAsksForMoreThanTheCapIsNotWaitedFor() {
        Failed failed = (Failed) run(
                "a",
                step("one", failing(Code.THROTTLED, THRICE.cap().plusMillis(1))).retrying(THRICE));

        assertThat(failed.attempt()).isOne();
        assertThat(failed.failure().retryAfter()).isEqualTo(THRICE.cap().plusMillis(1));
    }

    @Test
    void anEndSkipsLaterSteps() {
        Outcome outcome =
                run("a", step("one", value -> Chain.end("done")).retrying(THRICE), step("two", this::remember));

        assertThat(outcome).isEqualTo(new Completed("done", HEADERS));
        assertThat(invocations).isEmpty();
    }

    @Test
    void headersReachLaterStepsAndTheOutcome() {
        Headers more = Headers.NONE.with("TENANT", "second").with("trace", "1");

        Outcome outcome =
                run("a", step("one", value -> new Chain.Next<>(value + "b", more)), step("two", this::remember));

        Headers both = HEADERS.replacedBy(more);
        assertThat(both.all("tenant")).containsExactly("second");
        assertThat(invocations.getFirst().headers()).isEqualTo(both);
        assertThat(outcome).isEqualTo(new Completed("ab", both));
    }

    @Test
    void aValueThatTheFunctionDoesNotTakeNeverReachesIt() {
        Failed failed = (Failed)
                run("a", step("one", this::remember).taking(Integer.class).retrying(THRICE));

        assertThat(failed.failure()).hasMessage("must be a whole number");
        assertThat(failed.failure().code()).isEqualTo(Code.INVALID);
        assertThat(invocations).isEmpty();
    }

    @Test
    void nullIsNoAnswer() {
        for (Function<@Nullable Object, @Nullable Object> nothing :
                List.<Function<@Nullable Object, @Nullable Object>>of(
                        value -> null, value -> Chain.next(null), value -> Chain.end(null))) {
            Failed failed = (Failed) run("a", step("one", nothing));

            assertThat(failed.failure().code()).isEqualTo(Code.UNKNOWN);
            assertThat(failed.failure()).hasMessageStartingWith("step 'one' gave null");
        }
    }

    @Test
    void aConsumerGivesNothing() {
        assertThat(run("a", step("one", value -> null).giving(Void.class))).isEqualTo(new Completed(null, HEADERS));
    }

    @Test
    void whatNobodyForesawIsUnknownAndItsMessageIsNotTold() {
        IllegalStateException defect = new IllegalStateException("hunter2");

        Failed failed = (Failed) run("a", step("one", value -> {
            throw defect;
        }));

        assertThat(failed.failure().code()).isEqualTo(Code.UNKNOWN);
        assertThat(failed.failure())
                .hasCause(defect)
                .hasMessageStartingWith("step 'one' threw java.lang.IllegalStateException at ")
                .hasMessageContaining("RunnerTest")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aFailedAssertionAndABrokenClassAreUnknownToo() {
        for (Error error : List.of(new AssertionError("hunter2"), new ExceptionInInitializerError("hunter2"))) {
            Failed failed = (Failed) run("a", step("one", value -> {
                throw error;
            }));

            assertThat(failed.failure().code()).isEqualTo(Code.UNKNOWN);
            assertThat(failed.failure()).hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void aMissingClassIsNamed() {
        Failed failed = (Failed) run("a", step("one", value -> {
            throw new NoClassDefFoundError("org/example/Missing");
        }));

        assertThat(failed.failure().code()).isEqualTo(Code.UNKNOWN);
        assertThat(failed.failure()).hasMessageContaining("NoClassDefFoundError (org/example/Missing)");
    }

    @Test
    void endlessRecursionIsUnknown() {
        Failed failed = (Failed) run("a", step("one", RunnerTest::recurse));

        assertThat(failed.failure().code()).isEqualTo(Code.UNKNOWN);
        assertThat(failed.failure()).hasMessageStartingWith("step 'one' threw java.lang.StackOverflowError");
    }

    @Test
    void aMergeLaysTheOutputOverTheInput() {
        Outcome outcome = run(
                Map.of("a", 1, "b", 2),
                step("one", value -> Map.of("b", 3, "c", 4)).merging());

        assertThat(outcome).isEqualTo(new Completed(Map.of("a", 1, "b", 3, "c", 4), HEADERS));
    }

    @Test
    void aMergeTakesRecordsApart() {
        record Extra(String c) {}

        assertThat(run(
                        Map.of("a", 1),
                        step("one", value -> Chain.end(new Extra("x"))).merging()))
                .isEqualTo(new Completed(Map.of("a", 1, "c", "x"), HEADERS));
    }

    @Test
    void aMergeOfWhatIsNoObjectIsRefused() {
        Failed failed = (Failed) run("a", step("one", value -> Map.of("b", 3)).merging());

        assertThat(failed.failure().code()).isEqualTo(Code.INVALID);
        assertThat(failed.failure()).hasMessage("step 'one' merges objects only");
    }

    @Test
    void listenersHearEveryAttempt() {
        runner.run(
                pipeline(
                        step("one", value -> value),
                        step("two", failing(Code.UNAVAILABLE)).retrying(THRICE)),
                event("a"),
                null,
                new Listener());

        assertThat(heard)
                .containsExactly(
                        "one 1", "one 1 done",
                        "two 1", "two 1 UNAVAILABLE",
                        "two 2", "two 2 UNAVAILABLE",
                        "two 3", "two 3 UNAVAILABLE");
    }

    @Test
    void runsOfOnePipelineDoNotMix() throws Exception {
        Pipeline pipeline = pipeline(
                step("one", value -> value + " " + Invocation.current().id()),
                step(
                        "two",
                        value -> new Chain.Next<>(
                                value + " " + Invocation.current().key(),
                                Headers.NONE.with("id", Invocation.current().id()))),
                step(
                                "three",
                                value -> value + " "
                                        + Invocation.current().headers().all("id"))
                        .within(Duration.ofMinutes(1)));
        List<Callable<Outcome>> runs = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            String id = "run-" + i;
            runs.add(() -> runner.run(pipeline, new Event(id, "body of " + id, Headers.NONE)));
        }

        List<Future<Outcome>> outcomes;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            outcomes = threads.invokeAll(runs);
        }

        for (int i = 0; i < outcomes.size(); i++) {
            String id = "run-" + i;
            assertThat(outcomes.get(i).get())
                    .isEqualTo(new Completed(
                            "body of %s %s %s/two [%s]".formatted(id, id, id, id), Headers.NONE.with("id", id)));
        }
    }

    private final class Listener implements StepListener {
        @Override
        public void started(Step step, int attempt) {
            heard.add(step.name() + " " + attempt);
        }

        @Override
        public void finished(Step step, int attempt, @Nullable Failure failure) {
            heard.add(step.name() + " " + attempt + " " + (failure == null ? "done" : failure.code()));
        }
    }

    private Outcome run(Object body, StepDraft... steps) {
        return runner.run(pipeline(steps), event(body));
    }

    private Object remember(@Nullable Object value) {
        invocations.add(Invocation.current());
        return String.valueOf(value);
    }

    private Function<@Nullable Object, @Nullable Object> failing(Code code) {
        return failing(code, null);
    }

    private Function<@Nullable Object, @Nullable Object> failing(Code code, @Nullable Duration retryAfter) {
        return value -> {
            invocations.add(Invocation.current());
            Failure failure = new Failure(code, "why");
            throw retryAfter == null ? failure : failure.withRetryAfter(retryAfter);
        };
    }

    @SuppressWarnings("InfiniteRecursion") // on purpose
    private static Object recurse(@Nullable Object value) {
        return recurse(List.of(String.valueOf(value)));
    }

    private static RandomGenerator half() {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("a pause takes one double");
            }

            @Override
            public double nextDouble() {
                return 0.5;
            }
        };
    }

    private static Event event(Object body) {
        return new Event("order-7", body, HEADERS);
    }

    private static Pipeline pipeline(StepDraft... steps) {
        return StepDraft.pipeline(steps);
    }

    private static StepDraft step(String name, Function<@Nullable Object, @Nullable Object> body) {
        return StepDraft.of(name, body);
    }
}
