package dev.portolan.composer.intake;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.intake.AddressCheck;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JmailAddressesTest {

    private final AddressCheck addresses = new JmailAddresses();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user@example.com",
                "User.Name+tag@Mail.Example.CO.UK",
                "o'brien@example.com",
                "zoë@bücher.example",
                "a@b.org"
            })
    void acceptsWhatMailCanBeSentTo(String address) {
        assertThat(addresses.accepts(address)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "example.com",
                "@example.com",
                "user@",
                "user@localhost",
                "user@example.c",
                "user@[127.0.0.1]",
                "user@127.0.0.1",
                "user@[IPv6:::1]",
                "user@example.com ",
                " user@example.com",
                "user @example.com",
                "user@exa mple.com",
                "user..name@example.com",
                ".user@example.com",
                "user.@example.com",
                "user@example..com",
                "user@-example.com",
                "user@example.com.",
                "<user@example.com>",
                "User <user@example.com>",
                "\"User\" <user@example.com>",
                "user(comment)@example.com",
                "user@example.com(comment)",
                "@relay.example:user@example.com",
                "a@example.com,b@example.com",
                "a@example.com, b@example.com",
                "a@example.com;b@example.com",
                "a@b@example.com",
                "user@example.com\nBcc: all@example.com",
                "user@example.com\r\n",
                "user\u0000@example.com",
                "\"user\n\"@example.com"
            })
    void refusesWhatOnlyLooksLikeAnAddress(String address) {
        assertThat(addresses.accepts(address)).isFalse();
    }

    @Test
    void acceptsAddressesOfUpTo254Octets() {
        assertThat(addresses.accepts(ofLength(254))).isTrue();
        assertThat(addresses.accepts(ofLength(255))).isFalse();
    }

    private static String ofLength(int octets) {
        String start = "user@" + ("a".repeat(60) + ".").repeat(3);
        return start + "b".repeat(octets - start.length() - ".org".length()) + ".org";
    }

    @Test
    void whatIsPlainIsAcceptedByTheLibraryToo() {
        SplittableRandom random = new SplittableRandom(7);
        int plain = 0;
        for (int i = 0; i < 300_000; i++) {
            String address = address(random);
            if (JmailAddresses.isPlain(address)) {
                plain++;
                assertThat(JmailAddresses.Library.accepts(address)).as(address).isTrue();
            }
        }
        assertThat(plain).isGreaterThan(2_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user@example.com", "o'brien+tag@mail-2.example.co.uk", "a.b@1a.org"})
    void whatNearlyAllHaveNeedsNoLibrary(String address) {
        assertThat(JmailAddresses.isPlain(address)).isTrue();
    }

    private static String address(SplittableRandom random) {
        List<String> pieces = List.of(
                "a", "B", "7", "-", "--", ".", "_", "+", "'", "`", "{", "@", "xn--", "com", "c", "é", " ", "\"", "(",
                "42");
        StringBuilder address = new StringBuilder(random.nextInt(20) == 0 ? "x".repeat(random.nextInt(70)) : "u");
        for (int i = random.nextInt(4); i > 0; i--) {
            address.append(pieces.get(random.nextInt(pieces.size())));
        }
        address.append('@').append(random.nextInt(20) == 0 ? "y".repeat(random.nextInt(70)) : "v");
        for (int i = random.nextInt(5); i > 0; i--) {
            address.append(pieces.get(random.nextInt(pieces.size())));
        }
        if (random.nextInt(10) == 0) {
            address.append(".long".repeat(random.nextInt(50)));
        }
        return address.append('.')
                .append(pieces.get(random.nextInt(pieces.size())))
                .toString();
    }
}
