package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.state.InMemoryStateStore;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// How a person waits: time passes as far as it is waited for.
class ForegroundTest {

    @Command(name = "test")
    private static final class Nothing {}

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Deque<Failure> failures = new ArrayDeque<>();
    private final InMemoryStateStore store = new InMemoryStateStore(this::now);
    private final FunctionRegistry functions = new FunctionRegistry();
    private Instant now = Instant.parse("2026-01-31T12:00:00Z");
    private Runner.Sleeper sleeper = pause -> now = now.plus(pause);

    ForegroundTest() {
        functions.add("call", Map.class, Map.class, input -> {
            if (!failures.isEmpty()) {
                throw failures.removeFirst();
            }
            return input;
        });
    }

    private Instant now() {
        return now;
    }

    @Test
    void whatWaitsForItsNextAttemptIsWaitedFor() {
        failures.add(new Failure(Code.THROTTLED, "too many").withRetryAfter(Duration.ofMinutes(5)));

        int code = foreground().run(pipeline(), event());

        assertThat(code).isZero();
        assertThat(out.toString()).contains("\"order\" : 7");
        assertThat(err.toString().lines())
                .containsExactly("waiting for attempt 2 at 'call', at 2026-01-31 12:05:00Z, after THROTTLED;"
                        + " Ctrl-C leaves it to 'portolan execution sweep'");
        assertThat(now).isEqualTo(Instant.parse("2026-01-31T12:05:00Z"));
    }

    @Test
    void aWaitThatIsInterruptedLeavesTheExecutionToTheSweep() {
        failures.add(new Failure(Code.THROTTLED, "too many").withRetryAfter(Duration.ofMinutes(5)));
        sleeper = pause -> {
            throw new InterruptedException();
        };

        int code = foreground().run(pipeline(), event());

        assertThat(code).isEqualTo(1);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString())
                .contains("stopped; it goes on with: portolan execution resume test:o-1")
                .contains("the execution is WAIT");
        assertThat(executions().find("test:o-1").orElseThrow().status()).isEqualTo(Execution.Status.WAIT);
    }

    @Test
    void aWorkerThatWasFasterIsWaitedForToo() {
        failures.add(new Failure(Code.THROTTLED, "too many").withRetryAfter(Duration.ofMinutes(5)));
        failures.add(new Failure(Code.THROTTLED, "too many").withRetryAfter(Duration.ofMinutes(5)));
        sleeper = pause -> {
            now = now.plus(pause);
            // Another worker, whose clock is a little ahead.
            new Executions(
                            store,
                            new Composer(functions),
                            new Runner(() -> now.plusSeconds(2), new Random(1), paused -> {}),
                            Continuation.SWEEP,
                            () -> now.plusSeconds(2),
                            new Random())
                    .resume("test:o-1", null, StepListener.NONE);
        };

        int code = foreground().run(pipeline(), event());

        assertThat(code).isZero();
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("attempt 2").contains("12:05:00Z"),
                        line -> assertThat(line).contains("attempt 3").contains("12:10:00Z"));
    }

    @Test
    void aWorkerThatIsAtItIsWaitedForAndTakenOverFromWhenItIsLost() {
        failures.add(new Failure(Code.THROTTLED, "too many").withRetryAfter(Duration.ofMinutes(5)));
        sleeper = pause -> {
            now = now.plus(pause);
            if (now.equals(Instant.parse("2026-01-31T12:04:59Z"))) {
                claimAndDie();
            }
        };

        int code = foreground().run(pipeline(), event());

        assertThat(code).isZero();
        assertThat(err.toString().lines())
                .satisfiesExactly(
                        line -> assertThat(line).contains("attempt 2"),
                        line -> assertThat(line).matches("worker [0-9a-f]{32} has it until 2026-01-31 12:06:06Z; .*"));
        assertThat(now).isEqualTo(Instant.parse("2026-01-31T12:06:06Z"));
    }

    /// What a worker leaves that dies with its first write, a second before the others' time.
    private void claimAndDie() {
        ObservedStateStore dying = new ObservedStateStore(store, key -> {
            throw new IllegalStateException("dead");
        });
        Executions worker = new Executions(
                dying,
                new Composer(functions),
                new Runner(() -> now.plusSeconds(2), new Random(1), pause -> {}),
                Continuation.SWEEP,
                () -> now.plusSeconds(2),
                new Random());
        assertThatThrownBy(() -> worker.resume("test:o-1", null, StepListener.NONE))
                .hasMessage("dead");
    }

    private Foreground foreground() {
        CommandLine commandLine = new CommandLine(new Nothing())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true));
        return new Foreground(executions(), commandLine, new Sources(), this::now, pause -> sleeper.sleep(pause));
    }

    private Executions executions() {
        Runner runner = new Runner(this::now, new Random(1), pause -> now = now.plus(pause));
        return new Executions(store, new Composer(functions), runner, Continuation.SWEEP, this::now, new Random());
    }

    private Pipeline pipeline() {
        return new Composer(functions)
                .recompose("{\"pipeline\": \"test\", \"durable\": true,"
                        + " \"steps\": [{\"call\": {\"retry\": {\"attempts\": 5}}}]}");
    }

    private static Event event() {
        return new Event("test:o-1", Map.of("order", 7), Headers.NONE);
    }
}
