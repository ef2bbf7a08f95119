package dev.portolan.aws.ses;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.LightClients;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.intake.Notification;
import dev.portolan.state.InMemoryStateStore;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sesv2.SesV2Client;

/// The JDK's connections repeat some requests by themselves; a mail is none of them.
@Timeout(60)
class SesWireTest {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2030-01-01T00:00:00Z"));
    private static final String ANSWER = "{\"MessageId\":\"m-1\"}";

    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger connections = new AtomicInteger();

    @Test
    void aConnectionThatDiesWithTheRequestSendsItOnce() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> serve(server));
            SesNotifier notifier = new SesNotifier(
                    "ada@example.com",
                    new InMemoryStateStore(CLOCK),
                    () -> LightClients.once(SesV2Client.builder())
                            .region(Region.EU_CENTRAL_1)
                            .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")))
                            .endpointOverride(URI.create("http://127.0.0.1:" + server.getLocalPort())),
                    CLOCK,
                    pause -> {});

            String id = notifier.send(message("first"));
            Failure failure = catchThrowableOfType(Failure.class, () -> notifier.send(message("second")));

            assertThat(id).isEqualTo("m-1");
            assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(requests).hasValue(2);
            assertThat(connections).as("the connection was kept").hasValue(1);
        }
    }

    private static Notification message(String key) {
        return new Notification(key, "user@example.com", "Welcome", "Hello.\n");
    }

    /// Answers the first request of a connection, and hangs up on the second.
    private void serve(ServerSocket server) {
        try {
            while (true) {
                try (Socket socket = server.accept()) {
                    connections.incrementAndGet();
                    InputStream in = new BufferedInputStream(socket.getInputStream());
                    if (read(in)) {
                        socket.getOutputStream()
                                .write(("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
                                                + ANSWER.length() + "\r\n\r\n" + ANSWER)
                                        .getBytes(US_ASCII));
                        read(in);
                    }
                }
            }
        } catch (IOException e) {
            // The test is over.
        }
    }

    /// Reads a request whole.
    private boolean read(InputStream in) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                return false;
            }
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String header = line.toString().strip();
            line.setLength(0);
            if (header.isEmpty()) {
                in.readNBytes(length);
                requests.incrementAndGet();
                return true;
            }
            if (header.regionMatches(true, 0, "Content-Length:", 0, 15)) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
    }
}
