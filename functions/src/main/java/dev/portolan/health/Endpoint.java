package dev.portolan.health;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is probed, and what counts as healthy. Immutable.
///
/// @param name kebab-case, unique, at most 64 characters; what is stored is found by it
/// @param url `https://…` or `http://…`, which is asked with GET, or `tcp://host:port`, which is connected to
/// @param expect the statuses that are healthy; they mean nothing for `tcp`
/// @param connectTimeout how long one address may take to accept a connection; at most `timeout`
/// @param timeout how long one attempt may take as a whole, the lookup of the name included; at most half of
///     `interval`, since a probe has two attempts
/// @param interval how far apart its probes begin; a second to an hour
/// @param allow reserved addresses that it may have all the same
/// @param authorization names the secret that is sent as the header `Authorization`, over `https` only; or null
public record Endpoint(
        String name,
        URI url,
        Statuses expect,
        Duration connectTimeout,
        Duration timeout,
        Duration interval,
        Set<Reserved> allow,
        @Nullable String authorization) {

    private static final int LONGEST_NAME = 64;
    private static final Set<String> SCHEMES = Set.of("https", "http", "tcp");
    private static final Duration SHORTEST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    /// HTTP statuses from one to another, both included.
    public record Statuses(int from, int to) {

        /// 200 to 399.
        public static final Statuses USUAL = new Statuses(200, 399);

        public Statuses {
            if (from < 200 || to > 599 || from > to) {
                throw new IllegalArgumentException("must be a status from 200 to 599, or a range such as 200-399");
            }
        }

        boolean contains(int status) {
            return status >= from && status <= to;
        }

        @Override
        public String toString() {
            return from == to ? String.valueOf(from) : from + "-" + to;
        }
    }

    /// An endpoint.
    ///
    /// @throws Failure `INVALID` with every mistake, at pointers such as `/connect-timeout`
    public Endpoint {
        List<Violation> mistakes = new ArrayList<>();
        if (!isName(name)) {
            mistakes.add(new Violation(
                    "/name", "must be kebab-case of at most " + LONGEST_NAME + " characters, such as 'shop-checkout'"));
        }
        String flaw = flaw(url);
        if (flaw != null) {
            mistakes.add(new Violation("/url", flaw));
        }
        if (!timeout.isPositive() || timeout.multipliedBy(2).compareTo(interval) > 0) {
            mistakes.add(new Violation(
                    "/timeout",
                    "must be more than nothing and at most half of the interval: a probe has two attempts"));
        }
        if (!connectTimeout.isPositive() || connectTimeout.compareTo(timeout) > 0) {
            mistakes.add(new Violation("/connect-timeout", "must be more than nothing and at most the timeout"));
        }
        if (interval.compareTo(SHORTEST_INTERVAL) < 0 || interval.compareTo(LONGEST_INTERVAL) > 0) {
            mistakes.add(new Violation("/interval", "must be 1s to 1h"));
        }
        if (authorization != null && !"https".equals(url.getScheme())) {
            mistakes.add(new Violation("/authorization", "is sent over https only; the url is not"));
        }
        if (!mistakes.isEmpty()) {
            throw Failure.invalid(mistakes);
        }
        allow = Set.copyOf(allow);
    }

    /// An endpoint with the usual settings: 200-399, 1 s to connect, 3 s in all, every 10 s.
    ///
    /// @throws Failure `INVALID` as the constructor
    public static Endpoint usual(String name, URI url) {
        return new Endpoint(
                name,
                url,
                Statuses.USUAL,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Set.of(),
                null);
    }

    boolean tcp() {
        return "tcp".equals(url.getScheme());
    }

    boolean tls() {
        return "https".equals(url.getScheme());
    }

    /// The port of the URL, or its scheme's own.
    int port() {
        return url.getPort() >= 0 ? url.getPort() : tls() ? 443 : 80;
    }

    private static boolean isName(String name) {
        boolean dash = true;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = c >= 'a' && c <= 'z';
            boolean digit = c >= '0' && c <= '9';
            if (!letter && !(i > 0 && digit) && !(c == '-' && !dash)) {
                return false;
            }
            dash = c == '-';
        }
        return !dash && name.length() <= LONGEST_NAME;
    }

    private static @Nullable String flaw(URI url) {
        String scheme = url.getScheme();
        if (scheme == null || !SCHEMES.contains(scheme)) {
            return "must begin with https://, http:// or tcp://";
        }
        if (!url.toString().equals(url.toASCIIString())) {
            return "must be ASCII; encode other characters as in %C3%A9, a host's as in xn--caf-dma.example";
        }
        if (url.getUserInfo() != null) {
            return "must not carry a user; name a secret with authorization";
        }
        if (url.getHost() == null) {
            return "needs a host of letters, digits, '-' and '.', or an address";
        }
        if (url.getPort() == 0 || url.getPort() > 65_535) {
            return "the port must be 1 to 65535";
        }
        if (url.getFragment() != null) {
            return "must not have a fragment, which no server sees";
        }
        if (scheme.equals("tcp") && (url.getPort() < 0 || !url.getRawPath().isEmpty() || url.getRawQuery() != null)) {
            return "must be tcp://host:port and no more";
        }
        return null;
    }
}
