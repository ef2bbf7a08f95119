package dev.portolan.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the pages show is cut from what is tested.
class DocumentationTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern CUT = Pattern.compile("<!-- from: (\\S+) -->\n```\\w+\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LINK = Pattern.compile("\\]\\((?!http)([^)#]+)[^)]*\\)");

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "docs/design.md"})
    void codeStandsInItsSourceToTheLetter(String page) throws IOException {
        assertThat(matches(CUT, page))
                .isNotEmpty()
                .allSatisfy(cut ->
                        assertThat(Files.readString(ROOT.resolve(cut.group(1)))).contains(cut.group(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"README.md", "CONTRIBUTING.md", "adapters-aws/README.md", "adapters-gcp/README.md"})
    void linksLeadSomewhere(String page) throws IOException {
        Path folder = ROOT.resolve(page).getParent();
        assertThat(matches(LINK, page))
                .isNotEmpty()
                .allSatisfy(link -> assertThat(folder.resolve(link.group(1))).exists());
    }

    @Test
    void theShownDefinitionIsTheShippedOne() throws IOException {
        assertThat(Files.readString(ROOT.resolve("README.md")))
                .contains("```yaml\n" + Files.readString(ROOT.resolve("config/pipelines/welcome.yaml")) + "```");
    }

    private static Stream<MatchResult> matches(Pattern pattern, String page) throws IOException {
        return pattern.matcher(Files.readString(ROOT.resolve(page))).results();
    }
}
