package dev.portolan.health;

import dev.portolan.health.Observation.Outcome;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/// One attempt at an endpoint, over a socket of its own, that another thread may end.
///
/// The name is looked up once, and what is connected to is the very address that was checked: a name server that
/// answers differently a moment later leads nowhere else.
final class SocketProbe {

    private static final int MOST_ADDRESSES = 4;
    private static final int LONGEST_DETAIL = 200;

    /// Finds the addresses of a host; as [InetAddress#getAllByName].
    @FunctionalInterface
    interface Lookup {
        InetAddress[] addresses(String host) throws UnknownHostException;
    }

    private final Endpoint endpoint;
    private final @Nullable String authorization;
    private final Lookup lookup;
    private final Supplier<SSLSocketFactory> tls;
    private volatile boolean over;
    private volatile @Nullable Socket open;
    private volatile @Nullable String address;
    private volatile String phase = "looking up the name";

    /// @param authorization the header's value, or null for none
    SocketProbe(Endpoint endpoint, @Nullable String authorization, Lookup lookup, Supplier<SSLSocketFactory> tls) {
        this.endpoint = endpoint;
        this.authorization = authorization;
        this.lookup = lookup;
        this.tls = tls;
    }

    /// Ends the attempt from outside; its own thread finds its socket closed.
    ///
    /// @param limit the time that is over, for people
    Sighting end(String limit) {
        over = true;
        Sighting sighting = Sighting.local(address, "no answer within " + limit + ", while " + phase);
        close();
        return sighting;
    }

    Sighting run() {
        try {
            return reached(allowed());
        } catch (UnknownHostException e) {
            return Sighting.local(null, "no such host");
        } catch (ProtocolException e) {
            return new Sighting(Outcome.EXTERNAL, null, address, detail("", e));
        } catch (EOFException e) {
            return Sighting.local(address, detail("", e));
        } catch (SSLException e) {
            return Sighting.local(address, detail("TLS: ", e));
        } catch (IOException e) {
            return Sighting.local(address, detail("while " + phase + ": ", e));
        } finally {
            close();
        }
    }

    /// The addresses that may be connected to.
    private List<InetAddress> allowed() throws IOException {
        InetAddress[] found = lookup.addresses(endpoint.url().getHost());
        if (found.length == 0) {
            throw new UnknownHostException(endpoint.url().getHost());
        }
        List<InetAddress> allowed = Arrays.stream(found)
                .filter(candidate -> {
                    Reserved kind = Reserved.of(candidate);
                    return kind == null || endpoint.allow().contains(kind);
                })
                .limit(MOST_ADDRESSES)
                .toList();
        if (allowed.isEmpty()) {
            Reserved kind = Reserved.of(found[0]);
            address = found[0].getHostAddress();
            phase = "checking the address";
            throw new IOException(
                    "it is a " + kind + " address, refused unless the endpoint says allow: [" + kind + "]");
        }
        return allowed;
    }

    private Sighting reached(List<InetAddress> addresses) throws IOException {
        Socket connected = connect(addresses);
        if (endpoint.tcp()) {
            return new Sighting(Outcome.HEALTHY, null, address, null);
        }
        Socket socket = endpoint.tls() ? secured(connected) : connected;
        phase = "waiting for the answer";
        socket.getOutputStream().write(request().getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        int status = StatusLine.read(socket.getInputStream());
        return endpoint.expect().contains(status)
                ? new Sighting(Outcome.HEALTHY, status, address, null)
                : new Sighting(Outcome.EXTERNAL, status, address, "expected " + endpoint.expect());
    }

    private Socket connect(List<InetAddress> addresses) throws IOException {
        phase = "connecting";
        IOException last = null;
        for (InetAddress candidate : addresses) {
            address = candidate.getHostAddress();
            Socket socket = new Socket(Proxy.NO_PROXY);
            open = socket;
            if (over) {
                socket.close();
            }
            try {
                socket.connect(
                        new InetSocketAddress(candidate, endpoint.port()),
                        Math.toIntExact(Math.max(1, endpoint.connectTimeout().toMillis())));
                // Where nobody listens on a port of the range that callers get theirs from, a system may give the
                // caller that very port, and it meets itself.
                if (!socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress())) {
                    socket.setTcpNoDelay(true);
                    return socket;
                }
                last = new SocketException("Connection refused");
            } catch (SocketTimeoutException e) {
                last = new SocketException("no connection within " + Prober.spoken(endpoint.connectTimeout()));
            } catch (IOException e) {
                last = e;
            }
            socket.close();
        }
        throw last == null ? new UnknownHostException(endpoint.url().getHost()) : last;
    }

    /// TLS over a connection, with the host's name asked for and verified.
    private Socket secured(Socket connected) throws IOException {
        phase = "agreeing on TLS";
        String host = endpoint.url().getHost();
        SSLSocket socket = (SSLSocket) tls.get().createSocket(connected, unbracketed(host), endpoint.port(), false);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private String request() {
        String path = endpoint.url().getRawPath();
        String query = endpoint.url().getRawQuery();
        int port = endpoint.url().getPort();
        return "GET " + (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query) + " HTTP/1.1\r\nHost: "
                + endpoint.url().getHost() + (port < 0 ? "" : ":" + port)
                + "\r\nUser-Agent: portolan-health-probe\r\nAccept: */*\r\nConnection: close\r\n"
                + (authorization == null ? "" : "Authorization: " + authorization + "\r\n") + "\r\n";
    }

    /// Only the connection itself is closed: the farewell of TLS would wait for a peer that does not read.
    private void close() {
        Socket socket = open;
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is given up either way.
            }
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// What an exception of the JDK says, which quotes nothing that the peer sent, on one short line.
    private static String detail(String before, IOException e) {
        String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        StringBuilder line = new StringBuilder(before);
        for (int i = 0; i < message.length() && line.length() < LONGEST_DETAIL; i++) {
            char c = message.charAt(i);
            line.append(c < ' ' || c > '~' ? ' ' : c);
        }
        return line.toString();
    }
}
