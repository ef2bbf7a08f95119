import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Runs a packaged function as AWS Lambda does: AWS's own runtime client in a process of its own, against a stand-in of
/// the Runtime API on the loopback address; handler and environment as the template says. Prints one line for each
/// event: `response` or `error` and what the function answered, or `init` and why it did not start. Variables of AWS's own,
/// such as `AWS_ENDPOINT_URL`, are handed on.
///
///     java -cp snakeyaml-engine.jar LambdaRun.java TEMPLATE LOGICAL-ID TASK-ROOT RUNTIME-CLIENT-DIR EVENT-FILE...
final class LambdaRun {

    private LambdaRun() {}

    public static void main(String[] arguments) throws Exception {
        MappingNode template = (MappingNode) new Compose(
                        LoadSettings.builder().setParseComments(false).build())
                .composeString(Files.readString(Path.of(arguments[0])))
                .orElseThrow();
        MappingNode properties = object(object(object(template, "Resources"), arguments[1]), "Properties");
        String handler = ((ScalarNode) value(properties, "Handler")).getValue();
        Path root = Path.of(arguments[2]).toAbsolutePath();

        BlockingQueue<byte[]> events = new LinkedBlockingQueue<>();
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/2018-06-01/runtime/", exchange -> handle(exchange, events, answers));
        server.start();

        ProcessBuilder child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        arguments[3] + "/*",
                        "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                        handler))
                .directory(root.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(Path.of("function.log").toFile()));
        child.environment().clear();
        child.environment().putAll(awsOwn());
        child.environment().put("LAMBDA_TASK_ROOT", root.toString());
        child.environment().put("_HANDLER", handler);
        child.environment().put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getAddress().getPort());
        child.environment().put("AWS_LAMBDA_FUNCTION_NAME", arguments[1]);
        child.environment().put("AWS_LAMBDA_FUNCTION_VERSION", "1");
        child.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
        child.environment().put("AWS_LAMBDA_LOG_GROUP_NAME", "group");
        child.environment().put("AWS_LAMBDA_LOG_STREAM_NAME", "stream");
        child.environment().put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        child.environment().put("AWS_REGION", "eu-west-1");
        if (has(template, "Globals")) {
            variables(object(object(template, "Globals"), "Function"), child.environment());
        }
        if (has(properties, "Environment")) {
            variables(properties, child.environment());
        }

        Process function = child.start();
        try {
            List<String> said = new ArrayList<>();
            for (int i = 4; i < arguments.length; i++) {
                events.add(Files.readAllBytes(Path.of(arguments[i])));
                String answer = answers.poll(60, TimeUnit.SECONDS);
                said.add(answer == null ? "nothing" : answer);
            }
            said.forEach(System.out::println);
        } finally {
            function.destroyForcibly().onExit().join();
            server.stop(0);
        }
        System.exit(0);
    }

    /// The variables of a function. What CloudFormation would make of one is in this process's own environment.
    private static void variables(MappingNode properties, Map<String, String> environment) {
        for (NodeTuple variable : object(object(properties, "Environment"), "Variables").getValue()) {
            String name = ((ScalarNode) variable.getKeyNode()).getValue();
            Node value = variable.getValueNode();
            environment.put(
                    name,
                    value.getTag().getValue().startsWith("!")
                            ? Objects.requireNonNull(System.getenv(name), name)
                            : ((ScalarNode) value).getValue());
        }
    }

    private static Map<String, String> awsOwn() {
        Map<String, String> own = new HashMap<>();
        System.getenv().forEach((name, value) -> {
            if (name.startsWith("AWS_")) {
                own.put(name, value);
            }
        });
        return own;
    }

    private static boolean has(MappingNode in, String key) {
        return in.getValue().stream()
                .anyMatch(tuple -> ((ScalarNode) tuple.getKeyNode()).getValue().equals(key));
    }

    private static void handle(HttpExchange exchange, BlockingQueue<byte[]> events, BlockingQueue<String> answers)
            throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (!path.endsWith("/invocation/next")) {
                String kind = path.endsWith("/init/error") ? "init" : path.substring(path.lastIndexOf('/') + 1);
                answers.add(kind + " " + new String(body, StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(202, -1);
                return;
            }
            byte[] event = events.take();
            // The native client does not survive an answer without a content type.
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "request-1");
            exchange.getResponseHeaders()
                    .set("Lambda-Runtime-Deadline-Ms", String.valueOf(Instant.now().plusSeconds(29).toEpochMilli()));
            exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn");
            exchange.getResponseHeaders()
                    .set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0");
            exchange.sendResponseHeaders(200, event.length);
            exchange.getResponseBody().write(event);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static MappingNode object(MappingNode in, String key) {
        return (MappingNode) value(in, key);
    }

    private static Node value(MappingNode in, String key) {
        return in.getValue().stream()
                .filter(tuple -> ((ScalarNode) tuple.getKeyNode()).getValue().equals(key))
                .map(NodeTuple::getValueNode)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("the template has no " + key));
    }
}
