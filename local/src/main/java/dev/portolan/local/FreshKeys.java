package dev.portolan.local;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.function.Supplier;

/// Keys that nobody has used: 128 random bits each.
record FreshKeys(SecureRandom random) implements Supplier<String> {

    @Override
    public String get() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
