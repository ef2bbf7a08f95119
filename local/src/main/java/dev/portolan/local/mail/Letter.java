package dev.portolan.local.mail;

import dev.portolan.failure.Failure;
import dev.portolan.intake.Notification;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// A message as it stands in an `.eml` file (RFC 5322).
///
/// It is put together from the parts of Jakarta Mail that encode. A whole `MimeMessage` says the same, but
/// loads locales, logging and data handlers first: in a fresh process that takes twice as long.
final class Letter {

    /// RFC 5322, section 2.1.1.
    private static final int LONGEST_LINE = 998;

    private Letter() {}

    /// The bytes of a message.
    ///
    /// @param name the message's own, unique and the same at every attempt
    /// @throws Failure `INVALID` if it is not to one plain address, or a word in its subject is too long for a
    ///     header
    static byte[] bytes(Notification notification, InternetAddress from, String name, String id, Instant date) {
        String subject = subject(notification.subject());
        String body = notification.body().replaceAll("\r\n|\r|\n", "\r\n");
        boolean plain = body.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\t' || c == '\r' || c == '\n')
                && body.lines().allMatch(line -> line.length() <= LONGEST_LINE);
        String encoding = plain ? "7bit" : "quoted-printable";
        String headers = String.join(
                "\r\n",
                "Date: "
                        + DateTimeFormatter.RFC_1123_DATE_TIME
                                .format(date.atOffset(ZoneOffset.UTC))
                                .replace("GMT", "+0000"),
                "From: " + from,
                "To: " + recipient(notification.to()),
                "Message-ID: <" + id + ">",
                "Subject: " + subject,
                "X-Portolan-Key: " + name,
                "MIME-Version: 1.0",
                "Content-Type: text/plain; charset=UTF-8",
                "Content-Transfer-Encoding: " + encoding,
                "",
                "");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream encoded = MimeUtility.encode(bytes, encoding)) {
            bytes.write(headers.getBytes(StandardCharsets.UTF_8));
            encoded.write(body.getBytes(StandardCharsets.UTF_8));
        } catch (IOException | MessagingException e) {
            throw new IllegalStateException("memory was written to", e);
        }
        return bytes.toByteArray();
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

    private static String subject(String subject) {
        try {
            String folded = MimeUtility.fold("Subject: ".length(), MimeUtility.encodeText(subject, "UTF-8", null));
            if (folded.lines().allMatch(line -> line.length() + "Subject: ".length() <= LONGEST_LINE)) {
                return folded;
            }
        } catch (IOException e) {
            throw new IllegalStateException("UTF-8 is always there", e);
        }
        throw Failure.invalid("subject", "a word is too long for a header");
    }
}
