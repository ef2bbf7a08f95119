package dev.portolan.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageFolderTest {

    @TempDir
    private Path folder;

    private Path config;
    private Path jar;

    @BeforeEach
    void aProject() throws IOException {
        config = folder.resolve("config");
        Files.createDirectories(config.resolve("pipelines"));
        Files.createDirectories(config.resolve("notes"));
        Files.writeString(config.resolve("pipelines/greet.yaml"), "pipeline: greet");
        Files.writeString(config.resolve("notes/secret.json"), "{}");
        jar = Jars.with(folder.resolve("greet-1.jar"), "a", "b");
    }

    @Test
    void theZipHoldsWhatLiesBesideIt() throws IOException {
        Path made = write("made");

        assertThat(files(made))
                .containsExactly("config/pipelines/greet.yaml", "function.zip", "lib/greet-1.jar", "template.yaml");
        try (ZipFile zip = new ZipFile(made.resolve("function.zip").toFile())) {
            assertThat(zip.stream().map(Object::toString))
                    .containsExactly("config/pipelines/greet.yaml", "lib/greet-1.jar");
            assertThat(zip.getInputStream(zip.getEntry("lib/greet-1.jar")).readAllBytes())
                    .isEqualTo(Files.readAllBytes(jar));
        }
    }

    @Test
    void endpointsGoAlong() throws IOException {
        Files.writeString(config.resolve("endpoints.yaml"), "- {name: shop, url: 'tcp://shop.example:1'}");

        assertThat(files(write("made"))).contains("config/endpoints.yaml");
    }

    @Test
    void theZipsBytesDoNotDependOnWhenItWasMade() throws IOException {
        byte[] first = Files.readAllBytes(write("one").resolve("function.zip"));
        Files.setLastModifiedTime(jar, FileTime.fromMillis(1_000_000));

        assertThat(Files.readAllBytes(write("two").resolve("function.zip"))).isEqualTo(first);
    }

    @Test
    void aPackageReplacesTheOneBeforeAndKeepsSamsSettings() throws IOException {
        Path made = write("made");
        Files.writeString(made.resolve("samconfig.toml"), "version = 0.1");
        Files.delete(config.resolve("pipelines/greet.yaml"));
        Files.writeString(config.resolve("pipelines/other.yaml"), "pipeline: other");

        write("made");

        assertThat(files(made))
                .containsExactly(
                        "config/pipelines/other.yaml",
                        "function.zip",
                        "lib/greet-1.jar",
                        "samconfig.toml",
                        "template.yaml");
    }

    @Test
    void whatSomebodyElsePutThereIsNamedAndKept() throws IOException {
        Path made = write("made");
        Path foreign = Files.writeString(made.resolve("notes.txt"), "mine");

        assertThatThrownBy(() -> PackageFolder.at(made))
                .hasMessageContaining("notes.txt was not made by 'portolan package'")
                .hasMessageContaining("--to");
        assertThat(foreign).exists();
    }

    @Test
    void aFolderWithAConfigOfItsOwnIsNobodysPackage() {
        assertThatThrownBy(() -> PackageFolder.at(folder)).hasMessageContaining("config was not made by");
    }

    @Test
    void aTemplateOfTheUsersIsNotOverwritten() throws IOException {
        Path own = Files.createDirectories(folder.resolve("own"));
        Files.writeString(own.resolve("template.yaml"), "Transform: AWS::Serverless-2016-10-31");

        assertThatThrownBy(() -> PackageFolder.at(own)).hasMessageContaining("template.yaml was not made by");
    }

    private Path write(String name) {
        Path made = folder.resolve("target").resolve(name);
        PackageFolder.at(made).write(new TreeMap<>(Map.of("greet-1.jar", jar)), config, Template.MARK);
        return made;
    }

    private static Stream<String> files(Path made) throws IOException {
        try (Stream<Path> files = Files.walk(made)) {
            return files
                    .filter(Files::isRegularFile)
                    .map(file -> made.relativize(file).toString())
                    .sorted()
                    .toList()
                    .stream();
        }
    }
}
