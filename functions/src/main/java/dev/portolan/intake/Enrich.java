package dev.portolan.intake;

import dev.portolan.failure.Failure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Lays the profile that is stored for a payload's `email` over the payload: where both have a field, the
/// profile wins.
///
/// A payload without an `email` that is a string is refused as `INVALID`.
public final class Enrich implements Function<Map<String, Object>, Map<String, Object>> {

    /// What happens to a payload whose address has no profile.
    public enum UnknownProfile {
        /// It is refused as `NOT_FOUND`.
        FAIL,
        /// It goes on as it came.
        PASS
    }

    /// How profiles are laid over payloads.
    ///
    /// @param unknownProfile what happens where there is none
    public record Config(UnknownProfile unknownProfile) {

        /// An unknown profile fails.
        public static final Config USUAL = new Config(UnknownProfile.FAIL);
    }

    private final ProfileDirectory profiles;
    private final UnknownProfile unknownProfile;

    public Enrich(ProfileDirectory profiles, Config config) {
        this.profiles = profiles;
        this.unknownProfile = config.unknownProfile();
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> payload) {
        Optional<Map<String, Object>> profile = profiles.find(Fields.email(payload));
        if (profile.isEmpty() && unknownProfile == UnknownProfile.FAIL) {
            throw new Failure(
                    Failure.Code.NOT_FOUND,
                    "no profile is stored for the address at /email; store one, or set unknown-profile: pass");
        }
        Map<String, Object> enriched = new LinkedHashMap<>(payload);
        enriched.putAll(profile.orElse(Map.of()));
        return enriched;
    }
}
