package dev.portolan.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibraryTest {

    @TempDir
    private Path folder;

    private final List<String> notes = new ArrayList<>();

    @Test
    void bothSidesComeTogether() throws IOException {
        Path user = jar("user", "shop", "pricing", "1.0");
        Path ours = jar("ours", "dev.portolan", "portolan-functions", "0.1");

        assertThat(Library.of(List.of(user), List.of(ours), notes::add))
                .containsOnlyKeys("portolan-functions-0.1.jar", "pricing-1.0.jar")
                .containsValues(user, ours);
        assertThat(notes).isEmpty();
    }

    @Test
    void anArtifactInTwoVersionsIsTheUsersAndSaysSo() throws IOException {
        Path user = jar("user", "org.yaml", "yaml", "3.1");
        Path ours = jar("ours", "org.yaml", "yaml", "3.0");

        assertThat(Library.of(List.of(user), List.of(ours), notes::add)).containsOnlyKeys("yaml-3.1.jar");
        assertThat(notes).singleElement().asString().contains("yaml-3.1.jar", "and not yaml-3.0.jar");
    }

    @Test
    void aJarThatBothSidesHaveComesOnceAndSaysNothing() throws IOException {
        Path user = jar("user", "org.yaml", "yaml", "3.0");
        Path ours = jar("ours", "org.yaml", "yaml", "3.0");

        assertThat(Library.of(List.of(user), List.of(ours), notes::add))
                .hasSize(1)
                .containsValue(user);
        assertThat(notes).isEmpty();
    }

    @Test
    void oneNameInTwoGroupsIsTwoArtifacts() throws IOException {
        Path user = jar("user", "com.fasterxml.jackson.core", "jackson-core", "2.18");
        Path ours = jar("ours", "tools.jackson.core", "jackson-core", "3.0");

        assertThat(Library.of(List.of(user), List.of(ours), notes::add)).hasSize(2);
        assertThat(notes).isEmpty();
    }

    @Test
    void aJarThatSaysNothingOfItselfIsKnownByItsName() throws IOException {
        Path user = Jars.with(folder.resolve("user/spring-core-7.0.2.jar"), "a", "");
        Path ours = Jars.with(folder.resolve("ours/spring-core-7.0.3.jar"), "a", "");

        assertThat(Library.of(List.of(user), List.of(ours), notes::add)).containsOnlyKeys("spring-core-7.0.2.jar");
        assertThat(notes).hasSize(1);
    }

    @Test
    void aClassifierOfTheUsersIsKeptBesideItsArtifact() throws IOException {
        Path plain = jar("user", "io", "crt", "1.0");
        Path linux = Jars.maven(folder.resolve("user/crt-1.0-linux.jar"), "io", "crt", "1.0");

        assertThat(Library.of(List.of(plain, linux), List.of(), notes::add)).hasSize(2);
    }

    @Test
    void twoArtifactsInFilesOfOneNameAreRefused() throws IOException {
        Path one = Jars.maven(folder.resolve("one/core-1.jar"), "a", "core", "1");
        Path other = Jars.maven(folder.resolve("other/core-1.jar"), "b", "core", "1");

        assertThatThrownBy(() -> Library.of(List.of(one), List.of(other), notes::add))
                .hasMessageContaining(one.toString())
                .hasMessageContaining(other.toString());
    }

    @Test
    void whatIsNoJarIsNamed() throws IOException {
        Path text = Files.writeString(folder.resolve("notes-1.jar"), "no jar");

        assertThatThrownBy(() -> Library.of(List.of(text), List.of(), notes::add))
                .hasMessageContaining("cannot be read as a jar");
    }

    private Path jar(String side, String group, String artifact, String version) throws IOException {
        return Jars.maven(folder.resolve(side).resolve(artifact + "-" + version + ".jar"), group, artifact, version);
    }
}
