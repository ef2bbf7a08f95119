package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;

/// What `mvn package` made for AWS Lambda.
class PackageIT {

    private static final Path PACKAGE = SamTemplate.function("Validate").code();

    @Test
    void itHoldsAtMostTenJarsAndFourMegabytesWithoutTestsOrAnSdk() throws IOException {
        List<Path> jars = files("lib");

        assertThat(jars)
                .hasSizeBetween(1, 10)
                .allSatisfy(
                        jar -> assertThat(jar.getFileName().toString())
                                .endsWith(".jar")
                                .doesNotContain("-tests")
                                .doesNotContainPattern(
                                        "^(junit|assertj|sdk|aws-core|utils-lite|aws-lambda-java-runtime|opentelemetry|micrometer)"));
        long bytes = 0;
        for (Path file : files("")) {
            bytes += Files.size(file);
        }
        assertThat(bytes).isLessThan(4_000_000);
    }

    @Test
    void itBringsTheConfigurationThatShips() throws IOException {
        Map<String, String> shipped = contents(SamTemplate.PROJECT.resolve("config"));

        assertThat(contents(PACKAGE.resolve("config"))).isEqualTo(shipped).isNotEmpty();
    }

    @Test
    void theZipHoldsTheSameFiles() throws IOException {
        Map<String, Long> zipped = new TreeMap<>();
        try (ZipFile zip = new ZipFile(PACKAGE.resolveSibling("intake.zip").toFile())) {
            zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .forEach(entry -> zipped.put(entry.getName(), entry.getSize()));
        }
        Map<String, Long> packaged = new TreeMap<>();
        for (Path file : files("")) {
            packaged.put(PACKAGE.relativize(file).toString(), Files.size(file));
        }

        assertThat(zipped).isEqualTo(packaged);
    }

    private static List<Path> files(String folder) throws IOException {
        try (Stream<Path> all = Files.walk(PACKAGE.resolve(folder))) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private static Map<String, String> contents(Path folder) throws IOException {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
                contents.put(folder.relativize(file).toString(), Files.readString(file));
            }
        }
        return contents;
    }
}
