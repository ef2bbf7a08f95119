package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// What the steps of the Dockerfile run, without Docker.
@EnabledOnOs(value = OS.LINUX, disabledReason = "the image is one of Linux")
class ImageIT {

    private static final Path IMAGE = Path.of("target/deploy/image").toAbsolutePath();

    @TempDir
    private static Path folder;

    @BeforeAll
    static void train() throws IOException, InterruptedException {
        copy(IMAGE.resolve("task"), folder.resolve("task"));
        ProcessBuilder training = new ProcessBuilder(
                        IMAGE.resolve("training/train").toString(),
                        folder.resolve("task").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("training.log").toFile());
        training.environment().put("JAVA_HOME", System.getProperty("java.home"));
        training.environment().put("PORTOLAN_STORE", "memory");
        training.environment().put("PORTOLAN_PIPELINE", "welcome");
        Process process = training.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(process.exitValue())
                .as(Files.readString(folder.resolve("training.log")))
                .isZero();
    }

    @Test
    void theFunctionStartsFromTheRecording() throws Exception {
        try (FunctionProcess function = started(folder.resolve("task"), "-XX:AOTMode=on", "-Xlog:class+load")) {
            RuntimeApi.Answer answer = function.invoke("{\"email\":\"Ada@example.com\"}");

            assertThat(answer.body()).isEqualTo("{\"email\":\"ada@example.com\"}");
            assertThat(function.log().lines().filter(line -> line.contains("LambdaEntryPoint ")))
                    .singleElement()
                    .asString()
                    .contains("source: shared objects file");
            assertThat(function.log().lines().filter(line -> line.contains("source: file:")))
                    .as("classes that the recording lacks")
                    .hasSizeLessThan(20);
        }
    }

    @Test
    void aRecordingThatDoesNotFitIsDoneWithout() throws Exception {
        Path other = folder.resolve("other");
        copy(folder.resolve("task"), other);
        try (JarOutputStream late = new JarOutputStream(Files.newOutputStream(other.resolve("lib/late.jar")))) {
            late.putNextEntry(new JarEntry("late"));
        }
        try (FunctionProcess function = started(other, "-Xlog:class+load")) {
            RuntimeApi.Answer answer = function.invoke("{\"email\":\"Ada@example.com\"}");

            assertThat(answer.body()).isEqualTo("{\"email\":\"ada@example.com\"}");
            assertThat(function.log().lines().filter(line -> line.contains("LambdaEntryPoint ")))
                    .singleElement()
                    .asString()
                    .contains("source: file:");
        }
    }

    private static FunctionProcess started(Path task, String... options) throws IOException {
        return FunctionProcess.image(SamTemplate.function("Validate").with(task), Path.of(task + ".log"), options);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path copy = to.resolve(from.relativize(file).toString());
                Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
