package dev.portolan.intake;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import java.util.Map;

/// The places in a payload that this package reads, and what it says of them.
final class Fields {

    static final String EMAIL = "email";
    static final String MISSING = "missing";
    static final String NO_STRING = "must be a string";

    private Fields() {}

    /// The address in a payload.
    ///
    /// @throws Failure `INVALID` if there is none, or something else in its place
    static String email(Map<String, Object> payload) {
        Object email = payload.get(EMAIL);
        if (email instanceof String address) {
            return address;
        }
        throw Failure.invalid(pointer(EMAIL), email == null ? MISSING : NO_STRING);
    }

    /// The JSON Pointer of a field at the top of a payload.
    static String pointer(String name) {
        return Pointer.child("", name);
    }
}
