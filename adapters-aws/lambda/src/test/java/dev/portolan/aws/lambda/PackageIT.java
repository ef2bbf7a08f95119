package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What `mvn package` made for AWS Lambda, one package for each set of drivers that a function needs.
class PackageIT {

    private static final Path DEPLOY = SamTemplate.function("Validate").code().getParent();

    @ParameterizedTest
    @CsvSource({
        "Validate, core",
        "Enrich, state",
        "HealthProbe, state",
        "Notify, welcome",
        "Welcome, welcome",
        "Sweep, welcome"
    })
    void eachFunctionHasTheSmallestPackageThatServesIt(String function, String expected) {
        assertThat(SamTemplate.function(function).code()).isEqualTo(DEPLOY.resolve(expected));
    }

    @ParameterizedTest
    @CsvSource({"core, 4", "state, 12", "welcome, 16"})
    void itIsSmall(String packaged, int megabytes) throws IOException {
        long bytes = 0;
        for (Path file : files(DEPLOY.resolve(packaged))) {
            bytes += Files.size(file);
        }

        assertThat(bytes).isLessThan(megabytes * 1_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "state", "welcome"})
    void itHoldsJarsWithoutTestsOrTheRuntimesOwnOrAClientOfManyThreads(String packaged) throws IOException {
        assertThat(jars(packaged))
                .isNotEmpty()
                .allSatisfy(jar -> assertThat(jar)
                        .endsWith(".jar")
                        .doesNotContain("-tests")
                        .doesNotContainPattern("^(junit|assertj|DynamoDBLocal|aws-lambda-java-(runtime|serialization)"
                                + "|opentelemetry|micrometer|netty|apache|http(core|client)|aws-crt)"));
    }

    @Test
    void withoutStateItHoldsAtMostTenJarsAndNoSdk() throws IOException {
        assertThat(jars("core").toList())
                .hasSizeLessThanOrEqualTo(10)
                .allSatisfy(jar -> assertThat(jar).doesNotContainPattern("^(portolan-aws-drivers|sdk|aws-core|utils)"));
    }

    @ParameterizedTest
    @CsvSource({"state, dynamodb", "welcome, dynamodb sqs sesv2"})
    void ofTheServicesItHoldsThoseThatItsFunctionsCall(String packaged, String services) throws IOException {
        assertThat(jars(packaged)
                        .map(jar -> jar.replaceFirst("-[0-9].*", ""))
                        .filter(
                                Set.of("dynamodb", "sqs", "sesv2", "ses", "secretsmanager", "ssm", "s3", "sts")
                                        ::contains))
                .containsExactlyInAnyOrder(services.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "state", "welcome"})
    void itBringsTheConfigurationThatShips(String packaged) throws IOException {
        Map<String, String> shipped = contents(SamTemplate.PROJECT.resolve("config"));

        assertThat(contents(DEPLOY.resolve(packaged).resolve("config")))
                .isEqualTo(shipped)
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "state", "welcome"})
    void theZipHoldsTheSameFiles(String packaged) throws IOException {
        Map<String, Long> zipped = new TreeMap<>();
        try (ZipFile zip = new ZipFile(DEPLOY.resolve(packaged + ".zip").toFile())) {
            zip.stream()
                    .filter(entry -> !entry.isDirectory())
                    .forEach(entry -> zipped.put(entry.getName(), entry.getSize()));
        }
        Map<String, Long> lying = new TreeMap<>();
        for (Path file : files(DEPLOY.resolve(packaged))) {
            lying.put(DEPLOY.resolve(packaged).relativize(file).toString(), Files.size(file));
        }

        assertThat(zipped).isEqualTo(lying);
    }

    private static Stream<String> jars(String packaged) throws IOException {
        return files(DEPLOY.resolve(packaged).resolve("lib")).stream()
                .map(jar -> jar.getFileName().toString());
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
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
