package dev.portolan.intake;

import dev.portolan.failure.Failure;
import dev.portolan.state.Codec;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Profiles in a state store, each under `profile:` and its address in lower case.
public final class StoredProfiles implements ProfileDirectory {

    private static final int ATTEMPTS = 20;

    private final StateStore store;
    private final Codec codec;

    /// A directory over a store that stays the caller's to close.
    public StoredProfiles(StateStore store, Codec codec) {
        this.store = store;
        this.codec = codec;
    }

    @Override
    public Optional<Map<String, Object>> find(String email) {
        Optional<Entry> entry = store.find(key(email));
        return entry.isPresent() ? Optional.of(profile(entry.get())) : Optional.empty();
    }

    @SuppressWarnings("unchecked") // a codec's maps have string keys
    private Map<String, Object> profile(Entry entry) {
        if (codec.decode(entry.value()) instanceof Map<?, ?> profile) {
            return (Map<String, Object>) profile;
        }
        throw new Failure(
                Failure.Code.FAILED_PRECONDITION,
                "an entry under profile: is no JSON object; store the profile again, or delete the entry");
    }

    @Override
    public void put(String email, Map<String, Object> profile) {
        String key = key(email);
        byte[] value = codec.encode(profile);
        for (int attempt = 1; ; attempt++) {
            try {
                Optional<Entry> held = store.find(key);
                if (held.isPresent()) {
                    store.replace(held.get(), value, Indexes.NONE, null);
                } else {
                    store.create(key, value, Indexes.NONE, null);
                }
                return;
            } catch (Failure e) {
                if (e.code() != Failure.Code.CONFLICT) {
                    throw e;
                }
                if (attempt == ATTEMPTS) {
                    // The store's own words may name the key, and so the address.
                    throw new Failure(Failure.Code.CONFLICT, "others keep changing the same profile; try again", e)
                            .withRetryAfter(Duration.ofSeconds(1));
                }
            }
        }
    }

    private static String key(String email) {
        return "profile:" + email.toLowerCase(Locale.ROOT);
    }
}
