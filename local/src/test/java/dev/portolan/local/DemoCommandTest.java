package dev.portolan.local;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The demo, with its real processes.
@Timeout(120)
class DemoCommandTest {

    @TempDir
    private Path folder;

    @Test
    void twoProcessesAreKilledAThirdOneFinishesAndOneMailIsSent() throws IOException {
        Path data = folder.resolve("data");

        CommandLineRun run = CommandLineRun.of("demo", "crash", "--data", data.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.out()
                        .lines()
                        .map(line -> line.replaceAll("\\d+ s$", "N s").replaceAll("\\s+", " ")))
                .filteredOn(line -> !line.isBlank())
                .extracting(line -> line.replaceAll("process \\d+", "process"))
                .startsWith(
                        "welcome:demo runs validate → enrich → notify, durable: true",
                        "process write 1 stores the execution, and has it",
                        " write 2 ✓ validate",
                        " kill -9 before 'enrich' is called (exit code 137)",
                        " store RUN, 1 of 3 steps behind it",
                        "second worker refused CONFLICT: the first may be alive; come back in N s",
                        "process write 3 takes it over; its clock is 2 min ahead, so that the lease is over",
                        " write 4 ✓ enrich",
                        " kill -9 within 'notify': its mail is sent, and the step is not stored yet (exit code 137)",
                        " store RUN, 2 of 3 steps behind it; mails in the outbox: 1",
                        "process write 5 takes it over; its clock is 4 min ahead, so that the lease is over",
                        " write 6 ✓ notify",
                        "the key again no write the stored result",
                        "DONE welcome:demo");
        assertThat(mails(data)).singleElement().asString().contains("To: ada@example.com", "Subject: Welcome Ada");
        assertThat(CommandLineRun.of(
                                "execution",
                                "show",
                                "welcome:demo",
                                "--data",
                                data.toString(),
                                "--config",
                                data.resolve("config").toString())
                        .out())
                .startsWith("DONE  welcome:demo");
    }

    @Test
    void aProcessOfItsOwnLeavesNothingBehind() throws Exception {
        Process demo = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder,
                        "-Dportolan.command=./portolan",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Portolan.class.getName(),
                        "demo",
                        "crash"))
                .redirectErrorStream(true)
                .start();
        String said = demo.inputReader(UTF_8).readAllAsString();

        assertThat(demo.waitFor()).as(said).isZero();
        assertThat(said).contains("DONE  welcome:demo");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aFolderThatIsThereIsLeftAlone() {
        CommandLineRun run = CommandLineRun.of("demo", "crash", "--data", folder.toString());

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("is there already");
        assertThat(folder).isEmptyDirectory();
    }

    private static List<String> mails(Path data) throws IOException {
        List<String> mails = new ArrayList<>();
        try (Stream<Path> files = Files.list(data.resolve("outbox"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".eml")).toList()) {
                mails.add(Files.readString(file));
            }
        }
        return mails;
    }
}
