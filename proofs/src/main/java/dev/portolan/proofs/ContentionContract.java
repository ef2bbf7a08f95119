package dev.portolan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Outcome;
import dev.portolan.failure.Failure;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Fifty workers at one execution, in two stores over one place, as two processes have them.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@TestInstance(TestInstance.Lifecycle.PER_CLASS) // each driver has its own plans
public abstract class ContentionContract {

    private static final int WORKERS = 50;
    private static final Duration PAUSE = Duration.ofMillis(500);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path folder;

    /// How the store is opened.
    protected abstract Class<? extends StoreOpener> opener();

    /// Where there is a store that nothing else uses.
    ///
    /// @param folder for what it keeps in files; it is deleted in the end
    protected abstract String address(Path folder);

    /// Whether a call takes milliseconds: then a build proves a part, and `-Pfull` all.
    protected boolean distant() {
        return false;
    }

    List<Plan> plans() {
        return distant() && !Boolean.getBoolean("portolan.full") ? List.of(Plan.USUAL.get(1)) : Plan.USUAL;
    }

    @ParameterizedTest
    @MethodSource("plans")
    void fiftyWorkersReachOneResultAndEachStepIsCalledAsIfThereWereOne(Plan plan) throws Exception {
        List<Outcome> outcomes = new ArrayList<>();
        Premises premises = new Premises(opener().getName(), address(folder), folder.resolve("ledger"));
        try (Workshop one = new Workshop(premises, Duration.ZERO);
                Workshop other = new Workshop(premises, Duration.ZERO);
                ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
            CountDownLatch start = new CountDownLatch(WORKERS);
            List<Callable<Outcome>> work = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                Workshop workshop = i % 2 == 0 ? one : other;
                work.add(() -> result(workshop.hand(Points.none()), plan, start));
            }
            for (Future<Outcome> outcome : threads.invokeAll(work)) {
                outcomes.add(outcome.get());
            }
            Workshop.Hand hand = one.hand(Points.none());
            List<String> lines = premises.noted(plan.id());
            new Verdict(plan, hand.executions.find(plan.id()).orElseThrow(), lines, hand.effects).pass();
            assertThat(lines.stream().filter(line -> !line.equals("call flaky")))
                    .as("what was done")
                    .doesNotHaveDuplicates();
            assertThat(lines.stream().filter("call flaky"::equals)).hasSizeLessThanOrEqualTo(3);
        }
        assertThat(outcomes.stream().map(ContentionContract::told).distinct()).hasSize(1);
    }

    /// What a worker hears that comes again until it is told how the execution ended.
    private Outcome result(Workshop.Hand hand, Plan plan, CountDownLatch start) throws InterruptedException {
        start.countDown();
        start.await();
        while (true) {
            Outcome outcome = hand.run(plan);
            boolean again = outcome instanceof Outcome.Waiting
                    || (outcome instanceof Outcome.Failed failed
                            && failed.failure().retryable());
            if (!again) {
                return outcome;
            }
            if (distant()) {
                // An emulator that answers fifty who never rest lets calls time out, and what is unanswered is
                // repeated.
                Thread.sleep(PAUSE);
            }
        }
    }

    private static String told(Outcome outcome) {
        if (outcome instanceof Outcome.Failed failed) {
            Failure failure = failed.failure();
            return failure.code() + " " + failure.detail() + " " + failed.step() + " " + failed.attempt();
        }
        return outcome.toString();
    }
}
