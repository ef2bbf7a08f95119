package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.deadletter.DeadLetters;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import dev.portolan.testing.ContractFunctions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// An entry point over the contract's functions, called as Lambda's runtime calls it, but within the process.
final class Host {

    private static final Json JSON = new Json();

    private final FunctionRegistry functions = new FunctionRegistry();
    private final AtomicLong keys = new AtomicLong();
    private final List<String> woken = new CopyOnWriteArrayList<>();
    private Continuation continuation = (id, delay) -> woken.add(id);
    private volatile Duration ahead = Duration.ZERO;
    private final InstantSource clock = () -> InstantSource.system().instant().plus(ahead);

    private final StateStore store;

    Host() {
        this.store = new InMemoryStateStore(clock);
        new ContractFunctions().register(functions);
    }

    /// Another function's environment, over the same state.
    Host(Host other) {
        this.store = other.store;
        new ContractFunctions().register(functions);
    }

    /// Lets so much time pass at once.
    void pass(Duration later) {
        ahead = ahead.plus(later);
    }

    FunctionRegistry functions() {
        return functions;
    }

    /// An entry point for one pipeline, or for HTTP paths where it is null.
    LambdaEntryPoint entryPoint(String pipeline, DeadLetters deadLetters) {
        return entryPoint(pipeline, deadLetters, DefinitionFolder.EMPTY);
    }

    /// An entry point for one pipeline, or for HTTP paths where it is null, that knows some definitions.
    LambdaEntryPoint entryPoint(String pipeline, DeadLetters deadLetters, DefinitionFolder definitions) {
        Composer composer = new Composer(functions, definitions);
        Runner runner = new Runner(clock, new Random(1), duration -> {});
        Executions executions = new Executions(store, composer, runner, continuation, clock, new Random());
        HttpEntryPoint http = new HttpEntryPoint(composer, executions, clock, () -> "fresh-" + keys.incrementAndGet());
        return new LambdaEntryPoint(
                http, pipeline == null ? null : composer.compose(pipeline), executions, deadLetters, clock);
    }

    /// Lets nobody be woken.
    void wakesNobody() {
        continuation = Continuation.NOBODY;
    }

    /// The executions that somebody is to be woken for, each as often as it was said.
    List<String> woken() {
        return woken;
    }

    /// Hands the messages to an entry point that its continuation has sent.
    void wakeUp(LambdaEntryPoint entryPoint) {
        List<String> ids = List.copyOf(woken);
        woken.removeAll(ids);
        if (!ids.isEmpty()) {
            invoke(entryPoint, wakeUps(ids.toArray(String[]::new)));
        }
    }

    /// A batch of messages that wake executions: `w-1`, `w-2` and so on.
    static Map<String, Object> wakeUps(String... ids) {
        List<Map<String, Object>> records = new ArrayList<>();
        for (String id : ids) {
            records.add(Map.of(
                    "eventSource",
                    "aws:sqs",
                    "messageId",
                    "w-" + (records.size() + 1),
                    "body",
                    "no JSON, and nobody's work",
                    "messageAttributes",
                    Map.of("Portolan-Execution", Map.of("stringValue", id))));
        }
        return Map.of("Records", records);
    }

    static Object invoke(LambdaEntryPoint entryPoint, Object event) {
        return invoke(entryPoint, event, null);
    }

    /// Invokes it as X-Ray traces it.
    static Object invoke(LambdaEntryPoint entryPoint, Object event, String trace) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            entryPoint.handleRequest(new ByteArrayInputStream(JSON.encode(event)), out, new Invoked(trace));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return JSON.decode(out.toByteArray());
    }

    /// A fixture of `src/test/resources/events`.
    static Map<?, ?> event(String name) {
        try (InputStream file = Host.class.getResourceAsStream("/events/" + name + ".json")) {
            return (Map<?, ?>) JSON.decode(file.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What the runtime says of an invocation.
    private record Invoked(String trace) implements Context {
        @Override
        public String getXrayTraceId() {
            return trace;
        }

        @Override
        public String getAwsRequestId() {
            return "request-1";
        }

        @Override
        public String getLogGroupName() {
            return "group";
        }

        @Override
        public String getLogStreamName() {
            return "stream";
        }

        @Override
        public String getFunctionName() {
            return "function";
        }

        @Override
        public String getFunctionVersion() {
            return "1";
        }

        @Override
        public String getInvokedFunctionArn() {
            return "arn";
        }

        @Override
        public CognitoIdentity getIdentity() {
            return null;
        }

        @Override
        public ClientContext getClientContext() {
            return null;
        }

        @Override
        public int getRemainingTimeInMillis() {
            return 30_000;
        }

        @Override
        public int getMemoryLimitInMB() {
            return 1024;
        }

        @Override
        public LambdaLogger getLogger() {
            return null;
        }
    }
}
