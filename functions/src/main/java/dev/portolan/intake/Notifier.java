package dev.portolan.intake;

/// Sends messages, one per key: however often a key comes, from however many threads and processes, and after a
/// crash in between, there is one message. A key that comes again with another message is refused, so that no
/// message is lost in silence. Thread-safe.
///
/// A driver whose other side does not know keys cannot promise this across a crash, and says so.
@FunctionalInterface
public interface Notifier {

    /// Sends a message, or finds that it is sent.
    ///
    /// @return the message's id, the same at every call with the key
    /// @throws dev.portolan.failure.Failure `INVALID` for an address that cannot be written to; `KEY_REUSED` if
    ///     the key has sent another message. Nothing is sent
    String send(Notification notification);
}
