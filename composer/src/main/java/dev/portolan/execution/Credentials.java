package dev.portolan.execution;

import dev.portolan.invocation.Headers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Headers and parameters that prove who calls, told by their names. They are nobody's to keep.
final class Credentials {

    private static final List<String> MARKS = List.of(
            "authorization",
            "cookie",
            "token",
            "api-key",
            "apikey",
            "api_key",
            "jwt",
            "oidc",
            "secret",
            "password",
            "credential",
            "signature");

    private Credentials() {}

    /// The other headers.
    static Headers removed(Headers headers) {
        Map<String, List<String>> others = new LinkedHashMap<>();
        for (String name : headers.names()) {
            if (!proves(name.toLowerCase(Locale.ROOT))) {
                others.put(name, headers.all(name));
            }
        }
        return Headers.of(others);
    }

    private static boolean proves(String name) {
        for (String mark : MARKS) {
            if (name.contains(mark)) {
                return true;
            }
        }
        return false;
    }
}
