package dev.portolan.execution;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.telemetry.Observers;
import java.time.InstantSource;
import java.util.Map;
import java.util.Random;

/// A process that runs a durable pipeline, observed as its argument says: `off` as where a deployment names
/// nobody, `lines` as where it names nobody and has lines by default, otherwise by those names.
final class Bare {

    private Bare() {}

    public static void main(String[] arguments) {
        InstantSource clock = InstantSource.system();
        try {
            run(
                    clock,
                    switch (arguments[0]) {
                        case "off" -> Observer.NONE;
                        case "lines" -> new JsonLines(System.out, clock);
                        default -> Observers.named(arguments[0], System.out, clock);
                    });
            System.out.println("done");
        } catch (Failure failure) {
            System.out.println(failure.code() + ": " + failure.detail());
        }
    }

    private static void run(InstantSource clock, Observer observer) {
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("same", Map.class, Map.class, input -> input);
        Composer composer = new Composer(functions);
        new Executions(
                        new InMemoryStateStore(clock),
                        composer,
                        new Runner(clock, new Random(), Thread::sleep),
                        Continuation.SWEEP,
                        clock,
                        new Random(),
                        observer)
                .run(
                        composer.recompose("{\"pipeline\":\"test\",\"durable\":true,\"steps\":[\"same\"]}"),
                        new Event("test:o-1", Map.of(), Headers.NONE),
                        null,
                        StepListener.NONE);
    }
}
