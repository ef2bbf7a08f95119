package dev.portolan.local;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.testing.ContractFunctions;
import dev.portolan.testing.EntryPointContract;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

class LocalServerTest extends EntryPointContract {

    private final HttpClient client = HttpClient.newHttpClient();
    private LocalServer server;

    @BeforeEach
    void start() throws IOException {
        FunctionRegistry functions = new FunctionRegistry();
        new ContractFunctions().register(functions);
        SecureRandom random = new SecureRandom();
        InstantSource clock = InstantSource.system();
        Composer composer = new Composer(functions);
        Runner runner = new Runner(clock, random, Thread::sleep);
        Executions executions =
                new Executions(new InMemoryStateStore(clock), composer, runner, Continuation.SWEEP, clock, random);
        server = new LocalServer(new HttpEntryPoint(composer, executions, () -> Event.freshKey(random)), 0);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Override
    protected Answer send(String method, String path, Map<String, List<String>> headers, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
                .method(method, HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach((name, values) -> values.forEach(value -> request.header(name, value)));
        HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(response.statusCode(), response.headers().map(), response.body());
    }
}
