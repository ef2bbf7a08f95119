package coldstart;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Adds what is known of a payload's address. */
public final class Enrich implements Function<Map<String, Object>, Map<String, Object>> {

    @Override
    public Map<String, Object> apply(Map<String, Object> payload) {
        Map<String, Object> enriched = new LinkedHashMap<>(payload);
        String address = (String) payload.get("email");
        enriched.put("domain", address.substring(address.indexOf('@') + 1));
        enriched.put("plan", "explorer");
        enriched.put("version", 1);
        return enriched;
    }
}
