package dev.portolan.aws.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Effects;
import dev.portolan.state.StateStore;
import dev.portolan.testing.CountedWrites;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Durable executions in this store.
final class DynamoDbExecutionsTest {

    private static final String ID = "order:o-1";
    private static final InstantSource CLOCK = InstantSource.system();

    private final StateStore store =
            new DynamoDbStateStore(LocalDynamoDb.table(), LocalDynamoDb::client, CLOCK, new SecureRandom());
    private final CountedWrites counted = new CountedWrites(store);
    private final Effects ledger = new Effects(store, CLOCK);
    private final List<String> calls = new ArrayList<>();
    private final FunctionRegistry functions = new FunctionRegistry();

    DynamoDbExecutionsTest() {
        for (String name : List.of("one", "two", "three")) {
            functions.add(name, Object.class, Object.class, input -> {
                calls.add(name);
                ledger.record(Invocation.current().key(), new byte[] {1});
                return input;
            });
            functions.add("not-" + name, Object.class, Object.class, input -> {
                calls.add("not-" + name);
                return input;
            });
        }
        functions.add("deny", Object.class, Object.class, input -> {
            throw new Failure(Code.DENIED, "not for you");
        });
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    private Executions executions() {
        Runner runner = new Runner(CLOCK, new SecureRandom(), pause -> {});
        return new Executions(counted, new Composer(functions), runner, Continuation.SWEEP, CLOCK, new SecureRandom());
    }

    private Outcome run(String steps) {
        String definition = "{'pipeline': 'order', 'durable': true, 'steps': [%s]}".formatted(steps);
        return executions()
                .run(
                        new Composer(functions).recompose(definition.replace('\'', '"')),
                        new Event(ID, Map.of("order", 7), Headers.NONE),
                        null,
                        StepListener.NONE);
    }

    @Test
    void threeStepsTakeFourWritesBesideTheirDefinition() {
        Outcome first = run("'one', 'two', 'three'");
        Outcome again = run("'one', 'two', 'three'");

        assertThat(first)
                .isInstanceOfSatisfying(
                        Outcome.Completed.class,
                        completed -> assertThat(completed.value()).isEqualTo(Map.of("order", 7)));
        assertThat(again).isEqualTo(first);
        assertThat(calls).containsExactly("one", "two", "three");
        assertThat(counted.under("execution:")).isEqualTo(4);
        assertThat(counted.under("")).isEqualTo(5);
    }

    @Test
    void whatWasDoneIsTakenBackInReverseAndNothingIsLeft() {
        run("{'one': {'undo': 'not-one'}}, {'two': {'undo': 'not-two'}}, 'deny'");

        assertThat(executions().find(ID).orElseThrow().status()).isEqualTo(Status.FAILED);
        assertThat(calls).containsExactly("one", "two", "not-two", "not-one");
        assertThat(ledger.find(ID + "/one")).isEmpty();
        assertThat(ledger.find(ID + "/two")).isEmpty();
    }
}
