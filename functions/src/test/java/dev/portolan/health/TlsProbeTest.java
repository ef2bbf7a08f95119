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

    /// An authority, and servers under what is to be said of their certificates.
    private static KeyStore keys;

    @BeforeAll
    static void makeCertificates() throws Exception {
        keytool("authority", "-dname", "CN=authority", "-ext", "bc:c", "-validity", "10");
        server("right", "shop.example", "-validity", "10", "-signer", "authority");
        server("of-another", "other.example", "-validity", "10", "-signer", "authority");
        server("expired", "shop.example", "-validity", "1", "-startdate", "-10d", "-signer", "authority");
        server("self-signed", "shop.example", "-validity", "10");
        keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
            keys.load(in, PASSWORD);
        }
    }

    private static void server(String alias, String host, String... more) throws Exception {
        List<String> options = new ArrayList<>(List.of(more));
        options.addAll(List.of("-dname", "CN=" + host, "-ext", "san=dns:" + host));
        keytool(alias, options.toArray(String[]::new));
    }

    /// The JDK makes certificates with its tool only.
    private static void keytool(String alias, String... options) throws Exception {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        List<String> command = new ArrayList<>(List.of(tool.toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair"));
        command.addAll(List.of("-keyalg", "EC", "-alias", alias, "-storepass", new String(PASSWORD)));
        command.addAll(List.of("-keystore", folder.resolve("keys").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    private static Peer peer(String alias, Peer.Manners manners) throws Exception {
        KeyStore only = KeyStore.getInstance("PKCS12");
        only.load(null, null);
        only.setKeyEntry(alias, keys.getKey(alias, PASSWORD), PASSWORD, keys.getCertificateChain(alias));
        KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(only, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return new Peer(
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1")),
                manners);
    }

    /// Trusts the authority, and nobody else.
    private static SSLSocketFactory trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", keys.getCertificate("authority"));
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    private static Observation probe(Peer peer) throws Exception {
        Endpoint endpoint = patient(URI.create("https://shop.example:" + peer.port() + "/"));
        return Probes.prober(knowing(Map.of("shop.example", "127.0.0.1")), trust())
                .probe(endpoint, "here", Probes.AT);
    }

    private static void ok(java.net.Socket connection) throws Exception {
        Peer.request(connection);
        Peer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
    }

    @Test
    void aTrustedCertificateOfThatNameIsHealthyAndTheNameIsAskedFor() throws Exception {
        LinkedBlockingQueue<List<SNIServerName>> asked = new LinkedBlockingQueue<>();
        try (Peer peer = peer("right", connection -> {
            ok(connection);
            asked.add(((ExtendedSSLSession) ((SSLSocket) connection).getSession()).getRequestedServerNames());
        })) {
            assertThat(probe(peer).outcome()).isEqualTo(Outcome.HEALTHY);
            assertThat(asked.take()).containsExactly(new SNIHostName("shop.example"));
        }
    }

    @Test
    void aCertificateOfAnotherNameIsOfLocalOrigin() throws Exception {
        try (Peer peer = peer("of-another", TlsProbeTest::ok)) {
            assertRefused(probe(peer), "shop.example");
        }
    }

    @Test
    void aSelfSignedCertificateIsOfLocalOrigin() throws Exception {
        try (Peer peer = peer("self-signed", TlsProbeTest::ok)) {
            assertRefused(probe(peer), "certification path");
        }
    }

    @Test
    void aCertificateOutOfDateIsOfLocalOrigin() throws Exception {
        try (Peer peer = peer("expired", TlsProbeTest::ok)) {
            assertRefused(probe(peer), "validity check failed");
        }
    }

    @Test
    void aPeerWithoutTlsIsOfLocalOrigin() throws Exception {
        try (Peer peer = Peer.on("127.0.0.1", connection -> Peer.write(connection, "HTTP/1.1 400 Bad\r\n\r\n"))) {
            assertRefused(probe(peer), "");
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
        try (Peer peer = peer("right", connection -> {
            requests.add(Peer.request(connection));
            Peer.write(connection, "HTTP/1.1 200 OK\r\n\r\n");
        })) {
            SSLSocketFactory trust = trust();
            Prober prober = new Prober(
                    InstantSource.system(),
                    Map.of("token", "Bearer abc")::get,
                    knowing(Map.of("shop.example", "127.0.0.1")),
                    () -> trust);

            prober.probe(
                    ProbedAddressesTest.secret(URI.create("https://shop.example:" + peer.port() + "/")),
                    "here",
                    Probes.AT);

            assertThat(requests.take()).contains("\r\nAuthorization: Bearer abc\r\n\r\n");
        }
    }
}
