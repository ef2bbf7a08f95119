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
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Faulty.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.state.Entry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Executions in flight while another version is deployed.
final class DeploymentsTest {

    private static final String FIRST = "'one', {'two': {'undo': 'not-two'}}, 'three'";
    private static final String SECOND = "'three', 'one'";

    private final Scene scene = new Scene();

    /// An execution whose worker was lost after its first step.
    private void begin() {
        scene.store.fail(3, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> scene.run(FIRST)).isInstanceOf(Crash.class);
        scene.calls.clear();
        scene.now = scene.now.plus(Duration.ofMinutes(2));
    }

    private Entry entry() {
        return scene.memory.find("execution:" + ID).orElseThrow();
    }

    /// A worker that has these functions alone.
    private Executions worker(FunctionRegistry functions) {
        Runner runner = new Runner(scene.clock, new Random(1), pause -> {});
        return new Executions(
                scene.store, new Composer(functions), runner, Continuation.SWEEP, scene.clock, new Random());
    }

    private static FunctionRegistry functions(String... names) {
        FunctionRegistry functions = new FunctionRegistry();
        for (String name : names) {
            functions.add(name, Map.class, Map.class, input -> {
                throw new AssertionError(name + " is called");
            });
        }
        return functions;
    }

    private void assertLeftAlone(Executions worker, FunctionRegistry functions) {
        Entry before = entry();
        Pipeline deployed =
                new Composer(functions).recompose("{\"pipeline\":\"test\",\"durable\":true,\"steps\":[\"one\"]}");

        List<Failure> refusals = List.of(
                failure(worker.resume(ID, null, StepListener.NONE)),
                failure(worker.run(deployed, scene.event(), null, StepListener.NONE)));

        assertThat(refusals).allSatisfy(refusal -> {
            assertThat(refusal.code()).isEqualTo(Code.UNAVAILABLE);
            assertThat(refusal.retryable()).isTrue();
            assertThat(refusal.retryAfter()).isPositive();
            assertThat(refusal.detail()).contains(ID);
        });
        assertThat(worker.operations().sweep(null).left()).isEqualTo(1);
        assertThat(entry()).usingRecursiveComparison().isEqualTo(before);
    }

    @Test
    void anExecutionKeepsToTheDefinitionThatItBeganWith() {
        begin();

        assertThat(scene.run(SECOND)).isEqualTo(completed("one", "two", "three"));
        assertThat(scene.calls).containsExactly("two", "three");
    }

    @Test
    void otherWorkFollowsTheNewDefinition() {
        begin();
        Event other = new Event("test:o-2", INPUT, HEADERS);

        Outcome outcome = scene.executions().run(scene.pipeline(SECOND), other, null, StepListener.NONE);

        assertThat(outcome).isEqualTo(completed("three", "one"));
        assertThat(scene.calls).containsExactly("three", "one");
    }

    @Test
    void aWorkerThatLacksAFunctionLeavesTheExecutionToOneThatHasIt() {
        begin();
        FunctionRegistry lacking = functions("one", "three", "not-two");

        assertLeftAlone(worker(lacking), lacking);

        assertThat(scene.run(FIRST)).isEqualTo(completed("one", "two", "three"));
    }

    @Test
    void aWorkerThatLacksAnUndoLeavesTheExecutionTooEvenBeforeItGoesBack() {
        begin();
        FunctionRegistry lacking = functions("one", "two", "three");

        assertLeftAlone(worker(lacking), lacking);

        scene.failing("three", new Failure(Code.DENIED, "not for you"));
        scene.run(FIRST);
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.calls).containsExactly("two", "three", "not-two");
    }

    @Test
    void aWorkerWhoseFunctionTakesSomethingElseNowLeavesTheExecution() {
        begin();
        FunctionRegistry changed = functions("one", "three", "not-two");
        changed.add("two", Integer.class, Map.class, input -> Map.of());

        assertLeftAlone(worker(changed), changed);
    }

    @Test
    void anExecutionOnItsWayBackIsLeftToo() {
        scene.failing("three", new Failure(Code.DENIED, "not for you"));
        scene.store.fail(6, Fault.CRASH_BEFORE);
        assertThatThrownBy(() -> scene.run(FIRST)).isInstanceOf(Crash.class);
        assertThat(scene.execution().status()).isEqualTo(Status.UNDO);
        scene.now = scene.now.plus(Duration.ofMinutes(2));
        FunctionRegistry lacking = functions("one", "two", "three");

        assertLeftAlone(worker(lacking), lacking);

        scene.run(SECOND);
        assertThat(scene.execution().status()).isEqualTo(Status.FAILED);
        assertThat(scene.calls).contains("not-two");
    }

    @Test
    void whatIsOverIsAnsweredByAnyWorker() {
        Outcome done = scene.run(FIRST);

        assertThat(worker(functions()).resume(ID, null, StepListener.NONE)).isEqualTo(done);
    }

    @Test
    void aDefinitionThatIsGoneFromTheStoreIsNamedAndTheExecutionLeft() {
        begin();
        Entry before = entry();
        Entry definition = scene.memory
                .find("definition:" + scene.execution().origin().definition())
                .orElseThrow();
        scene.memory.delete(definition);

        Failure gone = failure(scene.resume());

        assertThat(gone.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(gone.detail()).contains("gone from the store");
        assertThat(entry()).usingRecursiveComparison().isEqualTo(before);

        // It is there again as soon as a deployment that has it runs anything.
        assertThat(scene.run(FIRST)).isEqualTo(completed("one", "two", "three"));
    }
}
