package dev.portolan.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedTest {

    @ParameterizedTest
    @CsvSource({
        "169.254.169.254, METADATA",
        "169.254.170.2, METADATA",
        "169.254.170.23, METADATA",
        "fd00:ec2::254, METADATA",
        "fd00:ec2::23, METADATA",
        "fd20:ce::254, METADATA",
        "168.63.129.16, METADATA",
        "192.0.0.192, METADATA",
        "100.100.100.200, METADATA",
        "169.254.0.1, LINK_LOCAL",
        "fe80::1, LINK_LOCAL",
        "0.0.0.0, UNSPECIFIED",
        "0.1.2.3, UNSPECIFIED",
        "::, UNSPECIFIED",
        "224.0.0.1, MULTICAST",
        "239.255.255.255, MULTICAST",
        "255.255.255.255, MULTICAST",
        "ff02::1, MULTICAST"
    })
    void isKnownByItsAddress(String address, Reserved kind) {
        assertThat(Reserved.of(InetAddress.ofLiteral(address))).isEqualTo(kind);
    }

    /// Ways to write 169.254.169.254 so that it looks like something else.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "::ffff:169.254.169.254",
                "::169.254.169.254",
                "64:ff9b::169.254.169.254",
                "64:ff9b:1::169.254.169.254",
                "2002:a9fe:a9fe::1"
            })
    void isKnownInAnotherAddressToo(String address) {
        assertThat(Reserved.of(InetAddress.ofLiteral(address))).isEqualTo(Reserved.METADATA);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "::1",
                "10.0.0.1",
                "192.168.1.1",
                "169.253.1.1",
                "93.184.215.14",
                "fd00::1",
                "fd01:ec2::254",
                "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
                "64:ff9b::93.184.215.14",
                "2002:5db8:d70e::1"
            })
    void othersNeedNoPermission(String address) {
        assertThat(Reserved.of(InetAddress.ofLiteral(address))).isNull();
    }
}
