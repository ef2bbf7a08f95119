package dev.portolan.proofs;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.state.Effects;
import dev.portolan.state.StateStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// One process at its work, on premises that several share.
final class Workshop implements AutoCloseable {

    static final Map<String, Object> INPUT = Map.of("order", 7);

    private final InstantSource clock;
    private final StateStore store;
    private final FileChannel ledger;

    /// @param ahead by how much the clock of this process is ahead
    Workshop(Premises premises, Duration ahead) {
        this.clock = () -> InstantSource.system().instant().plus(ahead);
        this.store = premises.open(clock);
        this.ledger = premises.openLedger();
    }

    @Override
    public void close() throws IOException {
        store.close();
        ledger.close();
    }

    /// Adds a line of one execution, at once and whole.
    void note(String id, String what) {
        try {
            ledger.write(ByteBuffer.wrap((id + " " + what + "\n").getBytes(UTF_8)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Somebody who works here.
    Hand hand(Points points) {
        return new Hand(points);
    }

    final class Hand {
        final Executions executions;
        final Effects effects;
        private final Composer composer;
        private final Points points;

        private Hand(Points points) {
            this.points = points;
            StateStore pointed = points.around(store);
            this.effects = new Effects(pointed, clock);
            FunctionRegistry functions = new FunctionRegistry();
            for (String name : List.of("one", "two", "three", "flaky", "mail")) {
                functions.add(name, Map.class, Map.class, input -> work(name, input));
                functions.add("not-" + name, Map.class, Map.class, input -> takeBack(name, input));
            }
            functions.add("deny", Map.class, Map.class, input -> {
                note(Invocation.current().id(), "call deny");
                throw new Failure(Code.DENIED, "not for you");
            });
            functions.add("enough", Object.class, Object.class, input -> {
                note(Invocation.current().id(), "call enough");
                return Chain.end(input);
            });
            functions.add("no", Object.class, input -> false);
            this.composer = new Composer(functions);
            Runner runner = new Runner(clock, new SecureRandom(), Thread::sleep);
            this.executions = new Executions(
                    pointed, composer, runner, (id, delay) -> points.reached("wake"), clock, new SecureRandom());
        }

        Outcome run(Plan plan) {
            return executions.run(
                    composer.recompose(plan.definition()),
                    new Event(plan.id(), INPUT, Headers.NONE),
                    null,
                    StepListener.NONE);
        }

        private Map<Object, Object> work(String name, Map<?, ?> input) {
            Invocation invocation = Invocation.current();
            note(invocation.id(), "call " + name);
            points.reached("before the effect");
            if (name.equals("flaky") && invocation.attempt() < 3) {
                throw new Failure(Code.UNAVAILABLE, "later");
            }
            boolean first = effects.record(invocation.key(), name.getBytes(UTF_8));
            note(invocation.id(), (first ? "effect " : "effect again ") + name);
            points.reached("after the effect");
            Map<Object, Object> output = new LinkedHashMap<>(input);
            output.put(name, true);
            return output;
        }

        private Map<?, ?> takeBack(String name, Map<?, ?> input) {
            String id = Invocation.current().id();
            note(id, "undo " + name);
            points.reached("before it is undone");
            note(id, "undone " + name);
            points.reached("after it is undone");
            return input;
        }
    }
}
