package dev.portolan.local.mail;

import dev.portolan.failure.Failure;
import dev.portolan.intake.Notification;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.stream.Stream;

/// A message as it stands in an `.eml` file (RFC 5322).
final class Letter {

    /// RFC 5322, section 2.1.1.
    private static final int LONGEST_LINE = 998;

    /// What the message is of, told without reading it.
    private static final String FINGERPRINT = "X-Portolan-Message";

    private Letter() {}

    /// Whether a message that was written before is a notification's.
    static boolean isOf(Notification notification, Path message) throws IOException {
        String header = FINGERPRINT + ": " + notification.fingerprint();
        try (Stream<String> lines = Files.lines(message, StandardCharsets.ISO_8859_1)) {
            return lines.takeWhile(line -> !line.isEmpty()).anyMatch(header::equals);
        }
    }

    /// The bytes of a message.
    ///
    /// @param name the message's own, unique and the same at every attempt
    /// @throws Failure `INVALID` if it is not to one plain address, or a word in its subject is too long for a
    ///     header
    static byte[] bytes(Notification notification, InternetAddress from, String name, String id, Instant date) {
        try {
            MimeMessage message = new Identified(id);
            message.setHeader("Date", date(date));
            message.setFrom(from);
            message.setRecipient(Message.RecipientType.TO, recipient(notification.to()));
            message.setSubject(notification.subject(), "UTF-8");
            message.setHeader("X-Portolan-Key", name);
            message.setHeader(FINGERPRINT, notification.fingerprint());
            refuseLongLines(message.getHeader("Subject", null));
            // A source of bytes needs none of the content handlers that a text would look up and load.
            byte[] body = notification.body().replaceAll("\r\n|\r|\n", "\r\n").getBytes(StandardCharsets.UTF_8);
            message.setDataHandler(new DataHandler(new ByteArrayDataSource(body, "text/plain; charset=UTF-8")));
            message.saveChanges();
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            message.writeTo(bytes);
            return bytes.toByteArray();
        } catch (MessagingException | IOException e) {
            throw new IllegalStateException("a message of checked parts cannot be written", e);
        }
    }

    /// A message that keeps the id that it is given.
    private static final class Identified extends MimeMessage {
        private final String id;

        Identified(String id) {
            super((Session) null);
            this.id = id;
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", "<" + id + ">");
        }
    }

    private static String date(Instant date) {
        return DateTimeFormatter.RFC_1123_DATE_TIME
                .format(date.atOffset(ZoneOffset.UTC))
                .replace("GMT", "+0000");
    }

    private static InternetAddress recipient(String to) {
        try {
            InternetAddress address = new InternetAddress(to, true);
            if (!address.isGroup() && to.equals(address.getAddress())) {
                return address;
            }
        } catch (AddressException e) {
            // The same as an address with more to it than an address.
        }
        throw Failure.invalid("to", "not one plain e-mail address");
    }

    private static void refuseLongLines(String subject) {
        if (("Subject: " + subject).lines().anyMatch(line -> line.length() > LONGEST_LINE)) {
            throw Failure.invalid("subject", "a word is too long for a header");
        }
    }
}
