package dev.portolan.telemetry;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.state.InMemoryStateStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/// Executions that are observed, on the real clock, and functions: `fine` works, `flaky` fails at first,
/// `wrong` fails for good, `later` asks for an hour, `deadly` kills its worker, and `deaf` ignores interrupts
/// until it is released.
final class Stage {

    static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    static final String PARENT = "b7ad6b7169203331";
    static final Headers HEADERS = Headers.NONE.with("traceparent", "00-" + TRACE + "-" + PARENT + "-01");

    final FunctionRegistry functions = new FunctionRegistry();
    final CountDownLatch released = new CountDownLatch(1);
    private final InMemoryStateStore store = new InMemoryStateStore(InstantSource.system());
    private int calls;

    Stage() {
        functions.add("fine", Map.class, Map.class, input -> input);
        functions.add("flaky", Map.class, Map.class, input -> {
            calls++;
            if (calls == 1) {
                throw new Failure(Code.UNAVAILABLE, "not yet");
            }
            return input;
        });
        functions.add("wrong", Map.class, Map.class, input -> {
            throw new Failure(Code.INVALID, "/sku: missing", new IllegalStateException("secret " + input));
        });
        functions.add("later", Map.class, Map.class, input -> {
            throw new Failure(Code.THROTTLED, "slow down").withRetryAfter(Duration.ofHours(1));
        });
        functions.add("deadly", Map.class, Map.class, input -> {
            throw new Crash();
        });
        functions.add("deaf", Map.class, Map.class, input -> {
            while (released.getCount() > 0) {
                try {
                    released.await();
                } catch (InterruptedException e) {
                    // as a step that does not listen
                }
            }
            return input;
        });
    }

    /// @param steps in JSON with single quotes, separated by commas
    Pipeline durable(String steps) {
        return made("'durable': true, ", steps);
    }

    Pipeline inMemory(String steps) {
        return made("", steps);
    }

    private Pipeline made(String more, String steps) {
        return new Composer(functions)
                .recompose("{'pipeline': 'test', %s'steps': [%s]}"
                        .formatted(more, steps)
                        .replace('\'', '"'));
    }

    Outcome run(Observer observer, Pipeline pipeline) {
        return run(observer, pipeline, HEADERS);
    }

    Outcome run(Observer observer, Pipeline pipeline, Headers headers) {
        InstantSource clock = InstantSource.system();
        Event event = new Event("test:o-1", Map.of("card", "4111 1111"), headers);
        return new Executions(
                        store,
                        new Composer(functions),
                        new Runner(clock, new Random(1), Thread::sleep),
                        Continuation.SWEEP,
                        clock,
                        new Random(),
                        observer)
                .run(pipeline, event, null, StepListener.NONE);
    }
}
