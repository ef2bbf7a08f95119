package dev.portolan.health;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/// A server on a free port of the loopback address, for one test, that treats every connection alike.
final class Peer implements AutoCloseable {

    /// What it does with a connection, which is closed afterwards.
    @FunctionalInterface
    interface Manners {
        void serve(Socket connection) throws Exception;
    }

    private final ServerSocket server;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final AtomicInteger accepted = new AtomicInteger();

    Peer(ServerSocket server, Manners manners) {
        this.server = server;
        Thread.ofVirtual().start(() -> accept(manners));
    }

    static Peer on(String address, Manners manners) throws IOException {
        return new Peer(new ServerSocket(0, 50, InetAddress.ofLiteral(address)), manners);
    }

    /// One that reads a request's head, answers a text and hangs up.
    static Peer answering(String text) throws IOException {
        return on("127.0.0.1", connection -> {
            request(connection);
            write(connection, text);
        });
    }

    static void write(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        connection.getOutputStream().flush();
    }

    /// The head of a request, up to the empty line.
    static String request(Socket connection) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = connection.getInputStream().read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private void accept(Manners manners) {
        while (!server.isClosed()) {
            try {
                Socket connection = server.accept();
                accepted.incrementAndGet();
                open.add(connection);
                Thread.ofVirtual().start(() -> {
                    try (connection) {
                        manners.serve(connection);
                    } catch (Exception e) {
                        // The other side hung up, or the test is over.
                    }
                });
            } catch (IOException e) {
                // The test is over.
            }
        }
    }

    int port() {
        return server.getLocalPort();
    }

    int accepted() {
        return accepted.get();
    }

    URI url(String scheme, String path) {
        String host = server.getInetAddress().getHostAddress();
        return URI.create(scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port() + path);
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
