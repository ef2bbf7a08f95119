package dev.portolan.proofs;

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
import dev.portolan.testing.InterceptedStateStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Durable executions in a store, and what they write into it.
public abstract class ExecutionsContract {

    private static final String ID = "order:o-1";
    private static final InstantSource CLOCK = InstantSource.system();

    private final List<String> written = new CopyOnWriteArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final FunctionRegistry functions = new FunctionRegistry();

    @SuppressWarnings("NullAway.Init") // opened before each test
    private StateStore store;

    @SuppressWarnings("NullAway.Init")
    private Effects ledger;

    /// An empty store that no other test uses. It is closed in the end.
    protected abstract StateStore open(InstantSource clock);

    @BeforeEach
    void openStore() {
        store = open(CLOCK);
        ledger = new Effects(store, CLOCK);
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
        StateStore counted = new InterceptedStateStore(store) {
            @Override
            protected <T> T around(Call call, String of, Supplier<T> made) {
                if (call.writes()) {
                    written.add(of);
                }
                return made.get();
            }
        };
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
        assertThat(written.stream().filter(key -> key.startsWith("execution:"))).hasSize(4);
        assertThat(written).hasSize(5);
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
