package dev.portolan.health;

import static dev.portolan.health.Probes.endpoint;
import static dev.portolan.health.Probes.knowing;
import static dev.portolan.health.Probes.patient;
import static dev.portolan.health.Probes.probe;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.portolan.failure.Failure;
import dev.portolan.health.Observation.Outcome;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Where a probe goes, where it does not, and what it takes along.
@Timeout(60)
class ProbedAddressesTest {

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
