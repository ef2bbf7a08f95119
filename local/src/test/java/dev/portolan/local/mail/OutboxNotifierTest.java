package dev.portolan.local.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.intake.Notification;
import dev.portolan.intake.Notifier;
import dev.portolan.testing.NotifierContract;
import jakarta.mail.Message;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxNotifierTest extends NotifierContract {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-11-05T09:08:07Z"));

    @TempDir
    Path home;

    private Path outbox() {
        return home.resolve("var/outbox");
    }

    @Override
    protected Notifier open() {
        return new OutboxNotifier(outbox(), "Portolan <portolan@example.com>", CLOCK);
    }

    @Override
    protected List<String> subjects() {
        List<String> subjects = new ArrayList<>();
        for (Path file : files()) {
            try {
                subjects.add(read(file).getSubject());
            } catch (Exception e) {
                throw new AssertionError("no message in " + file, e);
            }
        }
        return subjects;
    }

    @Test
    void everyHeaderIsThere() throws Exception {
        String id = open().send(message("user@example.com", "Welcome", "Hello.\n"));

        MimeMessage mail = mail();
        assertThat(mail.getFrom()).containsExactly(new InternetAddress("Portolan <portolan@example.com>"));
        assertThat(mail.getRecipients(Message.RecipientType.TO))
                .containsExactly(new InternetAddress("user@example.com"));
        assertThat(mail.getHeader("Date")).containsExactly("Thu, 5 Nov 2026 09:08:07 +0000");
        assertThat(mail.getSentDate()).isEqualTo(Instant.parse("2026-11-05T09:08:07Z"));
        assertThat(mail.getMessageID()).isEqualTo("<" + id + ">");
        assertThat(mail.getHeader("X-Portolan-Key")).containsExactly(id.substring(0, 32));
        assertThat(mail.getHeader("MIME-Version")).containsExactly("1.0");
        assertThat(mail.isMimeType("text/plain")).isTrue();
    }

    @Test
    void aFileIsNamedByItsKeysHash() {
        open().send(message("user@example.com", "Welcome", "Hello.\n"));

        assertThat(files()).containsExactly(outbox().resolve("259c938cee68d44e4635b6057e324acf.eml"));
    }

    @Test
    void plainWordsStayReadable() throws Exception {
        open().send(message("user@example.com", "Welcome", "Hello = there.\n"));

        assertThat(text()).contains("\r\nContent-Transfer-Encoding: 7bit\r\n").endsWith("\r\n\r\nHello = there.\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Grüße, Łódź 世界 🌍\n",
                "a\n\nb\n",
                " trailing \n",
                ".\nFrom me\n",
                "=C3=BC\n",
                "\u0000\n",
                "a\u2028b\n",
                ""
            })
    void wordsComeBackAsTheyWere(String body) throws Exception {
        open().send(message("user@example.com", "Welcome", body));

        assertThat(mail().getContent()).isEqualTo(body.replace("\n", "\r\n"));
    }

    @Test
    void aLongLineOfTheBodyIsBrokenForTheWay() throws Exception {
        open().send(message("user@example.com", "Welcome", "x".repeat(5000)));

        assertThat(text().lines()).allMatch(line -> line.length() <= 78);
        assertThat(mail().getContent()).isEqualTo("x".repeat(5000));
    }

    @ParameterizedTest
    @ValueSource(strings = {"many plain words ", "viele schöne Wörter "})
    void aLongSubjectIsFolded(String words) throws Exception {
        String subject = words.repeat(40).strip();

        open().send(message("user@example.com", subject, "Hello.\n"));

        assertThat(text().lines()).allMatch(line -> line.length() <= 78);
        assertThat(mail().getSubject()).isEqualTo(subject);
    }

    @Test
    void headersAreAsciiForAnAsciiAddress() throws Exception {
        open().send(message("user@example.com", "Grüße 🌍", "Grüße\n"));

        assertThat(text().chars()).allMatch(c -> c < 0x80);
    }

    @Test
    void anAddressKeepsItsLetters() throws Exception {
        open().send(message("zoë@bücher.example", "Welcome", "Hello.\n"));

        assertThat(text()).contains("To: zoë@bücher.example\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "a@b.org,c@d.org",
                "a@b.org, c@d.org",
                "all: a@b.org, c@d.org;",
                "A <a@b.org>",
                "<a@b.org>",
                "a@b.org (c)"
            })
    void refusesWhatIsNotOnePlainAddress(String to) {
        Failure failure = catchThrowableOfType(Failure.class, () -> open().send(message(to, "Welcome", "Hello.\n")));

        assertThat(failure.violations()).containsExactly(new Violation("to", "not one plain e-mail address"));
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesASubjectThatNoHeaderHolds() {
        Failure failure = catchThrowableOfType(
                Failure.class, () -> open().send(message("user@example.com", "x".repeat(1000), "Hello.\n")));

        assertThat(failure.violations()).containsExactly(new Violation("subject", "a word is too long for a header"));
    }

    @Test
    void refusesASenderThatIsNoAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new OutboxNotifier(outbox(), "Portolan", CLOCK))
                .withMessageContaining("from must be an e-mail address");
    }

    @Test
    void namesAFolderThatCannotBeWrittenTo() throws IOException {
        Files.writeString(home.resolve("var"), "a file where a folder goes");

        Failure failure = catchThrowableOfType(
                Failure.class, () -> open().send(message("user@example.com", "Welcome", "Hello.\n")));

        assertThat(failure.code()).isEqualTo(Failure.Code.FAILED_PRECONDITION);
        assertThat(failure).hasMessageContaining(outbox().toString());
    }

    @Test
    void aFileSystemWithoutLinksDoesToo() throws IOException {
        try (FileSystem archive = FileSystems.newFileSystem(home.resolve("outbox.zip"), Map.of("create", "true"))) {
            Path outbox = archive.getPath("/outbox");
            Notifier notifier = new OutboxNotifier(outbox, "portolan@example.com", CLOCK);

            String id = notifier.send(message("user@example.com", "Welcome", "first\n"));
            notifier.send(message("user@example.com", "Welcome", "first\n"));

            try (Stream<Path> all = Files.list(outbox)) {
                assertThat(all.map(Path::toString)).containsExactly("/outbox/" + id.substring(0, 32) + ".eml");
            }
        }
    }

    @Test
    void whatACrashLeftBehindIsNoMessageAndInNobodysWay() throws IOException {
        Files.createDirectories(outbox());
        Files.writeString(outbox().resolve(".1.tmp"), "Subject: half");

        open().send(message("user@example.com", "Welcome", "Hello.\n"));

        assertThat(subjects()).containsExactly("Welcome");
    }

    @Test
    void anInterruptLeavesNoMessage() {
        Thread.currentThread().interrupt();

        Failure failure = catchThrowableOfType(
                Failure.class, () -> open().send(message("user@example.com", "Welcome", "Hello.\n")));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(Failure.Code.TIMEOUT);
        assertThat(failure.effect()).isEqualTo(Failure.Effect.NONE);
        assertThat(files()).isEmpty();
    }

    @Test
    void leavesNothingButTheMessage() throws IOException {
        open().send(message("user@example.com", "Welcome", "Hello.\n"));

        try (Stream<Path> all = Files.list(outbox())) {
            assertThat(all).hasSize(1);
        }
    }

    private static Notification message(String to, String subject, String body) {
        return new Notification("run/notify", to, subject, body);
    }

    private List<Path> files() {
        try (Stream<Path> all = Files.list(outbox())) {
            return all.filter(file -> file.toString().endsWith(".eml")).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private String text() throws IOException {
        return Files.readString(files().getFirst(), StandardCharsets.UTF_8);
    }

    private MimeMessage mail() throws Exception {
        return read(files().getFirst());
    }

    private static MimeMessage read(Path file) throws Exception {
        try (InputStream bytes = Files.newInputStream(file)) {
            return new MimeMessage(null, bytes);
        }
    }
}
