package dev.portolan.local;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.http.HttpRequest;
import dev.portolan.http.HttpResponse;
import dev.portolan.invocation.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// Pipelines over HTTP on this machine: the JDK's own server, on the loopback address only.
final class LocalServer implements AutoCloseable {

    /// One byte more than an entry point takes, so that it can say what is wrong.
    private static final int MOST_READ = Event.BODY_LIMIT + 1;

    /// For what is interrupted to come to rest: a step that does not stop is abandoned after a second.
    private static final Duration LAST = Duration.ofSeconds(3);

    static {
        // Without it small answers wait for the client's acknowledgement, 40 ms each.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpEntryPoint entryPoint;
    private final Duration grace;

    private static final HttpResponse CLOSING = HttpResponse.of(
            new Failure(Failure.Code.UNAVAILABLE, "the server is stopping").withRetryAfter(Duration.ofSeconds(1)));

    private volatile boolean closing;

    /// Held for reading by every request that runs, and for writing by the end.
    private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

    /// Starts to listen.
    ///
    /// @param port 0 for any that is free
    /// @param grace for how long the end waits for requests before it interrupts them
    /// @throws IOException if the port is taken
    LocalServer(HttpEntryPoint entryPoint, int port, Duration grace) throws IOException {
        this.entryPoint = entryPoint;
        this.grace = grace;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void handle(HttpExchange exchange) throws IOException {
        // Not to wait behind the end that waits for others: it is told by the flag.
        if (!running.readLock().tryLock()) {
            exchange.close();
            return;
        }
        try (exchange) {
            HttpResponse response = closing ? CLOSING : answer(exchange);
            Thread.interrupted(); // it was meant for what ran, and would close the connection
            for (String name : response.headers().names()) {
                exchange.getResponseHeaders().put(name, response.headers().all(name));
            }
            exchange.sendResponseHeaders(response.status(), response.body().length == 0 ? -1 : response.body().length);
            exchange.getResponseBody().write(response.body());
        } finally {
            running.readLock().unlock();
        }
    }

    private HttpResponse answer(HttpExchange exchange) throws IOException {
        try {
            HttpRequest request = new HttpRequest(
                    exchange.getRequestMethod(),
                    exchange.getRequestURI().getRawPath(),
                    HttpRequest.query(exchange.getRequestURI().getRawQuery()),
                    headers(exchange),
                    exchange.getRequestBody().readNBytes(MOST_READ));
            return entryPoint.answer(request, null);
        } catch (Failure malformed) {
            return HttpResponse.of(malformed);
        }
    }

    private static Headers headers(HttpExchange exchange) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (!HttpRequest.reserved(name)) {
                headers.put(name, values.stream().map(LocalServer::utf8).toList());
            }
        });
        return Headers.of(headers);
    }

    /// The JDK's server takes every byte of a header for a character.
    private static String utf8(String header) {
        return new String(header.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// Takes no more requests, waits a while for those that are running, and then interrupts them: durable
    /// executions hand themselves on.
    @Override
    public void close() {
        closing = true;
        try {
            // The server's own wait lasts to its end even where nothing runs.
            if (!running.writeLock().tryLock(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                threads.shutdownNow();
                running.writeLock().tryLock(LAST.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
