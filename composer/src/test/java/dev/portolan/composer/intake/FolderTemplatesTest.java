package dev.portolan.composer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.intake.Notification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderTemplatesTest {

    @TempDir
    Path folder;

    @Test
    void readsATemplateInUtf8() throws IOException {
        Files.writeString(folder.resolve("welcome.txt"), "Subject: Grüße {name}\n\nHallo {name}.\n");

        assertThat(new FolderTemplates(folder)
                        .load("welcome")
                        .fill("key", "a@b.org", Map.of("name", "Zoë"))
                        .subject())
                .isEqualTo("Grüße Zoë");
    }

    @Test
    void theTemplateThatShipsFillsItsPlaces() {
        Notification mail = new FolderTemplates(Path.of("../config/templates"))
                .load("welcome")
                .fill("key", "ada@example.com", Map.of("name", "Ada", "email", "ada@example.com"));

        assertThat(mail.subject()).isEqualTo("Welcome Ada");
        assertThat(mail.body())
                .contains("Hello Ada,")
                .contains("ada@example.com")
                .doesNotContain("{");
    }

    @Test
    void suggestsTheNearestTemplate() throws IOException {
        Files.writeString(folder.resolve("welcome.txt"), "");

        Failure failure = refusal("wellcome");

        assertThat(failure.code()).isEqualTo(Failure.Code.NOT_FOUND);
        assertThat(failure)
                .hasMessage("there is no template 'wellcome': no file " + folder.resolve("wellcome.txt")
                        + "; did you mean 'welcome'?");
    }

    @Test
    void saysWhereATemplateWouldBeWhereThereIsNoFolder() {
        folder = folder.resolve("none");

        assertThat(refusal("welcome"))
                .hasMessage("there is no template 'welcome': no file " + folder.resolve("welcome.txt"));
    }

    @Test
    void namesFileAndLineOfAMistake() throws IOException {
        Files.writeString(folder.resolve("welcome.txt"), "Subject: Hi\n\n{name");

        assertThat(refusal("welcome")).hasMessageStartingWith(folder.resolve("welcome.txt") + ":3: '{'");
    }

    @Test
    void refusesAnotherEncoding() throws IOException {
        Files.write(folder.resolve("welcome.txt"), "Subject: Grüße\n\nbody".getBytes(StandardCharsets.ISO_8859_1));

        assertThat(refusal("welcome"))
                .hasMessage(folder.resolve("welcome.txt") + " is not in UTF-8; save it in that encoding");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../welcome", "a/b", "a\\b", "", "a b", "/etc/hosts", "a\u0000"})
    void aNameNeverLeadsOutOfTheFolder(String name) {
        assertThat(refusal(name).code()).isEqualTo(Failure.Code.INVALID);
    }

    @Test
    void refusesWhatIsNoReadableFile() throws IOException {
        Files.createDirectory(folder.resolve("welcome.txt"));

        assertThat(refusal("welcome").code()).isEqualTo(Failure.Code.FAILED_PRECONDITION);
    }

    private Failure refusal(String name) {
        return catchThrowableOfType(Failure.class, () -> new FolderTemplates(folder).load(name));
    }
}
