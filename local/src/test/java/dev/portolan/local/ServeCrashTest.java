package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Invocation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Ends processes that serve in the middle of an execution, and lets others finish it over the same data.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ServeCrashTest {

    @TempDir
    Path folder;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Process> children = new ArrayList<>();

    /// Functions that write down, in the file that their input names, under which keys they were called.
    public static final class Voyage implements FunctionModule {

        @Override
        public void register(FunctionRegistrar functions) {
            functions.add("depart", Map.class, Map.class, Voyage::noted);
            functions.add("sail", Map.class, Map.class, input -> {
                noted(input);
                try {
                    // Whoever is there first does not arrive.
                    if (Files.notExists(Path.of(input.get("log") + ".wind"))) {
                        Thread.sleep(60_000);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException("the voyage was interrupted", e);
                }
                return input;
            });
            functions.add("arrive", Map.class, Map.class, Voyage::noted);
        }

        private static Map<?, ?> noted(Map<?, ?> input) {
            try {
                Files.writeString(
                        Path.of(String.valueOf(input.get("log"))),
                        Invocation.current().key() + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return input;
        }
    }

    @BeforeEach
    void writeConfiguration() throws IOException {
        Path services = Files.createDirectories(folder.resolve("functions/META-INF/services"));
        Files.writeString(services.resolve(FunctionModule.class.getName()), Voyage.class.getName());
        Path pipelines = Files.createDirectories(folder.resolve("config/pipelines"));
        // A lease is longer than its step's timeout: one that is handed on need not be waited for, one that is lost
        // must.
        Files.writeString(pipelines.resolve("long.yaml"), definition("long", "10m"));
        Files.writeString(pipelines.resolve("short.yaml"), definition("short", "3s"));
    }

    private static String definition(String name, String timeout) {
        return "{pipeline: " + name + ", durable: true, steps: [depart, {sail: {timeout: " + timeout
                + ", retry: {attempts: 9}}}, arrive]}";
    }

    @AfterEach
    void endChildren() throws InterruptedException {
        client.close();
        for (Process child : children) {
            child.destroyForcibly().waitFor();
        }
    }

    @Test
    void whatATerminatedServerHandedOnIsFinishedByTheNext() throws Exception {
        Server first = serve();
        assertThat(first.post("long", "respond-async").statusCode()).isEqualTo(202);
        waitFor("long:k/sail");

        first.process().destroy();

        assertThat(first.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(first.process().exitValue()).as("exit after SIGTERM").isEqualTo(143);
        assertFinishedByAnother("long", "long:k/depart", "long:k/sail", "long:k/sail", "long:k/arrive");
    }

    @Test
    void aClientOfATerminatedServerHearsWhereItsResultWillBe() throws Exception {
        Server first = serve();
        CompletableFuture<HttpResponse<String>> answer = first.postLater("long");
        waitFor("long:k/sail");

        first.process().destroy();

        HttpResponse<String> accepted = answer.get(30, TimeUnit.SECONDS);
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        assertThat(accepted.headers().firstValue("Location")).hasValue("/executions/long%3Ak");
        assertThat(first.process().waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertFinishedByAnother("long", "long:k/depart", "long:k/sail", "long:k/sail", "long:k/arrive");
    }

    @Test
    void whatAKilledServerLeftIsFinishedByTheNextOnceItsLeaseIsOver() throws Exception {
        Server first = serve();
        assertThat(first.post("short", "respond-async").statusCode()).isEqualTo(202);
        waitFor("short:k/sail");

        // The process itself would close its output as well.
        first.process().toHandle().destroyForcibly();

        assertThat(first.process().waitFor()).as("exit after SIGKILL").isEqualTo(137);
        assertFinishedByAnother("short", "short:k/depart", "short:k/sail", "short:k/sail", "short:k/arrive");
    }

    /// Lets another process find the execution by its sweep.
    private void assertFinishedByAnother(String pipeline, String... calls) throws Exception {
        Files.createFile(folder.resolve("log.wind"));
        Server second = serve();
        String state = second.get(pipeline).body();
        while (!state.contains("\"status\":\"DONE\"")) {
            assertThat(state).contains("\"status\":\"RUN\"");
            Thread.sleep(50);
            state = second.get(pipeline).body();
        }

        assertThat(Files.readAllLines(folder.resolve("log"))).containsExactly(calls);
        HttpResponse<String> again = second.post(pipeline, "wait=1");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(input());
    }

    private void waitFor(String call) throws Exception {
        while (!log().contains(call)) {
            Thread.sleep(10);
        }
    }

    private String log() throws IOException {
        Path log = folder.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "";
    }

    private String input() {
        return "{\"log\":\"" + folder.resolve("log") + "\"}";
    }

    /// Starts a process that serves, and waits until it listens.
    private Server serve() throws Exception {
        Path err = folder.resolve("err" + children.size());
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.sqlite.tmpdir=" + folder, // a killed process leaves its library behind
                        "-cp",
                        System.getProperty("java.class.path"),
                        Portolan.class.getName(),
                        "serve",
                        "--port=0",
                        "--sweep-interval=500ms",
                        "--config=" + folder.resolve("config"),
                        "--functions=" + folder.resolve("functions"),
                        "--data=" + folder.resolve("data"))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        children.add(child);
        String said = "";
        while (!said.contains("; Ctrl-C")) {
            assertThat(child.isAlive()).as(said).isTrue();
            Thread.sleep(20);
            said = Files.readString(err);
        }
        int address = said.indexOf("http://");
        return new Server(child, said.substring(address, said.indexOf("; Ctrl-C")));
    }

    /// A process that serves.
    private final class Server {
        private final Process process;
        private final String address;

        Server(Process process, String address) {
            this.process = process;
            this.address = address;
        }

        Process process() {
            return process;
        }

        HttpResponse<String> post(String pipeline, String prefer) throws Exception {
            return client.send(
                    request(pipeline).header("Prefer", prefer).build(), HttpResponse.BodyHandlers.ofString());
        }

        CompletableFuture<HttpResponse<String>> postLater(String pipeline) {
            return client.sendAsync(request(pipeline).build(), HttpResponse.BodyHandlers.ofString());
        }

        private HttpRequest.Builder request(String pipeline) {
            return HttpRequest.newBuilder(URI.create(address + "/pipelines/" + pipeline))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", "k")
                    .POST(HttpRequest.BodyPublishers.ofString(input()));
        }

        HttpResponse<String> get(String pipeline) throws Exception {
            return client.send(
                    HttpRequest.newBuilder(URI.create(address + "/executions/" + pipeline + "%3Ak"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
