package dev.portolan.health;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Kinds of addresses that a probe connects to only where its endpoint allows them by name.
public enum Reserved {
    /// Where a cloud hands out credentials and settings to whatever runs in it.
    METADATA,
    /// 169.254.0.0/16 and fe80::/10.
    LINK_LOCAL,
    /// 0.0.0.0/8 and ::, which lead to this machine.
    UNSPECIFIED,
    /// Groups, and 255.255.255.255.
    MULTICAST;

    /// The beginnings of metadata addresses: of AWS (instances, containers, pods; IPv4 and IPv6), which is Google
    /// Cloud's and Azure's too, of Google Cloud over IPv6, Azure's other one, Oracle's and Alibaba's.
    private static final List<byte[]> METADATA_PREFIXES = List.of(
            bytes("a9fea9fe"),
            bytes("a9feaa02"),
            bytes("a9feaa17"),
            bytes("fd000ec2"),
            bytes("fd2000ce000000000000000000000254"),
            bytes("a83f8110"),
            bytes("c00000c0"),
            bytes("646464c8"));

    /// What stands before an IPv4 address that an IPv6 address leads to: NAT64 (RFC 6052, RFC 8215), and the
    /// deprecated IPv4-compatible form. The mapped form is an IPv4 address to Java.
    private static final List<byte[]> CARRIERS =
            List.of(bytes("0064ff9b0000000000000000"), bytes("0064ff9b0001"), bytes("000000000000000000000000"));

    private static final byte[] SIX_TO_FOUR = bytes("2002");

    /// The kind of an address, or null for one that needs no permission.
    static @Nullable Reserved of(InetAddress address) {
        byte[] bytes = address.getAddress();
        if (METADATA_PREFIXES.stream().anyMatch(prefix -> starts(bytes, prefix))) {
            return METADATA;
        }
        if (address.isAnyLocalAddress() || (bytes.length == 4 && bytes[0] == 0)) {
            return UNSPECIFIED;
        }
        if (address.isLinkLocalAddress()) {
            return LINK_LOCAL;
        }
        if (address.isMulticastAddress() || starts(bytes, new byte[] {-1, -1, -1, -1})) {
            return MULTICAST;
        }
        if (bytes.length == 16 && !address.isLoopbackAddress()) {
            byte[] carried = carried(bytes);
            return carried == null ? null : of(address(carried));
        }
        return null;
    }

    private static byte @Nullable [] carried(byte[] bytes) {
        if (starts(bytes, SIX_TO_FOUR)) {
            return Arrays.copyOfRange(bytes, 2, 6);
        }
        return CARRIERS.stream().anyMatch(prefix -> starts(bytes, prefix)) ? Arrays.copyOfRange(bytes, 12, 16) : null;
    }

    private static InetAddress address(byte[] four) {
        try {
            return InetAddress.getByAddress(four);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("four bytes are an address", e);
        }
    }

    private static boolean starts(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    /// As people write it: `link-local`.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
