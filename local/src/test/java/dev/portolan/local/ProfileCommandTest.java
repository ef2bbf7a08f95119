package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileCommandTest {

    @TempDir
    private Path folder;

    @Test
    void linesOfJsonAreStoredAndFoundInAnyCase() throws IOException {
        CommandLineRun run =
                importing("{\"email\": \"Ada@example.com\", \"name\": \"Ada\"}\n\n{\"email\": \"b@example.com\"}\n");

        assertThat(run.out()).isEqualTo("profiles stored: 2\n");
        assertThat(new Json().decode(profile("get", "ADA@example.com").out()))
                .isEqualTo(Map.of("email", "Ada@example.com", "name", "Ada"));
    }

    @Test
    void anArrayIsStoredToo() throws IOException {
        assertThat(importing("[{\"email\": \"a@example.com\"}]").out()).isEqualTo("profiles stored: 1\n");
    }

    @Test
    void oneObjectOverSeveralLinesIsStoredToo() throws IOException {
        assertThat(importing("{\n  \"email\": \"a@example.com\"\n}\n").out()).isEqualTo("profiles stored: 1\n");
    }

    @Test
    void whatIsNoAddressIsRefused() throws IOException {
        assertThat(importing("{\"email\": \"nobody\"}").err()).contains("its 'email' is no e-mail address");
    }

    @Test
    void importingAgainReplaces() throws IOException {
        importing("{\"email\": \"a@example.com\", \"name\": \"old\"}");
        importing("{\"email\": \"a@example.com\", \"name\": \"new\"}");

        assertThat(profile("get", "a@example.com").out()).contains("new").doesNotContain("old");
    }

    @Test
    void aMistakeAnywhereStoresNothingAndNamesTheLine() throws IOException {
        CommandLineRun run = importing("{\"email\": \"a@example.com\"}\n{\"name\": \"B\"}\n{broken\n[1]\n");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .contains("profiles.json:2: needs an 'email'")
                .contains("profiles.json:3: not JSON")
                .contains("profiles.json:4: must be an object");
        assertThat(profile("get", "a@example.com").code()).isEqualTo(1);
    }

    @Test
    void anUnknownProfileIsAProblem() {
        CommandLineRun run = profile("get", "nobody@example.com");

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.out()).contains("NOT_FOUND");
    }

    @Test
    void aFileThatIsNotThereIsUsage() {
        assertThat(profile("import", folder.resolve("none.json").toString()).code())
                .isEqualTo(2);
    }

    private CommandLineRun importing(String text) throws IOException {
        return profile(
                "import",
                Files.writeString(folder.resolve("profiles.json"), text).toString());
    }

    private CommandLineRun profile(String verb, String argument) {
        return CommandLineRun.of(
                "profile",
                verb,
                argument,
                "--config",
                Path.of("..", "config").toString(),
                "--data",
                folder.resolve("data").toString());
    }
}
