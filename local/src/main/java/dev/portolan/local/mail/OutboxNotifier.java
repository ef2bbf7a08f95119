package dev.portolan.local.mail;

import dev.portolan.failure.Failure;
import dev.portolan.intake.Notification;
import dev.portolan.intake.Notifier;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.HexFormat;

/// Puts messages into a folder instead of sending them: one `.eml` file per key, which mail programs open.
///
/// A file is named by a hash of its key and appears whole or not at all; whoever comes second, from another
/// process too, finds it there. What a crash leaves behind ends in `.tmp`.
public final class OutboxNotifier implements Notifier {

    private static final int NAME_LENGTH = 32;

    private final Path folder;
    private final InternetAddress from;
    private final InstantSource clock;

    /// An outbox in a folder, which the first message creates.
    ///
    /// @param from the sender's address, with a display name perhaps: `Portolan <portolan@example.com>`
    /// @throws IllegalArgumentException if `from` is no address
    public OutboxNotifier(Path folder, String from, InstantSource clock) {
        this.folder = folder;
        this.clock = clock;
        try {
            this.from = new InternetAddress(from, true);
        } catch (AddressException e) {
            throw new IllegalArgumentException(
                    "from must be an e-mail address such as 'Portolan <portolan@example.com>', not '" + from + "'", e);
        }
    }

    /// Puts a message into the folder.
    ///
    /// @throws Failure `INVALID` if it is not to one plain address; `KEY_REUSED` if the key's file is another
    ///     message; `FAILED_PRECONDITION` if the folder cannot be written to
    @Override
    public String send(Notification notification) {
        String name = name(notification.key());
        String id = name + "@portolan.invalid";
        Path message = file(notification.key());
        try {
            if (!Files.exists(message)) {
                publish(Letter.bytes(notification, from, name, id, clock.instant()), message);
            }
            if (!Letter.isOf(notification, message)) {
                throw Notification.keyReused();
            }
            return id;
        } catch (ClosedByInterruptException e) {
            throw new Failure(Failure.Code.TIMEOUT, "the message was not written: the step was interrupted", e)
                    .withEffect(Failure.Effect.NONE);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "the outbox " + folder + " cannot be written to; make it a folder with free space that this user"
                            + " may write to, or name another",
                    e);
        }
    }

    /// The file of a key's message, there or not.
    public Path file(String key) {
        return folder.resolve(name(key) + ".eml");
    }

    private static String name(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash).substring(0, NAME_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private void publish(byte[] bytes, Path message) throws IOException {
        Files.createDirectories(folder);
        Path draft = Files.createTempFile(folder, ".", ".tmp");
        try {
            try (FileChannel file = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer rest = ByteBuffer.wrap(bytes);
                while (rest.hasRemaining()) {
                    file.write(rest);
                }
                file.force(true);
            }
            appear(draft, message);
        } finally {
            Files.deleteIfExists(draft);
        }
        forceNames();
    }

    /// Makes the new name outlast a power failure, where the operating system opens folders for that.
    private void forceNames() {
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        } catch (IOException | UnsupportedOperationException e) {
            // Windows and archives do not.
        }
    }

    private static void appear(Path draft, Path message) throws IOException {
        try {
            Files.createLink(message, draft);
        } catch (FileAlreadyExistsException e) {
            // Somebody else's is there: the same message.
        } catch (UnsupportedOperationException | FileSystemException e) {
            // No hard links here. Of several at once the last one stands, under the same name.
            Files.move(draft, message, StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
