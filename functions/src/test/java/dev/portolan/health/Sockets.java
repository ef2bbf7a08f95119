package dev.portolan.health;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/// Connections that fill the backlog of a server that accepts none.
final class Sockets implements AutoCloseable {

    private final List<Socket> open = new ArrayList<>();

    void fill(int port) throws IOException {
        for (int i = 0; i < 100; i++) {
            Socket socket = new Socket();
            open.add(socket);
            try {
                socket.connect(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port), 300);
            } catch (SocketTimeoutException full) {
                return;
            }
        }
        throw new IllegalStateException("the backlog takes everything");
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
    }
}
