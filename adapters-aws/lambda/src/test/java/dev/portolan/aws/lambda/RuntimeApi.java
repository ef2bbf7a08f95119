package dev.portolan.aws.lambda;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Lambda's Runtime API (version 2018-06-01) on the loopback address, with the states in which AWS's own
/// emulator refuses a runtime's calls.
final class RuntimeApi implements AutoCloseable {

    static {
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    /// What a response may weigh.
    static final int MOST_BYTES = 6 * 1024 * 1024 + 100;

    /// The trace that every invocation is part of.
    static final String TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0";

    /// What the function said.
    ///
    /// @param kind `response` or `error` of an invocation, `init` for a start that failed, `checkpoint` where
    ///     a snapshot would be taken, `restore` for a snapshot that came back and failed, `exit` for the end of
    ///     its process
    /// @param body what an invocation's caller would see
    /// @param cause what an error tells the tracing service
    record Answer(String kind, String body, String cause) {}

    private record Invocation(String event, Duration time) {}

    private record Running(String id, Instant deadline) {}

    private final BlockingQueue<Invocation> events = new LinkedBlockingQueue<>();
    private final BlockingQueue<Answer> answers = new LinkedBlockingQueue<>();
    private final CountDownLatch restored = new CountDownLatch(1);
    private final AtomicInteger invocations = new AtomicInteger();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;
    private volatile @Nullable Running running;

    RuntimeApi() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/2018-06-01/runtime/", this::handle);
        server.start();
    }

    /// What `AWS_LAMBDA_RUNTIME_API` says.
    String address() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    /// Hands an event to the function.
    ///
    /// @param time what the invocation's deadline leaves it
    void send(String event, Duration time) {
        events.add(new Invocation(event, time));
    }

    /// What the function says next, or null if it says nothing for so long.
    @Nullable
    Answer answer(Duration patience) throws InterruptedException {
        return answers.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Hears that the function's process ended, which is an error of the invocation that it ran.
    void exited(int code) {
        if (running == null) {
            answers.add(new Answer("exit", String.valueOf(code), ""));
        } else {
            failed("Runtime.ExitError", "Runtime exited with error: exit status " + code);
        }
    }

    /// Brings the snapshot back.
    void restore() {
        restored.countDown();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (path.substring(path.indexOf("/runtime/") + "/runtime/".length())) {
                case "invocation/next" -> next(exchange);
                case "init/error" -> said(exchange, "init", body);
                case "restore/next" -> {
                    answers.add(new Answer("checkpoint", "", ""));
                    restored.await();
                    exchange.sendResponseHeaders(200, -1);
                }
                case "restore/error" -> said(exchange, "restore", body);
                default -> answered(exchange, path.split("/", -1), body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void next(HttpExchange exchange) throws IOException, InterruptedException {
        Invocation invocation = events.take();
        String id = "request-" + invocations.incrementAndGet();
        Instant deadline = Instant.now().plus(invocation.time());
        running = new Running(id, deadline);
        // The native client does not survive an answer without a content type.
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.getResponseHeaders().set("Lambda-Runtime-Aws-Request-Id", id);
        exchange.getResponseHeaders().set("Lambda-Runtime-Deadline-Ms", String.valueOf(deadline.toEpochMilli()));
        exchange.getResponseHeaders().set("Lambda-Runtime-Invoked-Function-Arn", "arn");
        exchange.getResponseHeaders().set("Lambda-Runtime-Trace-Id", TRACE);
        byte[] event = invocation.event().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, event.length);
        exchange.getResponseBody().write(event);
    }

    /// `invocation/{id}/response` or `invocation/{id}/error`: one of them, once.
    private void answered(HttpExchange exchange, String[] path, byte[] body) throws IOException {
        String kind = path[path.length - 1];
        Running invocation = running;
        running = null;
        if (invocation == null || !path[path.length - 2].equals(invocation.id())) {
            refused(exchange, 403, "InvalidStateTransition");
        } else if (Instant.now().isAfter(invocation.deadline())) {
            failed("Sandbox.Timedout", "Task timed out");
            refused(exchange, 403, "InvalidStateTransition");
        } else if (kind.equals("response") && body.length > MOST_BYTES) {
            failed(
                    "Function.ResponseSizeTooLarge",
                    "Response payload size exceeded maximum allowed payload size (6291556 bytes).");
            refused(exchange, 413, "RequestEntityTooLarge");
        } else {
            said(exchange, kind, body);
        }
    }

    /// An error that is not the function's word, but Lambda's.
    private void failed(String type, String message) {
        answers.add(new Answer("error", "{\"errorType\":\"%s\",\"errorMessage\":\"%s\"}".formatted(type, message), ""));
    }

    private void said(HttpExchange exchange, String kind, byte[] body) throws IOException {
        String cause = exchange.getRequestHeaders().getFirst("Lambda-Runtime-Function-XRay-Error-Cause");
        answers.add(new Answer(kind, new String(body, StandardCharsets.UTF_8), Objects.requireNonNullElse(cause, "")));
        exchange.sendResponseHeaders(202, -1);
    }

    private static void refused(HttpExchange exchange, int status, String type) throws IOException {
        byte[] body = ("{\"errorType\":\"" + type + "\"}").getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
