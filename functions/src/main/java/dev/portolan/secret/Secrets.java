package dev.portolan.secret;

/// Passwords, tokens and keys by their names. They are read when they are first needed, never while a
/// deployment starts: what is in memory then may become part of a snapshot. Thread-safe.
@FunctionalInterface
public interface Secrets {

    /// The present value of a secret, or one that was read a few minutes ago.
    ///
    /// @throws dev.portolan.failure.Failure `NOT_FOUND` if there is none of that name; `DENIED` if it may not
    ///     be read. No value is in any message
    String find(String name);
}
