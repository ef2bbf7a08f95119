package dev.portolan.health;

import static dev.portolan.health.Probes.endpoint;
import static dev.portolan.health.Probes.hurried;
import static dev.portolan.health.Probes.knowing;
import static dev.portolan.health.Probes.patient;
import static dev.portolan.health.Probes.probe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portolan.failure.Failure;
import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.Observation.Outcome;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real peers, of every kind that a probe may meet.
@Timeout(60)
class ProberTest {

    @Test
    void anExpectedStatusIsHealthyAtTheFirstAttempt() throws Exception {
        try (Peer peer = Peer.answering("HTTP/1.1 204 No Content\r\n\r\n")) {
            Observation seen = probe(patient(peer.url("http", "/up")));

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(seen.status()).isEqualTo(204);
            assertThat(seen.address()).isEqualTo("127.0.0.1");
            assertThat(seen.detail()).isNull();
            assertThat(seen.attempts()).isEqualTo(1);
            assertThat(seen.at()).isEqualTo(Probes.AT);
        }
    }

    @Test
    void theRequestSaysWhatIsAskedOfWhomAndNoMore() throws Exception {
        LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            requests.add(Peer.request(connection));
            Peer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            URI url = URI.create("http://shop.example:" + peer.port() + "/up?deep=%20yes");

            probe(patient(url), knowing(Map.of("shop.example", "127.0.0.1")));

            assertThat(requests.take())
                    .isEqualTo("GET /up?deep=%20yes HTTP/1.1\r\nHost: shop.example:" + peer.port()
                            + "\r\nUser-Agent: portolan-health-probe\r\nAccept: */*\r\nConnection: close\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({"500", "503", "404", "101"})
    void anotherStatusIsTheEndpointsOwnFault(int status) throws Exception {
        try (Peer peer = Peer.answering("HTTP/1.1 " + status + " Whatever\r\n\r\n")) {
            Observation seen = probe(patient(peer.url("http", "")));

            assertThat(seen.outcome()).isEqualTo(Outcome.EXTERNAL);
            assertThat(seen.status()).isEqualTo(status);
            assertThat(seen.detail()).isEqualTo("expected 200-399");
            assertThat(seen.attempts()).isEqualTo(2);
        }
    }

    @Test
    void oneStatusAloneCanBeExpected() throws Exception {
        try (Peer peer = Peer.answering("HTTP/1.1 404 Not Found\r\n\r\n")) {
            Endpoint usual = patient(peer.url("http", "/"));
            Endpoint endpoint = new Endpoint(
                    usual.name(),
                    usual.url(),
                    new Statuses(404, 404),
                    usual.connectTimeout(),
                    usual.timeout(),
                    usual.interval(),
                    Set.of(),
                    null);

            assertThat(probe(endpoint).outcome()).isEqualTo(Outcome.HEALTHY);
        }
    }

    @Test
    void oneFailedAttemptIsForgivenAndSeen() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            Peer.request(connection);
            Peer.write(connection, "HTTP/1.1 " + (calls.incrementAndGet() == 1 ? 503 : 200) + " \r\n\r\n");
        })) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(seen.attempts()).isEqualTo(2);
        }
    }

    @Test
    void aRedirectIsAStatusAndIsNotFollowed() throws Exception {
        try (Peer peer = Peer.on("127.0.0.1", connection -> {
            Peer.request(connection);
            Peer.write(
                    connection,
                    "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:" + connection.getLocalPort() + "/\r\n\r\n");
        })) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(seen.status()).isEqualTo(302);
            assertThat(peer.accepted()).isEqualTo(1);
        }
    }

    @Test
    void interimResponsesArePassedOver() throws Exception {
        try (Peer peer = Peer.answering(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")) {
            assertThat(probe(patient(peer.url("http", "/"))).status()).isEqualTo(200);
        }
    }

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
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.9\r\n",
                "HTTP/2 200\r\n",
                "HTTP/1.1 2000 OK\r\n",
                "HTTP/1.1 20\r\n",
                "HTTP/1.1 999 No\r\n",
                "\r\n",
                "\0\0\0\0\n"
            })
    void garbageIsTheEndpointsOwnFaultAndIsNotQuoted(String garbage) throws Exception {
        try (Peer peer = Peer.answering(garbage)) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.EXTERNAL);
            assertThat(seen.status()).isNull();
            assertThat(seen.detail()).isEqualTo("the answer is no HTTP/1 response");
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

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK"})
    void hangingUpBeforeAnAnswerIsOfLocalOrigin(String before) throws Exception {
        try (Peer peer = Peer.answering(before)) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
            assertThat(seen.detail()).isEqualTo("closed before the answer was complete");
        }
    }

    @Test
    void aResetIsOfLocalOrigin() throws Exception {
        try (Peer peer = Peer.on("127.0.0.1", connection -> connection.setSoLinger(true, 0))) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp", "http"})
    void aRefusedPortIsOfLocalOrigin(String scheme) throws Exception {
        try (Socket taken = new Socket()) { // and not listened on
            taken.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0));

            Observation seen = probe(patient(URI.create(scheme + "://127.0.0.1:" + taken.getLocalPort())));

            assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
            assertThat(seen.detail()).isEqualTo("while connecting: Connection refused");
            assertThat(seen.address()).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void ofTcpItIsEnoughToConnect() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Peer peer = Peer.on("127.0.0.1", connection -> never.await())) {
            Observation seen = probe(patient(peer.url("tcp", "")));

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(seen.status()).isNull();
        }
    }

    @Test
    void ipv6IsProbedAsWell() throws Exception {
        try (Peer peer = Peer.on("::1", connection -> {
            Peer.request(connection);
            Peer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            Observation seen = probe(patient(peer.url("http", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(seen.address()).isEqualTo("0:0:0:0:0:0:0:1");
        } catch (java.net.SocketException e) {
            assumeTrue(false, "this machine has no IPv6: " + e.getMessage());
        }
    }

    @Test
    void aNameThatResolvesToNothingIsOfLocalOrigin() throws Exception {
        Endpoint endpoint = patient(URI.create("http://nowhere.example/"));

        assertThat(probe(endpoint, knowing(Map.of())).detail()).isEqualTo("no such host");
        assertThat(probe(endpoint, host -> new InetAddress[0]).detail()).isEqualTo("no such host");
        assertThat(probe(endpoint, knowing(Map.of())).outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
    }

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, metadata",
        "fd00:ec2::254, metadata",
        "169.254.1.1, link-local",
        "0.0.0.0, unspecified",
        "224.0.0.1, multicast",
        "64:ff9b::a9fe:a9fe, metadata"
    })
    void aReservedAddressIsRefusedWithTheRemedyAndNotConnectedTo(String address, String kind) throws Exception {
        Observation seen = probe(patient(URI.create("http://shop.example/")), knowing(Map.of("shop.example", address)));

        assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
        assertThat(seen.detail()).contains(kind + " address", "allow: [" + kind + "]");
    }

    @Test
    void aReservedAddressIsTakenWhereItIsAllowedByName() throws Exception {
        try (Peer peer = Peer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
            URI url = URI.create("http://0.0.0.0:" + peer.port() + "/");

            assertThat(probe(endpoint(url, Duration.ofSeconds(10), Set.of(Reserved.LINK_LOCAL)))
                            .outcome())
                    .isEqualTo(Outcome.LOCAL_ORIGIN);
            assertThat(probe(endpoint(url, Duration.ofSeconds(10), Set.of(Reserved.UNSPECIFIED)))
                            .outcome())
                    .isEqualTo(Outcome.HEALTHY);
        }
    }

    @Test
    void aNameIsLookedUpOncePerAttemptSoThatAnotherAnswerLeadsNowhere() throws Exception {
        List<String> asked = new ArrayList<>();
        try (Peer peer = Peer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
            URI url = URI.create("http://shop.example:" + peer.port() + "/");

            Observation seen = probe(patient(url), host -> {
                asked.add(host);
                return InetAddress.getAllByName(asked.size() == 1 ? "127.0.0.1" : "169.254.169.254");
            });

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(asked).containsExactly("shop.example");
        }
    }

    @Test
    void ofSeveralAddressesTheFirstThatMayBeAndAnswersIsTaken() throws Exception {
        try (Peer peer = Peer.answering("HTTP/1.1 200 OK\r\n\r\n")) {
            URI url = URI.create("http://shop.example:" + peer.port() + "/");

            Observation seen = probe(patient(url), host -> new InetAddress[] {
                InetAddress.ofLiteral("169.254.169.254"),
                InetAddress.ofLiteral("127.0.0.9"), // nobody listens there
                InetAddress.ofLiteral("127.0.0.1")
            });

            assertThat(seen.outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(seen.address()).isEqualTo("127.0.0.1");
            assertThat(seen.attempts()).isEqualTo(1);
        }
    }

    @Test
    void aSecretThatCannotBeReadSaysNothingOfTheEndpoint() throws Exception {
        Endpoint endpoint = secret(URI.create("https://shop.example/"));

        Observation seen = probe(endpoint, host -> {
            throw new UnknownHostException(host);
        });

        assertThat(seen.outcome()).isEqualTo(Outcome.NOT_PROBED);
        assertThat(seen.detail()).isEqualTo("NOT_FOUND: there is no secret 'token'");
    }

    @Test
    void aSecretThatWouldBeASecondHeaderIsNotSentAndNotShown() throws Exception {
        Prober prober = new Prober(
                InstantSource.system(),
                name -> "Bearer x\r\nX-Evil: y",
                host -> {
                    throw new UnknownHostException(host);
                },
                () -> (SSLSocketFactory) SSLSocketFactory.getDefault());

        Observation seen = prober.probe(secret(URI.create("https://shop.example/")), "here", Probes.AT);

        assertThat(seen.outcome()).isEqualTo(Outcome.NOT_PROBED);
        assertThat(seen.detail())
                .startsWith(Failure.Code.FAILED_PRECONDITION.name())
                .doesNotContain("Bearer", "Evil");
    }

    static Endpoint secret(URI url) {
        Endpoint open = patient(url);
        return new Endpoint(
                open.name(),
                open.url(),
                open.expect(),
                open.connectTimeout(),
                open.timeout(),
                open.interval(),
                Set.of(),
                "token");
    }
}
