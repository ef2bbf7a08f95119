package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Problem;
import dev.portolan.composer.StepListener;
import dev.portolan.deadletter.DeadLetters;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.http.HttpRequest;
import dev.portolan.http.HttpResponse;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Answers whatever invokes a Lambda function by running pipelines.
///
/// HTTP requests are answered as on every host. Records of a queue, a topic, a bucket or a stream are work each
/// by itself: what may succeed later comes back as a failed item of the batch, or as an error of the
/// invocation; what never will goes to the dead letters, or where there are none the same way, for the source's
/// own redrive to bury.
///
/// A queue's message with the attribute `Portolan-Execution` is no work but a wake-up: the execution of that id
/// is run on. It comes back while another worker is at it, or where this one cannot run it.
public final class LambdaEntryPoint implements RequestStreamHandler {

    /// What is left of the time for the answer itself.
    private static final Duration MARGIN = Duration.ofMillis(500);

    /// The largest answers: AWS Lambda Developer Guide, "Lambda quotas"; Elastic Load Balancing, "Lambda
    /// functions as targets".
    private static final int MOST_BYTES = 6_291_556;

    private static final int MOST_BYTES_OF_ALB = 1024 * 1024;

    private final Json json = new Json();
    private final HttpEntryPoint http;
    private final @Nullable Pipeline pipeline;
    private final Executions executions;
    private final @Nullable DeadLetters deadLetters;
    private final InstantSource clock;

    @SuppressWarnings("UnusedVariable") // CRaC knows it by a weak reference
    private @Nullable Snapshot snapshot;

    /// The entry point that AWS Lambda makes, from the environment.
    ///
    /// @throws Failure if the environment does not make a deployment: the function is refused at its start
    public LambdaEntryPoint() {
        this(Deployment.of(System.getenv()));
    }

    private LambdaEntryPoint(Deployment deployment) {
        this(
                deployment.http(),
                deployment.pipeline(),
                deployment.executions(),
                deployment.deadLetters(),
                deployment.clock());
        WarmUp.with("{\"\":[1]}", deployment);
        if (deployment.becomesSnapshot()) {
            snapshot = Snapshot.of(deployment);
        }
    }

    /// An entry point.
    ///
    /// @param pipeline what the deployment runs; null if HTTP paths name it, and nothing else may invoke
    ///     the function
    /// @param deadLetters where hopeless work goes, or null for nowhere
    public LambdaEntryPoint(
            HttpEntryPoint http,
            @Nullable Pipeline pipeline,
            Executions executions,
            @Nullable DeadLetters deadLetters,
            InstantSource clock) {
        this.http = http;
        this.pipeline = pipeline;
        this.executions = executions;
        this.deadLetters = deadLetters;
        this.clock = clock;
    }

    /// Ends an invocation with an error, without a stack trace that would reach the caller.
    static final class InvocationFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvocationFailed(Failure failure) {
            super(
                    failure.code() == Failure.Code.UNKNOWN
                            ? "UNKNOWN: see the function's log"
                            : failure.code() + ": " + failure.detail(),
                    null,
                    false,
                    false);
        }
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context) throws IOException {
        Thread.interrupted(); // what the invocation before may have left behind
        Instant deadline =
                clock.instant().plusMillis(context.getRemainingTimeInMillis()).minus(MARGIN);
        try {
            out.write(answer(json.decode(in.readAllBytes()), context.getAwsRequestId(), deadline, trace(context)));
        } catch (InvocationFailed told) {
            throw told;
        } catch (Failure failure) {
            throw new InvocationFailed(logged(failure));
        } catch (RuntimeException | StackOverflowError e) {
            // A defect: its message may quote the event, and the runtime would print it.
            throw new InvocationFailed(
                    logged(new Failure(Failure.Code.UNKNOWN, "the entry point threw " + Failure.describe(e))));
        }
    }

    /// What X-Ray knows the invocation by: in the context, or where the runtime runs one at a time, in a
    /// property.
    private static Headers trace(Context context) {
        String own = context.getXrayTraceId();
        String trace = own == null ? System.getProperty("com.amazonaws.xray.traceHeader") : own;
        return trace == null ? Headers.NONE : Headers.NONE.with("x-amzn-trace-id", trace);
    }

    byte[] answer(@Nullable Object event, String requestId, Instant deadline, Headers trace) {
        Trigger trigger = Trigger.of(event);
        if (trigger == Trigger.DIRECT) {
            return direct(event, requestId, deadline, trace);
        }
        Map<?, ?> object = (Map<?, ?>) Objects.requireNonNull(event);
        return switch (trigger) {
            case ALB, HTTP_API, REST_API -> http(trigger, object, deadline, trace);
            case SQS, DYNAMODB -> json.encode(Map.of("batchItemFailures", batch(trigger, object, deadline, trace)));
            default -> {
                for (Work work : Work.of(trigger, object, this::input)) {
                    Failure failure = run(work, deadline, trace, false);
                    if (failure != null) {
                        throw new InvocationFailed(failure);
                    }
                }
                yield json.encode(null);
            }
        };
    }

    private byte[] http(Trigger trigger, Map<?, ?> event, Instant deadline, Headers trace) {
        HttpResponse response;
        try {
            HttpRequest request = HttpEvents.request(trigger, event, trace);
            response = pipeline == null ? http.answer(request, deadline) : http.answer(pipeline, request, deadline);
        } catch (Failure failure) {
            response = HttpResponse.of(failure);
        }
        try {
            int most = trigger == Trigger.ALB ? MOST_BYTES_OF_ALB : MOST_BYTES;
            return limited(json.encode(HttpEvents.response(trigger, event, response)), most);
        } catch (Failure failure) {
            return json.encode(HttpEvents.response(trigger, event, HttpResponse.of(logged(failure))));
        }
    }

    /// Lambda refuses a larger answer, and its runtime client does not survive that; a load balancer makes it a
    /// 502.
    private static byte[] limited(byte[] answer, int most) {
        if (answer.length > most) {
            String reason = "the answer has " + answer.length + " bytes, and Lambda or the load balancer takes " + most
                    + "; keep large results in an object store and answer their names";
            throw new Failure(Failure.Code.UNSUPPORTED, reason).withEffect(Failure.Effect.APPLIED);
        }
        return answer;
    }

    private byte[] direct(@Nullable Object event, String requestId, Instant deadline, Headers trace) {
        Event work = Event.of(pipeline(), ":direct:" + requestId, event, trace);
        Outcome outcome = executions.run(pipeline(), work, deadline, StepListener.NONE);
        if (outcome instanceof Outcome.Completed completed) {
            return limited(completed.encoded(json), MOST_BYTES);
        }
        if (outcome instanceof Outcome.Waiting waiting) {
            return http.accepted(waiting).body();
        }
        throw ((Outcome.Failed) outcome).failure();
    }

    /// Runs a batch, and says which of its items are to come again. In a FIFO queue or a stream the order
    /// holds: the first that fails, or whose execution goes on later, and all behind it come again.
    private List<Map<String, String>> batch(Trigger trigger, Map<?, ?> event, Instant deadline, Headers trace) {
        boolean ordered = trigger == Trigger.DYNAMODB || Trigger.isFifo(event);
        List<Map<String, String>> failures = new ArrayList<>();
        int late = 0;
        for (Work work : Work.of(trigger, event, this::input)) {
            // There may be thousands: what comes too late is not even decoded.
            late += clock.instant().isBefore(deadline) ? 0 : 1;
            boolean held = late > 0 || (ordered && !failures.isEmpty());
            if (held || run(work, deadline, trace, ordered) != null) {
                failures.add(Map.of("itemIdentifier", work.item()));
            }
        }
        if (late > 0) {
            logged(new Failure(Failure.Code.TIMEOUT, "the deadline passed before " + late + " records of the batch"));
        }
        return failures;
    }

    /// Runs one piece of work.
    ///
    /// @param ordered whether what is behind it must not run before it is over
    /// @return why it must come again, or null if it is dealt with
    private @Nullable Failure run(Work work, Instant deadline, Headers trace, boolean ordered) {
        Thread.interrupted(); // what the work before may have left behind
        if (work.wakes() != null) {
            return resume(work.wakes(), deadline);
        }
        Headers headers = trace.replacedBy(work.headers());
        Event event = new Event(pipeline().name() + ":" + work.key(), work.raw(), headers);
        Failure failure;
        try {
            event = Event.of(pipeline(), work.key(), work.body().get(), headers);
            Outcome outcome = executions.run(pipeline(), event, deadline, StepListener.NONE);
            if (ordered && outcome instanceof Outcome.Waiting) {
                return logged(new Failure(Failure.Code.UNAVAILABLE, "it goes on later, and what is behind it with it"));
            }
            if (!(outcome instanceof Outcome.Failed failed)) {
                return null;
            }
            failure = failed.failure();
        } catch (Failure undecodable) {
            failure = undecodable;
        }
        logged(failure);
        if (failure.retryable() || deadLetters == null) {
            return failure;
        }
        try {
            deadLetters.put(pipeline().name(), work.letter(event), failure);
            return null;
        } catch (Failure unburied) {
            return logged(unburied);
        }
    }

    /// Runs an execution on.
    ///
    /// @return why it must be woken again, or null if it is dealt with: what it came to is kept with it
    private @Nullable Failure resume(String id, Instant deadline) {
        if (!(executions.resume(id, deadline, StepListener.NONE) instanceof Outcome.Failed failed)) {
            return null;
        }
        Failure failure = logged("execution " + id + ": ", failed.failure());
        return failed.step().isEmpty() && failure.retryable() ? failure : null;
    }

    private static Failure logged(Failure failure) {
        return logged("", failure);
    }

    private static Failure logged(String about, Failure failure) {
        // A pointer may hold a name from the event, and a name a line break.
        String line = (about + failure.code() + " (" + Problem.of(failure).status() + "): " + failure.detail())
                .replaceAll("\\p{Cntrl}", " ");
        // Bad input is its sender's affair: alarms are for what nobody foresaw.
        System.getLogger("dev.portolan")
                .log(
                        failure.code() == Failure.Code.UNKNOWN
                                ? System.Logger.Level.ERROR
                                : System.Logger.Level.WARNING,
                        line);
        return failure;
    }

    private Shape input() {
        return pipeline().steps().getFirst().input();
    }

    private Pipeline pipeline() {
        if (pipeline == null) {
            throw new Failure(
                    Failure.Code.UNSUPPORTED,
                    "this deployment names no pipeline and answers HTTP requests alone; name one in PORTOLAN_PIPELINE");
        }
        return pipeline;
    }
}
