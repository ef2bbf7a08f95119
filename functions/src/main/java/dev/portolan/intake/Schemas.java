package dev.portolan.intake;

import dev.portolan.failure.Violation;
import java.util.List;
import java.util.Map;

/// Finds the schemas that payloads are checked against.
@FunctionalInterface
public interface Schemas {

    /// The schema of a name.
    ///
    /// @throws dev.portolan.failure.Failure `NOT_FOUND` if there is none of that name, with where they live;
    ///     `INVALID` if it is broken, with its place and the remedy
    Schema load(String name);

    /// A rule over a whole payload. Thread-safe; does no I/O.
    @FunctionalInterface
    interface Schema {

        /// Everything in a payload that breaks the rule, each place and reason once; empty when nothing does.
        ///
        /// Places are JSON Pointers, a missing field's own among them; reasons carry no value.
        List<Violation> check(Map<String, Object> payload);
    }
}
