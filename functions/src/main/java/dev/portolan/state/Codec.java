package dev.portolan.state;

import org.jspecify.annotations.Nullable;

/// Turns JSON-shaped values (maps with string keys, lists, strings, numbers, booleans, null) into bytes and back.
///
/// What is decoded equals what was encoded; numbers keep every digit. Thread-safe.
public interface Codec {

    /// The bytes of a value.
    ///
    /// @throws dev.portolan.failure.Failure `INVALID` for a value that is not JSON-shaped, with its place
    byte[] encode(@Nullable Object value);

    /// The value of bytes.
    ///
    /// @throws dev.portolan.failure.Failure `INVALID` for bytes that are no JSON text, with line and column
    @Nullable
    Object decode(byte[] bytes);
}
