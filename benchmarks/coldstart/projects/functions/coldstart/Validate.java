package coldstart;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** Refuses a payload without an address, and answers the others with theirs in lower case. */
public final class Validate implements Function<Map<String, Object>, Map<String, Object>> {

    @Override
    public Map<String, Object> apply(Map<String, Object> payload) {
        if (!(payload.get("email") instanceof String address) || address.isBlank()) {
            throw new IllegalArgumentException("'email' is missing");
        }
        Map<String, Object> valid = new LinkedHashMap<>(payload);
        valid.put("email", address.toLowerCase(Locale.ROOT));
        return valid;
    }
}
