package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.testing.ContinuationContract;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class LocalContinuationTest extends ContinuationContract {

    private static final Pattern UNKNOWN = Pattern.compile("(?m)^execution (.+): NOT_FOUND: .*$");

    private volatile Instant now = Instant.parse("2026-01-31T12:00:00Z");
    private final InstantSource clock = () -> now;
    private final InMemoryStateStore store = new InMemoryStateStore(clock);
    private final FunctionRegistry functions = new FunctionRegistry();
    private final Composer composer = new Composer(functions);
    private final BlockingQueue<String> calls = new LinkedBlockingQueue<>();
    private final BlockingQueue<Duration> pauses = new LinkedBlockingQueue<>();
    private final SynchronousQueue<Duration> passed = new SynchronousQueue<>();
    private final StringWriter err = new StringWriter();
    private final StringWriter woken = new StringWriter();
    private final Semaphore asleep = new Semaphore(0);
    private final LocalContinuation continuation = new LocalContinuation(
            pause -> {
                pauses.add(pause);
                if (!pause.isZero()) {
                    passed.take();
                }
            },
            new PrintWriter(err, true),
            this::executions);

    LocalContinuationTest() {
        functions.add("call", Map.class, Map.class, input -> {
            calls.add(String.valueOf(input.get("name")));
            if (input.containsKey("code")) {
                throw new Failure(Failure.Code.valueOf(String.valueOf(input.get("code"))), "as asked");
            }
            return input;
        });
    }

    private Executions executions(Continuation woken) {
        Runner runner = new Runner(clock, new Random(1), pause -> {});
        return new Executions(store, composer, runner, woken, clock, new Random());
    }

    /// Wakes what nobody knows, and says so: the contract asks whom it wakes and when, not what they do.
    private final LocalContinuation alone = new LocalContinuation(
            pause -> {
                Instant end = now.plus(pause);
                asleep.release();
                while (now.isBefore(end)) {
                    Thread.sleep(5);
                }
            },
            new PrintWriter(woken, true),
            this::executions);

    @AfterEach
    void close() {
        continuation.close();
        alone.close();
    }

    @Override
    protected void wake(String id, Duration delay) {
        alone.wake(id, delay);
        asleep.acquireUninterruptibly();
    }

    @Override
    protected List<String> wokenAfter(Duration passed, int least) throws Exception {
        now = now.plus(passed);
        if (least == 0) {
            Thread.sleep(50);
        }
        List<String> ids = woken();
        while (ids.size() < least) {
            Thread.sleep(5);
            ids = woken();
        }
        woken.getBuffer().setLength(0);
        return ids;
    }

    private List<String> woken() {
        return UNKNOWN.matcher(woken.toString())
                .results()
                .map(line -> line.group(1))
                .toList();
    }

    @Test
    void whatIsAcceptedIsRun() throws Exception {
        assertThat(accept(continuation.executions(), Map.of("name", "one"))).isInstanceOf(Outcome.Waiting.class);

        assertThat(called()).isEqualTo("one");
    }

    @Test
    void whatIsWokenForLaterWaitsForItsTime() throws Exception {
        accept(executions(Continuation.SWEEP), Map.of("name", "one"));

        continuation.wake("test:k", Duration.ofHours(1));

        assertThat(pauses.poll(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofHours(1));
        assertThat(calls).isEmpty();
        passed.put(Duration.ofHours(1));
        assertThat(called()).isEqualTo("one");
    }

    @Test
    void sweepsFindWhatIsDueAtOnceAndAfterEachInterval() throws Exception {
        Executions elsewhere = executions(Continuation.SWEEP);
        accept(elsewhere, Map.of("name", "one"));

        continuation.sweepEvery(Duration.ofSeconds(10));

        assertThat(called()).isEqualTo("one");
        assertThat(pauses.poll(10, TimeUnit.SECONDS)).isEqualTo(Duration.ofSeconds(10));
        elsewhere.accept(pipeline(), new Event("test:l", Map.of("name", "two"), Headers.NONE));
        passed.put(Duration.ofSeconds(10));
        assertThat(called()).isEqualTo("two");
    }

    @Test
    void aFailureThatNobodyWaitsForIsTold() throws Exception {
        accept(continuation.executions(), Map.of("name", "one", "code", "DENIED"));

        while (err.toString().isEmpty()) {
            Thread.sleep(5);
        }
        assertThat(err.toString()).isEqualTo("execution test:k: DENIED: as asked" + System.lineSeparator());
    }

    @Test
    void whatRunsWhenItIsClosedHandsItselfOn() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        functions.add("wait", Map.class, Map.class, input -> {
            begun.countDown();
            try {
                Thread.sleep(Duration.ofMinutes(1));
                return input;
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        Executions executions = continuation.executions();
        executions.accept(
                composer.recompose("{\"pipeline\": \"test\", \"durable\": true, \"steps\": [\"wait\"]}"),
                new Event("test:k", Map.of(), Headers.NONE));
        assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

        continuation.close();

        assertThat(executions.find("test:k")).hasValueSatisfying(execution -> {
            assertThat(execution.status()).isEqualTo(Status.RUN);
            assertThat(execution.lease().owner()).isNull();
            assertThat(execution.lease().until()).isEqualTo(now);
        });
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void closedItLeavesWhatComesToASweep() {
        continuation.close();

        assertThat(accept(continuation.executions(), Map.of("name", "one"))).isInstanceOf(Outcome.Waiting.class);
        assertThat(calls).isEmpty();
    }

    private Outcome accept(Executions executions, Map<String, Object> input) {
        return executions.accept(pipeline(), new Event("test:k", input, Headers.NONE));
    }

    private Pipeline pipeline() {
        return composer.recompose("{\"pipeline\": \"test\", \"durable\": true, \"steps\": [\"call\"]}");
    }

    private String called() throws InterruptedException {
        return calls.poll(10, TimeUnit.SECONDS);
    }
}
