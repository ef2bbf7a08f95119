package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Outcome.Completed;
import dev.portolan.composer.Outcome.Failed;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How a run keeps the time of its steps, on the real clock: a watched step stops on time or is left behind.
@Timeout(20)
final class RunnerTimeTest {

    private static final Duration SHORT = Duration.ofMillis(50);
    /// Enough for a step to begin on a busy machine.
    private static final Duration BEGINNING = Duration.ofSeconds(3);

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Retry TWICE = new Retry(2, Duration.ZERO, 1, Duration.ZERO);

    private final InstantSource clock = InstantSource.system();
    private final Runner runner = new Runner(clock, new Random(1), Thread::sleep);
    private final List<Invocation> invocations = Collections.synchronizedList(new ArrayList<>());

    @Test
    void aStepWithinItsTimeIsNotDisturbed() {
        assertThat(run(
                        StepDraft.of("one", value -> value + "b").within(LONG),
                        StepDraft.of("two", value -> value + "c")))
                .isEqualTo(new Completed("abc", Headers.NONE));
    }

    @Test
    void whateverAStepThrowsTheCallerHearsOfIt() {
        assertThatThrownBy(() -> run(StepDraft.of("one", value -> sneaky(new Throwable("hunter2")))
                        .within(Duration.ofSeconds(5))))
                .hasRootCauseInstanceOf(Throwable.class);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, X extends Throwable> T sneaky(Throwable thrown) throws X {
        throw (X) thrown;
    }

    @Test
    void aStepOverItsTimeIsInterruptedAndLaterStepsNeverRun() {
        Instant start = clock.instant();

        Failed failed = (Failed)
                run(StepDraft.of("one", RunnerTimeTest::sleep).within(SHORT), StepDraft.of("two", this::remember));

        assertThat(Duration.between(start, clock.instant())).isBetween(SHORT, Duration.ofSeconds(5));
        assertThat(failed.step()).isEqualTo("one");
        assertThat(failed.failure())
                .hasMessage("step 'one' took longer than its timeout of " + SHORT.toMillis() + " ms");
        assertThat(failed.failure().code()).isEqualTo(Code.TIMEOUT);
        assertThat(failed.failure().effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(invocations).isEmpty();
    }

    @Test
    void aLimitThatComesBeforeTheOneThatIsWaitedForIsKept() {
        Instant start = clock.instant();

        Failed failed = (Failed) run(
                StepDraft.of("one", value -> pause(value, SHORT)).within(LONG),
                StepDraft.of("two", RunnerTimeTest::sleep).within(SHORT));

        assertThat(failed.step()).isEqualTo("two");
        assertThat(Duration.between(start, clock.instant())).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void aStepThatIgnoresTheInterruptIsAbandonedAfterASecond() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        Instant start = clock.instant();

        Failed failed = (Failed) run(
                StepDraft.of("one", value -> {
                            deafly(release);
                            released.countDown();
                            return value;
                        })
                        .within(SHORT)
                        .retrying(TWICE),
                StepDraft.of("two", this::remember));

        assertThat(Duration.between(start, clock.instant())).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(6));
        assertThat(failed.step()).isEqualTo("one");
        assertThat(failed.attempt()).isOne();
        assertThat(failed.failure().code()).isEqualTo(Code.TIMEOUT);
        assertThat(failed.failure().effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failed.failure()).hasMessageContaining("did not stop when it was interrupted");

        release.countDown();
        assertThat(released.await(5, TimeUnit.SECONDS)).isTrue();
        LockSupport.parkNanos(SHORT.toNanos());
        assertThat(invocations).as("what runs after the abandoned step").isEmpty();
    }

    @Test
    void anAttemptThatTimesOutIsTriedAgainUndisturbed() {
        AtomicBoolean disturbed = new AtomicBoolean();

        Outcome outcome = run(StepDraft.of("one", value -> {
                    if (Invocation.current().attempt() == 1) {
                        return sleep(value);
                    }
                    disturbed.set(Thread.currentThread().isInterrupted());
                    return "second";
                })
                .within(SHORT)
                .retrying(TWICE));

        assertThat(outcome).isEqualTo(new Completed("second", Headers.NONE));
        assertThat(disturbed).isFalse();
    }

    @Test
    void aStepThatSwallowsItsInterruptLeavesNoneToTheNext() {
        AtomicBoolean disturbed = new AtomicBoolean();

        run(
                StepDraft.of("one", value -> {
                            awaitInterrupt();
                            return value;
                        })
                        .within(SHORT),
                StepDraft.of("two", value -> {
                    disturbed.set(Thread.currentThread().isInterrupted());
                    return remember(value);
                }));

        assertThat(invocations).hasSize(1);
        assertThat(disturbed).isFalse();
    }

    @Test
    void theInvocationKnowsTheNearerOfTimeoutAndDeadline() {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        Runner fixed = new Runner(InstantSource.fixed(now), new Random(1), Thread::sleep);

        fixed.run(
                StepDraft.pipeline(
                        StepDraft.of("free", this::remember),
                        StepDraft.of("short", this::remember).within(Duration.ofSeconds(5)),
                        StepDraft.of("long", this::remember).within(Duration.ofMinutes(15))),
                event(),
                now.plusSeconds(60),
                StepListener.NONE);

        assertThat(invocations)
                .extracting(Invocation::deadline)
                .containsExactly(now.plusSeconds(60), now.plusSeconds(5), now.plusSeconds(60));
    }

    @Test
    void aDeadlineEndsAStepWithoutTimeout() {
        Failed failed = (Failed) runner.run(
                StepDraft.pipeline(StepDraft.of("one", RunnerTimeTest::sleep).retrying(TWICE)),
                event(),
                clock.instant().plus(BEGINNING),
                StepListener.NONE);

        assertThat(failed.failure().code()).isEqualTo(Code.TIMEOUT);
        assertThat(failed.attempt()).isOne();
    }

    @Test
    void aHostThatIsAboutToStopIsNotKeptWaitingForAStepThatIgnoresTheInterrupt() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
        Instant deadline = now.get().plus(SHORT);
        Runner stopping = new Runner(now::get, new Random(1), Thread::sleep);
        CountDownLatch answered = new CountDownLatch(1);

        Failed failed = (Failed) stopping.run(
                StepDraft.pipeline(StepDraft.of("one", value -> {
                            now.set(deadline);
                            awaitInterrupt();
                            now.set(deadline.plusMillis(200)); // less than the grace of a step without a deadline
                            deafly(answered);
                            return value;
                        })
                        .within(LONG)),
                event(),
                deadline,
                StepListener.NONE);
        answered.countDown();

        assertThat(failed.failure().code()).isEqualTo(Code.TIMEOUT);
        assertThat(failed.failure()).hasMessageContaining("did not stop when it was interrupted");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -1_000_000_000})
    void aDeadlineThatHasPassedStartsNoStep(long nanos) {
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        Runner fixed = new Runner(InstantSource.fixed(now), new Random(1), Thread::sleep);

        Failed failed = (Failed) fixed.run(
                StepDraft.pipeline(StepDraft.of("one", this::remember)),
                event(),
                now.plusNanos(nanos),
                StepListener.NONE);

        assertThat(invocations).isEmpty();
        assertThat(failed.step()).isEqualTo("one");
        assertThat(failed.attempt()).isZero();
        assertThat(failed.failure()).hasMessage("the deadline passed before step 'one' began");
        assertThat(failed.failure().effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aDeadlineFarAwayIsNone() {
        assertThat(runner.run(
                        StepDraft.pipeline(StepDraft.of("one", value -> pause(value, SHORT))),
                        event(),
                        Instant.MAX,
                        StepListener.NONE))
                .isEqualTo(new Completed("a", Headers.NONE));
    }

    @Test
    void aPauseThatReachesTheDeadlineIsNotBegun() {
        List<Duration> pauses = new ArrayList<>();
        Instant now = Instant.parse("2026-01-31T12:00:00Z");
        Runner fixed = new Runner(InstantSource.fixed(now), new Random(1), pauses::add);

        Failed failed = (Failed) fixed.run(
                StepDraft.pipeline(StepDraft.of("one", value -> {
                            throw new Failure(Code.THROTTLED, "slow down").withRetryAfter(Duration.ofSeconds(60));
                        })
                        .retrying(TWICE)),
                event(),
                now.plusSeconds(60),
                StepListener.NONE);

        assertThat(pauses).isEmpty();
        assertThat(failed.failure().code()).isEqualTo(Code.THROTTLED);
    }

    @Test
    void aPauseThatOutlastsTheDeadlineLeavesTheEffectUnknown() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-31T12:00:00Z"));
        Instant deadline = now.get().plusSeconds(60);
        Runner slow = new Runner(now::get, new Random(1), pause -> now.set(deadline));

        Failed failed = (Failed) slow.run(
                StepDraft.pipeline(StepDraft.of("one", value -> {
                            throw new Failure(Code.UNAVAILABLE, "cut off").withEffect(Effect.UNKNOWN);
                        })
                        .retrying(TWICE)),
                event(),
                deadline,
                StepListener.NONE);

        assertThat(failed.attempt()).isOne();
        assertThat(failed.failure().effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void anInterruptOfTheCallerStopsTheStepAndIsKept() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        AtomicReference<Outcome> outcome = new AtomicReference<>();
        AtomicBoolean kept = new AtomicBoolean();
        Thread caller = Thread.ofVirtual().start(() -> {
            outcome.set(run(
                    StepDraft.of("one", value -> {
                                remember(value);
                                begun.countDown();
                                return sleep(value);
                            })
                            .within(LONG)
                            .retrying(TWICE),
                    StepDraft.of("two", this::remember)));
            kept.set(Thread.currentThread().isInterrupted());
        });

        begun.await();
        caller.interrupt();
        caller.join(Duration.ofSeconds(5));

        assertThat(outcome.get())
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().code()).isEqualTo(Code.TIMEOUT));
        assertThat(invocations).as("attempts of all steps").hasSize(1);
        assertThat(kept).isTrue();
    }

    @Test
    void whatAListenerThrowsReachesTheCaller() {
        StepListener broken = new StepListener() {
            @Override
            public void finished(Step step, int attempt, @Nullable Failure failure) {
                throw new IllegalStateException("broken");
            }
        };

        for (Duration timeout : new @Nullable Duration[] {LONG, null}) {
            Pipeline pipeline =
                    StepDraft.pipeline(StepDraft.of("one", value -> value).within(timeout));
            assertThatExceptionOfType(IllegalStateException.class)
                    .isThrownBy(() -> runner.run(pipeline, event(), null, broken))
                    .withMessage("broken");
        }
    }

    @Test
    void errorsOfTheMachineReachTheCaller() {
        for (Duration timeout : new @Nullable Duration[] {LONG, null}) {
            assertThatExceptionOfType(OutOfMemoryError.class)
                    .isThrownBy(() -> run(StepDraft.of("one", value -> {
                                throw new OutOfMemoryError("thrown by a test");
                            })
                            .within(timeout)
                            .retrying(TWICE)))
                    .withMessage("thrown by a test");
        }
    }

    private Outcome run(StepDraft... steps) {
        return runner.run(StepDraft.pipeline(steps), event());
    }

    private static Event event() {
        return new Event("order-7", "a", Headers.NONE);
    }

    private Object remember(@Nullable Object value) {
        invocations.add(Invocation.current());
        return String.valueOf(value);
    }

    private static Object sleep(@Nullable Object value) {
        return pause(value, LONG);
    }

    private static Object pause(@Nullable Object value, Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return String.valueOf(value);
    }

    private static void awaitInterrupt() {
        while (!Thread.currentThread().isInterrupted()) {
            LockSupport.parkNanos(1_000_000);
        }
    }

    /// Waits without regard to interrupts, for ten seconds at most.
    private static void deafly(CountDownLatch latch) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (latch.getCount() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(1_000_000);
            Thread.interrupted();
        }
    }
}
