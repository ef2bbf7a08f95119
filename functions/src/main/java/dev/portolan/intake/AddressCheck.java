package dev.portolan.intake;

/// Tells an e-mail address that mail can be sent to from one that only looks like it. Thread-safe; does no I/O.
@FunctionalInterface
public interface AddressCheck {

    /// Whether this is one address alone: no display name, no list, no spaces around it.
    boolean accepts(String address);
}
