package dev.portolan.intake;

/// Finds the templates that mails are made from.
@FunctionalInterface
public interface Templates {

    /// The template of a name.
    ///
    /// @throws dev.portolan.failure.Failure `NOT_FOUND` if there is none of that name, with where they live and
    ///     the nearest name that exists; `INVALID` if it is broken, with file, line and remedy
    Template load(String name);
}
