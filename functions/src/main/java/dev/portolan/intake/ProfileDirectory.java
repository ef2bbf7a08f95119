package dev.portolan.intake;

import java.util.Map;
import java.util.Optional;

/// What is known of people, by e-mail address. Addresses that differ only in case are one. Thread-safe.
public interface ProfileDirectory {

    /// The profile of an address.
    Optional<Map<String, Object>> find(String email);

    /// Keeps a profile in place of what was known of the address.
    ///
    /// @throws dev.portolan.failure.Failure `CONFLICT` with a `retryAfter` if others kept changing it at the
    ///     same time
    void put(String email, Map<String, Object> profile);
}
