package dev.portolan.health;

import java.util.List;

/// Finds the endpoints that are probed.
@FunctionalInterface
public interface Endpoints {

    /// Every endpoint, in the order in which people wrote them; names are unique.
    ///
    /// @throws dev.portolan.failure.Failure `FAILED_PRECONDITION` if they cannot be read, with each mistake's place
    ///     and the remedy
    List<Endpoint> all();
}
