package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.failure;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.state.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ObserverTest {

    private final Failure later = new Failure(Code.UNAVAILABLE, "later");

    private final Scene scene = new Scene();
    private final Heard heard = new Heard();

    private Outcome run(Pipeline pipeline) {
        return scene.executions(heard).run(pipeline, scene.event(), null, StepListener.NONE);
    }

    @Test
    void aRunInMemoryIsHeardFromItsBeginToItsEnd() {
        scene.failing("two", later);

        Outcome outcome = run(new Composer(scene.functions).pipe("one|two"));

        assertThat(heard.words)
                .containsExactly(
                        "begun " + ID + " of one|two",
                        "one 1",
                        "one 1 done",
                        "two 1",
                        "two 1 UNAVAILABLE",
                        "ended FAILED");
        assertThat(heard.outcomes).containsExactly(outcome);
        assertThat(heard.starts).containsExactly(scene.now);
    }

    @Test
    void eachWorkerThatTakesAnExecutionUpIsARunOfItsOwn() {
        scene.failing("two", later, later);
        Instant accepted = scene.now;
        Outcome first = run(scene.pipeline("'one', {'two': {'retry': {'attempts': 2, 'delay': '1ms'}}}"));

        Outcome second = run(scene.pipeline("'one', {'two': {'retry': {'attempts': 2, 'delay': '1ms'}}}"));

        assertThat(heard.words)
                .containsExactly(
                        "begun " + ID + " of test",
                        "one 1",
                        "one 1 done",
                        "two 1",
                        "two 1 UNAVAILABLE",
                        "two 2",
                        "two 2 UNAVAILABLE",
                        "ended STUCK",
                        "begun " + ID + " of test",
                        "two 1",
                        "two 1 done",
                        "ended DONE");
        assertThat(heard.outcomes).containsExactly(first, second);
        assertThat(heard.starts).containsOnly(accepted);
    }

    @Test
    void anUndoIsAStepToo() {
        scene.failing("two", new Failure(Code.INVALID, "never"));

        run(scene.pipeline("{'one': {'undo': 'not-one'}}, 'two'"));

        assertThat(heard.words).containsSequence("two 1 INVALID", "one/undo 1", "one/undo 1 done", "ended FAILED");
    }

    @Test
    void whatWaitsHasEndedForNow() {
        scene.failing("one", later.withRetryAfter(Duration.ofMinutes(5)));

        run(scene.pipeline("{'one': {'retry': {'attempts': 2, 'delay': '1ms'}}}"));

        assertThat(heard.words).endsWith("one 1 UNAVAILABLE", "ended WAIT");
        assertThat(heard.outcomes).containsExactly(new Outcome.Waiting(ID, scene.now.plus(Duration.ofMinutes(5))));
    }

    @Test
    void aWorkerThatLosesItsExecutionHasEndedOnceAndKnowsNoResult() {
        List<Outcome> other = new ArrayList<>();
        scene.functions.add("slow", Map.class, Map.class, input -> {
            if (scene.execution().at().claims() == 0) {
                scene.now = scene.now.plus(Duration.ofMinutes(2));
                // On a thread of its own: this one may be interrupted for its time.
                other.add(CompletableFuture.supplyAsync(scene::resume).join());
            }
            return input;
        });

        Outcome outcome = run(scene.pipeline("'one', 'slow', 'two'"));

        assertThat(other).containsExactly(outcome);
        assertThat(heard.words).endsWith("slow 1 done", "ended RUN");
        assertThat(heard.outcomes).containsExactly(new Outcome.Waiting(ID, scene.now));
    }

    @Test
    void aStoreThatFailsEndsTheRunWithoutAStep() {
        scene.store.fail(2, Fault.REFUSED);

        run(scene.pipeline("'one', 'two'"));

        assertThat(heard.words).endsWith("one 1 done", "ended RUN");
        assertThat(heard.outcomes).singleElement().isInstanceOfSatisfying(Outcome.Failed.class, failed -> {
            assertThat(failed.failure().code()).isEqualTo(Code.THROTTLED);
            assertThat(failed.step()).isEmpty();
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWorkerThatDiesIsHeardAsAFailureThatNobodyForesaw(boolean durable) {
        scene.functions.add("deadly", Map.class, Map.class, input -> {
            throw new Crash();
        });
        Pipeline pipeline =
                durable ? scene.pipeline("'one', 'deadly'") : new Composer(scene.functions).pipe("one|deadly");

        assertThatThrownBy(() -> run(pipeline)).isInstanceOf(Crash.class);

        assertThat(heard.words).endsWith("deadly 1", durable ? "ended RUN" : "ended FAILED");
        assertThat(failure(heard.outcomes.getFirst()).code()).isEqualTo(Code.UNKNOWN);
    }

    @Test
    void whatNobodyWorksAtIsNoRun() {
        Pipeline pipeline = scene.pipeline("'one'");
        scene.run("'one'");

        run(pipeline);
        scene.executions(heard).run(pipeline, new Event(ID, Map.of("other", 1), Headers.NONE), null, StepListener.NONE);
        scene.executions(heard).resume("test:nothing", null, StepListener.NONE);
        scene.executions(heard).accept(pipeline, new Event("test:o-2", Map.of(), Headers.NONE));

        assertThat(heard.words).isEmpty();
    }

    @Test
    void whoeverAskedForTheRunHearsItsAttemptsToo() {
        List<String> caller = new ArrayList<>();
        StepListener listener = new StepListener() {
            @Override
            public void started(Step step, int attempt) {
                caller.add(step.name() + " " + attempt);
            }

            @Override
            public void finished(Step step, int attempt, Failure failure) {
                caller.add(step.name() + " " + attempt + " done");
            }
        };

        scene.executions(heard).run(scene.pipeline("'one'"), scene.event(), null, listener);

        assertThat(caller).containsExactly("one 1", "one 1 done");
        assertThat(heard.words).containsSequence(caller);
    }

    /// On the real clock, since the step is watched in real time.
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAttemptThatIsAbandonedIsHeardToFinishOnce(boolean durable) throws InterruptedException {
        CountDownLatch released = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        scene.functions.add("deaf", Map.class, Map.class, input -> {
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    // as a step that does not listen
                }
            }
            over.countDown();
            return input;
        });
        String steps = "{'pipeline': 'test', %s 'steps': [{'deaf': {'timeout': '10ms'}}]}"
                .formatted(durable ? "'durable': true," : "");
        InstantSource clock = InstantSource.system();
        Composer composer = new Composer(scene.functions);
        Executions executions = new Executions(
                new InMemoryStateStore(clock),
                composer,
                new Runner(clock, new Random(1), Thread::sleep),
                Continuation.SWEEP,
                clock,
                new Random(),
                heard);

        executions.run(composer.recompose(steps.replace('\'', '"')), scene.event(), null, StepListener.NONE);
        released.countDown();
        over.await();
        Thread.sleep(20);

        assertThat(heard.words)
                .containsExactly(
                        "begun " + ID + " of test",
                        "deaf 1",
                        "deaf 1 TIMEOUT",
                        durable ? "ended STUCK" : "ended FAILED");
    }
}
