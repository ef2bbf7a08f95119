package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.state.InMemoryStateStore;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LocalServerStopTest {

    @TempDir
    private Path folder;

    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @Test
    void closingWaitsForTheRequestThatRunsAndTakesNoOther() throws Exception {
        LocalServer server = server(Duration.ofSeconds(10));
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest slow = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.port() + "/functions/slow"))
                    .POST(HttpRequest.BodyPublishers.ofString("\"x\""))
                    .build();
            HttpRequest other = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + server.port() + "/functions/echo"))
                    .POST(HttpRequest.BodyPublishers.ofString("\"y\""))
                    .build();
            CompletableFuture<HttpResponse<String>> answer =
                    client.sendAsync(slow, HttpResponse.BodyHandlers.ofString());
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
            int status = 200;
            while (status == 200) {
                status =
                        client.send(other, HttpResponse.BodyHandlers.ofString()).statusCode();
            }
            assertThat(status).isEqualTo(503);
            assertThat(closing).isNotDone();
            go.countDown();
            closing.get(10, TimeUnit.SECONDS);

            assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo("\"x\"");
            assertThatThrownBy(() -> client.send(slow, HttpResponse.BodyHandlers.ofString()))
                    .isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aDurableExecutionThatRunsIsHandedOnAndItsClientTold() throws Exception {
        LocalServer server = server(Duration.ofMillis(50));
        try (HttpClient client = HttpClient.newHttpClient()) {
            CompletableFuture<HttpResponse<String>> answer = client.sendAsync(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/pipelines/durable"))
                            .header("Idempotency-Key", "k")
                            .POST(HttpRequest.BodyPublishers.ofString("\"x\""))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();

            server.close();

            assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(202);
            assertThat(answer.get().headers().firstValue("Location")).hasValue("/executions/durable%3Ak");
        }
    }

    private LocalServer server(Duration grace) throws IOException {
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("slow", String.class, String.class, input -> {
            begun.countDown();
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return input;
        });
        functions.add("echo", String.class, String.class, input -> input);
        SecureRandom random = new SecureRandom();
        InstantSource clock = InstantSource.system();
        Files.writeString(folder.resolve("durable.yaml"), "{pipeline: durable, durable: true, steps: [slow]}");
        Composer composer = new Composer(functions, DefinitionFolder.read(folder));
        Runner runner = new Runner(clock, random, Thread::sleep);
        Executions executions =
                new Executions(new InMemoryStateStore(clock), composer, runner, Continuation.SWEEP, clock, random);
        return new LocalServer(new HttpEntryPoint(composer, executions, clock, () -> Event.freshKey(random)), 0, grace);
    }
}
