package dev.portolan.local;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.execution.Executions;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.testing.ContractFunctions;
import dev.portolan.testing.EntryPointContract;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

class LocalServerTest extends EntryPointContract {

    private LocalServer server;
    private LocalContinuation continuation;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        FunctionRegistry functions = new FunctionRegistry();
        new ContractFunctions().register(functions);
        ContractFunctions.writeDefinitions(folder);
        Composer composer = new Composer(functions, DefinitionFolder.read(folder));
        SecureRandom random = new SecureRandom();
        InstantSource clock = InstantSource.system();
        Runner runner = new Runner(clock, random, Thread::sleep);
        continuation = new LocalContinuation(
                Thread::sleep,
                new PrintWriter(Writer.nullWriter()),
                woken -> new Executions(new InMemoryStateStore(clock), composer, runner, woken, clock, random));
        HttpEntryPoint entryPoint =
                new HttpEntryPoint(composer, continuation.executions(), clock, () -> Event.freshKey(random));
        server = new LocalServer(entryPoint, 0, Duration.ofSeconds(10));
    }

    @AfterEach
    void stop() {
        server.close();
        continuation.close();
    }

    /// As bytes: the JDK's clients send no header that is not ASCII.
    @Override
    protected Answer send(String method, String path, Map<String, List<String>> headers, byte[] body) throws Exception {
        StringBuilder head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
        headers.forEach((name, values) -> values.forEach(
                value -> head.append(name).append(": ").append(value).append("\r\n")));
        head.append("Content-Length: ").append(body.length).append("\r\n\r\n");
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write(head.toString().getBytes(UTF_8));
            socket.getOutputStream().write(body);
            return answer(new String(socket.getInputStream().readAllBytes(), ISO_8859_1));
        }
    }

    private static Answer answer(String bytes) {
        int end = bytes.indexOf("\r\n\r\n");
        String[] lines = bytes.substring(0, end).split("\r\n", -1);
        Map<String, List<String>> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            String[] header = lines[i].split(": ", 2);
            headers.put(header[0].toLowerCase(Locale.ROOT), List.of(header[1]));
        }
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        return new Answer(status, headers, bytes.substring(end + 4).getBytes(ISO_8859_1));
    }
}
