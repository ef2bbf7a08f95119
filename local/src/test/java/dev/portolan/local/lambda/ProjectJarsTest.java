package dev.portolan.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectJarsTest {

    @TempDir
    private Path project;

    private final List<String> notes = new ArrayList<>();

    @BeforeEach
    void aProject() throws IOException {
        Files.writeString(project.resolve("pom.xml"), "<project/>");
    }

    @Test
    void aProjectIsItsJarAndWhatItNeeds() throws IOException {
        Path jar = Jars.with(project.resolve("target/greet-1.0.jar"), "a", "");
        Path needed = Jars.with(project.resolve("target/lib/loud-2.jar"), "a", "");
        Jars.with(project.resolve("target/greet-1.0-sources.jar"), "a", "");
        Jars.with(project.resolve("target/greet-1.0-tests.jar"), "a", "");

        assertThat(ProjectJars.of(project, notes::add)).containsExactly(jar, needed);
        assertThat(notes).isEmpty();
    }

    @Test
    void aProjectThatIsNotBuiltIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> ProjectJars.of(project, notes::add))
                .hasMessageContaining("is not built; run 'mvn package' in it");
    }

    @Test
    void anOlderVersionsJarIsLeftBehind() throws IOException {
        Jars.with(project.resolve("target/greet-1.0.jar"), "a", "");
        Path jar = Jars.with(project.resolve("target/greet-1.1.jar"), "a", "");
        Files.createDirectories(project.resolve("target/maven-archiver"));
        Files.writeString(
                project.resolve("target/maven-archiver/pom.properties"), "artifactId=greet\nversion=1.1\ngroupId=g\n");

        assertThat(ProjectJars.of(project, notes::add)).containsExactly(jar);
    }

    @Test
    void jarsThatNothingTellsApartAreRefused() throws IOException {
        Jars.with(project.resolve("target/greet-1.0.jar"), "a", "");
        Jars.with(project.resolve("target/greet-1.1.jar"), "a", "");

        assertThatThrownBy(() -> ProjectJars.of(project, notes::add)).hasMessageContaining("several jars are in");
    }

    @Test
    void aJarOlderThanItsSourcesIsSaid() throws IOException {
        Path jar = Jars.with(project.resolve("target/greet-1.0.jar"), "a", "");
        Path source = Files.createDirectories(project.resolve("src/main/java")).resolve("Greet.java");
        Files.writeString(source, "");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));

        assertThat(ProjectJars.of(project, notes::add)).containsExactly(jar);
        assertThat(notes).singleElement().asString().contains("is older than").contains("Greet.java");
    }

    @Test
    void aFolderWithoutJarsAndAPathThatIsNotThereAreNamed() throws IOException {
        Path classes = Files.createDirectories(project.resolve("target/classes"));

        assertThatThrownBy(() -> ProjectJars.of(classes, notes::add)).hasMessageContaining("no jars in");
        assertThatThrownBy(() -> ProjectJars.of(project.resolve("x.jar"), notes::add))
                .hasMessageContaining("no jar and no folder at");
    }
}
