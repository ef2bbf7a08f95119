package dev.portolan.http;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A request as it came, its body neither decompressed nor decoded.
///
/// @param method in upper case
/// @param path without query, still percent-encoded
/// @param query the parameters, decoded, in the form of headers: a name may come several times
/// @param event the host's own event that the request came in, for a function that takes it whole; null where
///     there is none
@SuppressWarnings("ArrayRecordComponent") // nothing compares requests
public record HttpRequest(
        String method,
        String path,
        Headers query,
        Headers headers,
        byte[] body,
        @Nullable Object event) {

    /// In the order by which headers tell their names apart.
    private static final Set<String> HOST = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);

    static {
        HOST.addAll(List.of("path", "query", "sqs", "sns", "event"));
    }

    /// Whether a name is the host's to give, as `query.x` is: a sender's header of that name could pass for it,
    /// and is dropped.
    public static boolean reserved(String name) {
        int dot = name.indexOf('.');
        return dot > 0 && HOST.contains(name.substring(0, dot));
    }

    /// A request of a host that knows no more about it than this.
    public HttpRequest(String method, String path, Headers query, Headers headers, byte[] body) {
        this(method, path, query, headers, body, null);
    }

    /// Whether the client prefers something, whatever it says about how.
    ///
    /// @see <a href="https://www.rfc-editor.org/rfc/rfc7240#section-2">RFC 7240, section 2</a>
    boolean prefers(String preference) {
        for (String line : headers.all("Prefer")) {
            if (prefers(line, preference)) {
                return true;
            }
        }
        return false;
    }

    private static boolean prefers(String line, String preference) {
        int begin = 0;
        boolean quoted = false;
        for (int i = 0; i <= line.length(); i++) {
            char c = i == line.length() ? ',' : line.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (!quoted && c == ',') {
                String name = line.substring(begin, i).split("[;=]", 2)[0];
                if (name.strip().equalsIgnoreCase(preference)) {
                    return true;
                }
                begin = i + 1;
            }
        }
        return false;
    }

    /// The parameters of a query string.
    ///
    /// @param raw as it came, percent-encoded; null or empty for none
    /// @throws Failure `INVALID` if it is not well encoded
    public static Headers query(@Nullable String raw) {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (String pair : raw == null || raw.isEmpty() ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            query.computeIfAbsent(decoded(parts[0]), name -> new ArrayList<>())
                    .add(parts.length == 2 ? decoded(parts[1]) : "");
        }
        return Headers.of(query);
    }

    /// A name or a value of a query, decoded.
    ///
    /// @throws Failure `INVALID` if it is not well encoded
    public static String decoded(String encoded) {
        try {
            return URLDecoder.decode(encoded, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new Failure(Failure.Code.INVALID, "the path or the query is not well percent-encoded");
        }
    }
}
