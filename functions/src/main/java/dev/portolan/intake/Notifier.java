package dev.portolan.intake;

/// Sends messages, one per key: however often a key comes, from however many threads and processes, and after a
/// crash in between, there is one message, made from what came first. Thread-safe.
///
/// A driver whose other side does not know keys cannot promise this across a crash, and says so.
@FunctionalInterface
public interface Notifier {

    /// Sends a message, or finds that it is sent.
    ///
    /// @return the message's id, the same at every call with the key
    /// @throws dev.portolan.failure.Failure `INVALID` for an address that cannot be written to; nothing is sent
    String send(Notification notification);
}
