package dev.portolan.health;

import static dev.portolan.health.Probes.endpoint;
import static dev.portolan.health.Probes.hurried;
import static dev.portolan.health.Probes.patient;
import static dev.portolan.health.Probes.probe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.Observation.Outcome;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Peers and name servers that do not come to an end.
@Timeout(60)
class SlowPeersTest {

    @Test
    void ofABodyOfAGigabyteNextToNothingIsTaken() throws Exception {
        AtomicLong written = new AtomicLong();
        CountDownLatch hungUp = new CountDownLatch(1);
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            Peer.request(connection);
            Peer.write(connection, "HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n");
            byte[] block = new byte[1 << 16];
            OutputStream out = connection.getOutputStream();
            try {
                while (written.get() < 1L << 30) {
                    out.write(block);
                    written.addAndGet(block.length);
                }
            } finally {
                hungUp.countDown();
            }
        })) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            hungUp.await();
            assertThat(written.get()).isLessThan(64 << 20); // what the system's buffers hold
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 200 OK", "HTTP/1.1 1", ""})
    void aPeerThatHangsIsCutOffAtTheTimeout(String before) throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            Peer.request(connection);
            Peer.write(connection, before);
            never.await();
        })) {
            assertTimedOut(probe(hurried(peer.url("http", "/"))), "while waiting for the answer");
        }
    }

    @Test
    void aPeerThatDripsIsCutOffAtTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            Peer.request(connection);
            for (int i = 0; i < 10_000; i++) {
                Peer.write(connection, i == 0 ? "HTTP/1.1 200 " : "O");
                never.await(20, java.util.concurrent.TimeUnit.MILLISECONDS);
            }
        })) {
            assertTimedOut(probe(hurried(peer.url("http", "/"))), "while waiting for the answer");
        }
    }

    @Test
    void aNameServerThatHangsIsCutOffAtTheTimeout() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Observation seen = probe(hurried(URI.create("http://shop.example/")), host -> {
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return new InetAddress[0];
        });

        assertTimedOut(seen, "while looking up the name");
    }

    @Test
    void nameServersThatHangLeaveRoomForOthers() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(128);
        try (Peer peer = Peer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
            Prober prober = Probes.prober(
                    host -> {
                        if (host.equals("hung.example")) {
                            hanging.countDown();
                            try {
                                never.await();
                            } catch (InterruptedException e) {
                                throw new UnknownHostException(host);
                            }
                        }
                        return InetAddress.getAllByName(host);
                    },
                    (SSLSocketFactory) SSLSocketFactory.getDefault());
            List<Thread> others = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                others.add(Thread.ofVirtual()
                        .start(() -> assertThatCode(() ->
                                        prober.probe(patient(URI.create("http://hung.example/")), "here", Probes.AT))
                                .isInstanceOf(InterruptedException.class)));
            }
            hanging.await();

            assertThat(prober.probe(patient(peer.url("http", "/")), "here", Probes.AT)
                            .outcome())
                    .isEqualTo(Outcome.HEALTHY);

            others.forEach(Thread::interrupt);
        }
    }

    private static void assertTimedOut(Observation seen, String phase) {
        assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
        assertThat(seen.detail()).isEqualTo("no answer within 300ms, " + phase);
        assertThat(seen.attempts()).isEqualTo(2);
        assertThat(seen.millis()).isBetween(300L, 5_000L);
    }

    @Test
    void aBacklogThatIsFullIsCutOffAtTheTimeoutOfConnecting() throws Exception {
        try (ServerSocket deaf = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
                Sockets crowd = new Sockets()) {
            crowd.fill(deaf.getLocalPort());
            Endpoint endpoint = new Endpoint(
                    "shop",
                    URI.create("tcp://127.0.0.1:" + deaf.getLocalPort()),
                    Statuses.USUAL,
                    Duration.ofMillis(200),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(20),
                    Set.of(),
                    null);

            Observation seen = probe(endpoint);

            assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
            assertThat(seen.detail()).contains("no connection within 200ms");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "HTTP/1.1 100 Continue\r\nX: y\r\n"})
    void aHeadWithoutEndIsNotReadToItsEnd(String part) throws Exception {
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            Peer.request(connection);
            while (true) {
                Peer.write(connection, part.repeat(100));
            }
        })) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.EXTERNAL);
        }
    }
}
