package dev.portolan.failure;

/// One thing that is wrong with an input, and where.
///
/// @param place a JSON Pointer (RFC 6901) into a payload such as `/email`, empty for the whole of it, or `file:line`
///     in a definition
/// @param reason what is wrong there, in a few words and without the value
public record Violation(String place, String reason) {

    @Override
    public String toString() {
        return place.isEmpty() ? reason : place + ": " + reason;
    }
}
