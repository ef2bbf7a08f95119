package dev.portolan.health;

import static dev.portolan.health.Probes.hurried;
import static dev.portolan.health.Probes.knowing;
import static dev.portolan.health.Probes.patient;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.health.Observation.Outcome;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Servers with certificates that are right, of another name, unknown, or out of date.
@Timeout(60)
class TlsProbeTest {

    private static final char[] PASSWORD = "changeit".toCharArray();

    @TempDir
    private static Path folder;

    private static KeyStore right;
    private static KeyStore ofAnother;
    private static KeyStore expired;
    private static KeyStore selfSigned;

    @BeforeAll
    static void makeCertificates() throws Exception {
        right = certificate("shop.example", "-validity", "10", "-signer", "authority");
        ofAnother = certificate("other.example", "-validity", "10", "-signer", "authority");
        selfSigned = certificate("shop.example", "-validity", "10");
        expired = certificate("shop.example", "-validity", "1", "-startdate", "-10d", "-signer", "authority");
    }

    private static KeyStore certificate(String host, String... more) throws Exception {
        Path file = folder.resolve(host + more.length);
        keytool(file, "-alias", "authority", "-dname", "CN=authority", "-ext", "bc:c", "-validity", "10");
        List<String> server = new ArrayList<>(List.of(more));
        server.addAll(List.of("-alias", "server", "-dname", "CN=" + host, "-ext", "san=dns:" + host));
        keytool(file, server.toArray(String[]::new));
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, PASSWORD);
        }
        return store;
    }

    /// The JDK makes certificates with its tool only.
    private static void keytool(Path store, String... options) throws Exception {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(tool.toString(), "-genkeypair", "-keyalg", "EC"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", new String(PASSWORD)));
        command.addAll(List.of("-keystore", store.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static Peer server(KeyStore store, Peer.Manners manners) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(onlyServer(store), PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return new Peer(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")),
                manners);
    }

    private static KeyStore onlyServer(KeyStore store) throws Exception {
        KeyStore only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        only.setKeyEntry("server", store.getKey("server", PASSWORD), PASSWORD, store.getCertificateChain("server"));
        return only;
    }

    private static SSLSocketFactory trusting(KeyStore store) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", store.getCertificate("authority"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static Observation probe(Peer peer, SSLSocketFactory trust) throws Exception {
        Endpoint endpoint = patient(URI.create("https://shop.example:" + peer.port() + "/"));
        return Probes.prober(knowing(Map.of("shop.example", "127.0.0.1")), trust)
                .probe(endpoint, "here", Probes.AT);
    }

    private static void ok(java.net.Socket connection) throws Exception {
        Peer.request(connection);
        Peer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
    }

    @Test
    void aTrustedCertificateOfThatNameIsHealthyAndTheNameIsAskedFor() throws Exception {
        LinkedBlockingQueue<List<SNIServerName>> asked = new LinkedBlockingQueue<>();
        try (Peer peer = server(right, connection -> {
            ok(connection);
            asked.add(((ExtendedSSLSession) ((SSLSocket) connection).getSession()).getRequestedServerNames());
        })) {
            assertThat(probe(peer, trusting(right)).outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(asked.take()).containsExactly(new SNIHostName("shop.example"));
        }
    }

    @Test
    void aCertificateOfAnotherNameIsOfLocalOrigin() throws Exception {
        try (Peer peer = server(ofAnother, TlsProbeTest::ok)) {
            assertRefused(probe(peer, trusting(ofAnother)), "shop.example");
        }
    }

    @Test
    void aSelfSignedCertificateIsOfLocalOrigin() throws Exception {
        try (Peer peer = server(selfSigned, TlsProbeTest::ok)) {
            assertRefused(probe(peer, trusting(right)), "certification path");
        }
    }

    @Test
    void aCertificateOutOfDateIsOfLocalOrigin() throws Exception {
        try (Peer peer = server(expired, TlsProbeTest::ok)) {
            assertRefused(probe(peer, trusting(expired)), "validity check failed");
        }
    }

    @Test
    void aPeerWithoutTlsIsOfLocalOrigin() throws Exception {
        try (Peer peer = Peer.on("127.0.0.1", connection -> Peer.write(connection, "HTTP/1.1 400 Bad\r\n\r\n"))) {
            assertRefused(probe(peer, trusting(right)), "");
        }
    }

    private static void assertRefused(Observation seen, String reason) {
        assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
        assertThat(seen.status()).isNull();
        assertThat(seen.detail()).startsWith("TLS: ").contains(reason);
        assertThat(seen.attempts()).isEqualTo(2);
    }

    @Test
    void aPeerThatHangsInTheMidstOfAgreeingIsCutOff() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (Peer peer = Peer.on("127.0.0.1", connection -> never.await())) {
            Observation seen = Probes.probe(hurried(peer.url("https", "/")));

            assertThat(seen.outcome()).isEqualTo(Outcome.LOCAL_ORIGIN);
            assertThat(seen.detail()).isEqualTo("no answer within 300ms, while agreeing on TLS");
        }
    }

    @Test
    void theSecretIsSentInItsHeader() throws Exception {
        LinkedBlockingQueue<String> requests = new LinkedBlockingQueue<>();
        try (Peer peer = server(right, connection -> {
            requests.add(Peer.request(connection));
            Peer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            SSLSocketFactory trust = trusting(right);
            Prober prober = new Prober(
                    InstantSource.system(),
                    Map.of("token", "Bearer abc")::get,
                    knowing(Map.of("shop.example", "127.0.0.1")),
                    () -> trust);

            prober.probe(ProberTest.secret(URI.create("https://shop.example:" + peer.port() + "/")), "here", Probes.AT);

            assertThat(requests.take()).contains("\r\nAuthorization: Bearer abc\r\n\r\n");
        }
    }
}
