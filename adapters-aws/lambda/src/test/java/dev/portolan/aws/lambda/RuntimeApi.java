package dev.portolan.aws.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Lambda's Runtime API (version 2018-06-01) on the loopback address, and a function's process that AWS's own
/// runtime client runs against it.
final class RuntimeApi implements AutoCloseable {

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /// What the function answered.
    ///
    /// @param kind `response` or `error` of an invocation, or `init` for a start that failed
    record Answer(String kind, String body) {}

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private final Process function;
    private final Path log;

    RuntimeApi(Map<String, String> environment, Path log) throws IOException {
        this.log = log;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/2018-06-01/runtime/", this::handle);
        server.start();
        ProcessBuilder child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.amazonaws.services.lambda.runtime.api.client.AWSLambda",
                        LambdaEntryPoint.class.getName()))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        child.environment()
                .put(
                        "AWS_LAMBDA_RUNTIME_API",
                        "127.0.0.1:" + server.getAddress().getPort());
        child.environment().put("AWS_LAMBDA_FUNCTION_NAME", "function");
        child.environment().put("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST");
        child.environment().put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024");
        child.environment().put("AWS_LAMBDA_LOG_GROUP_NAME", "group");
        child.environment().put("AWS_LAMBDA_LOG_STREAM_NAME", "stream");
        child.environment().put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        child.environment().put("_HANDLER", LambdaEntryPoint.class.getName());
        child.environment().put("AWS_REGION", "eu-west-1");
        child.environment().putAll(environment);
        function = child.start();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (path.endsWith("/invocation/next")) {
                byte[] event = events.take().getBytes(StandardCharsets.UTF_8);
                // The native client does not survive an answer without a content type.
                exchange.getResponseHeaders().set("Content-Type", "application/json");
                exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", "request-1");
                exchange.getResponseHeaders()
                        .set(
                                "Lambda-Runtime-Deadline-Ms",
                                String.valueOf(Instant.now().plusSeconds(30).toEpochMilli()));
                exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn");
                exchange.getResponseHeaders()
                        .set("Lambda-Runtime-Trace-Id", "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0");
                exchange.sendResponseHeaders(200, event.length);
                exchange.getResponseBody().write(event);
                return;
            }
            String kind = path.endsWith("/init/error") ? "init" : path.substring(path.lastIndexOf('/') + 1);
            answers.add(new Answer(kind, new String(body, StandardCharsets.UTF_8)));
            exchange.sendResponseHeaders(202, -1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Hands an event to the function, and waits for what it answers.
    Answer invoke(String event) throws InterruptedException, IOException {
        events.add(event);
        return answer();
    }

    /// Waits for what the function says next.
    Answer answer() throws InterruptedException, IOException {
        Answer answer = answers.poll(30, TimeUnit.SECONDS);
        if (answer == null) {
            throw new AssertionError("the function said nothing for half a minute; its log: " + Files.readString(log));
        }
        return answer;
    }

    @Override
    public void close() {
        function.destroyForcibly().onExit().join();
        server.stop(0);
        threads.shutdownNow();
    }
}
