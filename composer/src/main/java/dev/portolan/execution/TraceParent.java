package dev.portolan.execution;

import dev.portolan.invocation.Headers;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The header that says which trace an execution is part of.
///
/// @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
public final class TraceParent {

    private static final String NAME = "traceparent";

    /// Belongs to one value of the other, and means nothing beside another.
    private static final String STATE = "tracestate";

    /// What X-Ray and the load balancers of AWS send, to any host.
    private static final String XRAY = "x-amzn-trace-id";

    private static final String NO_TRACE = "0".repeat(32);
    private static final String NO_PARENT = "0".repeat(16);

    private TraceParent() {}

    /// What headers say: `traceparent`, or where there is none that is well-formed, what X-Ray says, in the
    /// form of the former.
    ///
    /// @return null if they say nothing; never malformed
    public static @Nullable String in(Headers headers) {
        List<String> told = headers.all(NAME);
        if (told.size() == 1 && isWellFormed(told.getFirst())) {
            return told.getFirst();
        }
        String xray = headers.first(XRAY);
        return xray == null ? null : ofXray(xray);
    }

    /// The id of the trace that headers name, 32 hexadecimal digits; null if they name none.
    public static @Nullable String trace(Headers headers) {
        String parent = in(headers);
        return parent == null ? null : parent.substring(3, 35);
    }

    /// The same headers with a `traceparent` that is well-formed: what they say, or a new one.
    static Headers kept(Headers headers, RandomGenerator random) {
        String known = in(headers);
        if (known != null && known.equals(headers.first(NAME))) {
            return headers;
        }
        Map<String, List<String>> kept = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (String name : headers.names()) {
            kept.put(name, headers.all(name));
        }
        kept.remove(STATE);
        kept.put(NAME, List.of(known == null ? fresh(random) : known));
        return Headers.of(kept);
    }

    /// Says that it is recorded: nobody before has decided otherwise, and whoever asks the parent records it
    /// then.
    private static String fresh(RandomGenerator random) {
        byte[] bytes = new byte[24];
        random.nextBytes(bytes);
        String digits = HexFormat.of().formatHex(bytes);
        return "00-" + digits.substring(0, 32) + "-" + digits.substring(32) + "-01";
    }

    /// Later versions may be longer, and begin like this one.
    private static boolean isWellFormed(String parent) {
        return parent.length() >= 55
                && isHex(parent, 0, 2)
                && parent.charAt(2) == '-'
                && isHex(parent, 3, 35)
                && !parent.startsWith(NO_TRACE, 3)
                && parent.charAt(35) == '-'
                && isHex(parent, 36, 52)
                && !parent.startsWith(NO_PARENT, 36)
                && parent.charAt(52) == '-'
                && isHex(parent, 53, 55)
                && !parent.startsWith("ff")
                && (parent.length() == 55 || (!parent.startsWith("00") && parent.charAt(55) == '-'));
    }

    /// `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`, in any order. A load
    /// balancer names no parent: the end of the root stands for it.
    private static @Nullable String ofXray(String header) {
        String root = "";
        String parent = "";
        String sampled = "00";
        for (String part : header.split(";", -1)) {
            String field = part.strip();
            if (field.startsWith("Root=1-") && field.length() == 40 && field.charAt(15) == '-') {
                root = field.substring(7, 15) + field.substring(16);
            } else if (field.startsWith("Parent=")) {
                parent = field.substring(7);
            } else if (field.equals("Sampled=1")) {
                sampled = "01";
            }
        }
        if (root.isEmpty()) {
            return null;
        }
        String made = "00-" + root + "-" + (parent.isEmpty() ? root.substring(16) : parent) + "-" + sampled;
        return isWellFormed(made) ? made : null;
    }

    private static boolean isHex(String text, int from, int to) {
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'f')) {
                return false;
            }
        }
        return true;
    }
}
