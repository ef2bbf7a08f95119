package dev.portolan.health;

import static dev.portolan.health.Probes.endpoint;
import static dev.portolan.health.Probes.knowing;
import static dev.portolan.health.Probes.patient;
import static dev.portolan.health.Probes.probe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.health.Endpoint.Statuses;
import dev.portolan.health.Observation.Outcome;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What peers answer, and what is made of it.
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
}
