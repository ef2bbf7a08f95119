package dev.portolan.aws.spring;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.portolan.aws.lambda.LambdaEntryPoint;
import dev.portolan.composer.Composer;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.composer.spring.ConfigurationFunctions;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.springframework.cloud.function.adapter.aws.FunctionInvoker;

/// Both entry points over the same beans and the same events. What the functions were really called with
/// decides, not what was answered. `docs/stock-adapter.md` has the table.
@Isolated("what functions were called with, and the property that asks for a strict mapper, are of the whole process")
class StockAdapterTest {

    private static final Json JSON = new Json();

    private static final Context CONTEXT = (Context) Proxy.newProxyInstance(
            Context.class.getClassLoader(),
            new Class<?>[] {Context.class},
            (proxy, method, arguments) -> switch (method.getName()) {
                case "getRemainingTimeInMillis" -> 30_000;
                case "getAwsRequestId" -> "request-1";
                case "getMemoryLimitInMB" -> 1024;
                default -> null;
            });

    private final Map<String, RequestStreamHandler> stock = new HashMap<>();
    private final Map<String, RequestStreamHandler> strict = new HashMap<>();
    private final Map<String, RequestStreamHandler> ours = new HashMap<>();

    private enum Verdict {
        DECODED,
        REFUSED,
        SILENTLY_WRONG
    }

    /// @param received what the function was called with
    private record Result(Verdict verdict, List<?> received) {

        String cell() {
            return switch (verdict) {
                case DECODED -> "decoded";
                case REFUSED -> "refused";
                case SILENTLY_WRONG ->
                    "**silently wrong**: "
                            + received.stream().map(Result::shortened).collect(Collectors.joining(", "));
            };
        }

        private static String shortened(Object value) {
            String text = String.valueOf(value);
            return text.length() <= 50 ? text : text.substring(0, 30) + "…";
        }
    }

    @Test
    void theTableInTheDocumentationIsWhatIsMeasured() throws Exception {
        List<String> rows = new ArrayList<>();
        for (Fixture fixture : Fixture.all()) {
            rows.add("| "
                    + String.join(
                            " | ",
                            fixture.name(),
                            best(fixture, this::ours).cell(),
                            best(fixture, this::stock).cell(),
                            best(fixture, this::strict).cell(),
                            fixture.eventType() == null
                                    ? "no such type"
                                    : ofEventType(fixture).cell())
                    + " |");
        }
        System.out.println(String.join(System.lineSeparator(), rows));

        List<String> documented = Files.readAllLines(Path.of("..", "..", "docs", "stock-adapter.md")).stream()
                .filter(line -> line.startsWith("| "))
                .toList();
        assertThat(documented.subList(1, documented.size())).isEqualTo(rows);
    }

    /// The best that one of the ways to declare a function of one's own gives.
    private static Result best(Fixture fixture, Function<String, RequestStreamHandler> entryPoints) {
        List<String> functions = fixture.order() ? List.of("order", "message") : List.of("object");
        return functions.stream()
                .map(function -> ofOwnType(fixture, entryPoints.apply(function)))
                .min(Comparator.comparing(Result::verdict))
                .orElseThrow();
    }

    private static Result ofOwnType(Fixture fixture, RequestStreamHandler entryPoint) {
        Received.take();
        Object answer;
        try {
            answer = invoke(entryPoint, fixture.event());
        } catch (IOException | RuntimeException e) {
            assertThat(e.getMessage()).as(fixture.name()).isNotBlank();
            return new Result(Verdict.REFUSED, Received.take());
        }
        // Two codecs read the maps; numbers may differ in their class.
        List<Object> received = Received.take().stream()
                .map(input -> input instanceof Map<?, ?> ? JSON.decode(JSON.encode(input)) : input)
                .toList();
        boolean others = fixture.meant().isEmpty()
                ? received.isEmpty()
                : fixture.meant().getFirst().containsAll(received);
        if (isRefusal(answer) && others) {
            return new Result(Verdict.REFUSED, received);
        }
        boolean meant = !isRefusal(answer) && fixture.meant().contains(received);
        return new Result(meant ? Verdict.DECODED : Verdict.SILENTLY_WRONG, received);
    }

    private static boolean isRefusal(Object answer) {
        if (!(answer instanceof Map<?, ?> map)) {
            return false;
        }
        boolean status = map.get("statusCode") instanceof Number number && number.intValue() >= 400;
        boolean items = map.get("batchItemFailures") instanceof List<?> failed && !failed.isEmpty();
        return status || items;
    }

    private Result ofEventType(Fixture fixture) {
        Received.take();
        try {
            invoke(stock(fixture.eventType()), fixture.event());
        } catch (IOException | RuntimeException e) {
            return new Result(Verdict.REFUSED, Received.take());
        }
        List<Object> received = Received.take();
        return new Result(
                received.equals(List.of(fixture.texts())) ? Verdict.DECODED : Verdict.SILENTLY_WRONG, received);
    }

    private static Object invoke(RequestStreamHandler entryPoint, String event) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        entryPoint.handleRequest(new ByteArrayInputStream(event.getBytes(StandardCharsets.UTF_8)), out, CONTEXT);
        return JSON.decode(out.toByteArray());
    }

    private RequestStreamHandler stock(String function) {
        return stock.computeIfAbsent(function, definition -> new FunctionInvoker(definition));
    }

    private RequestStreamHandler strict(String function) {
        return strict.computeIfAbsent(function, name -> {
            System.setProperty(StrictJson.ASKED, "true");
            try {
                return new FunctionInvoker(name);
            } finally {
                System.clearProperty(StrictJson.ASKED);
            }
        });
    }

    private RequestStreamHandler ours(String function) {
        return ours.computeIfAbsent(function, name -> {
            FunctionRegistry functions = new FunctionRegistry();
            ConfigurationFunctions.register(functions, getClass().getClassLoader(), List.of(OwnTypes.class.getName()));
            Composer composer = new Composer(functions);
            Runner runner = new Runner(InstantSource.system(), new Random(1), duration -> {});
            InstantSource clock = InstantSource.system();
            Executions executions = new Executions(
                    new InMemoryStateStore(clock), composer, runner, Continuation.SWEEP, clock, new Random(1));
            return new LambdaEntryPoint(
                    new HttpEntryPoint(composer, executions, clock, () -> "key"),
                    composer.pipe(name),
                    executions,
                    null,
                    clock);
        });
    }
}
