package dev.portolan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;

/// AWS's services as moto imitates them: one server for all tests of a JVM, on a free port of the loopback
/// address, which ends with the JVM, even if that is killed.
///
/// Tests run beside each other, so each makes what it needs under a [#name] of its own. `MOTO_SERVER` says
/// which program to start, where it is not the `moto_server` of the `PATH`. Where there is none, a test that
/// needs it is skipped, and says so; where `PORTOLAN_CI` names `moto`, it fails.
public final class Moto {

    /// The region that tests speak of.
    public static final String REGION = "eu-central-1";

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String REMEDY = "moto is missing, and so the drivers of AWS's services are not tested:"
            + " pip install 'moto[server]', or let MOTO_SERVER name the program moto_server";
    private static final int STARTS = 3;

    /// Becomes a program, beside a shell that waits for the end of its own input, which comes when the process
    /// that could write there is gone, and then ends the program.
    private static final String WATCHED = """
            exec 3<&0
            { cat <&3 && kill $$ && sleep 5 && kill -9 $$; } >/dev/null 2>&1 &
            exec "$@" 3<&- </dev/null
            """;

    /// What a shell says of a program that is not there.
    private static final int NO_SUCH_PROGRAM = 127;

    private static final AtomicInteger NAMES = new AtomicInteger();
    private static @Nullable Moto running;
    private static boolean missing;

    private final Process process;
    private final URI address;
    private final HttpClient http = HttpClient.newHttpClient();
    private @Nullable InTurn inTurn;

    private Moto(Process process, URI address) {
        this.process = process;
        this.address = address;
    }

    /// The server, started for the first who asks.
    ///
    /// @throws org.opentest4j.TestAbortedException if there is no moto; an [AssertionError] if `PORTOLAN_CI` says
    ///     that it is there
    public static synchronized Moto server() {
        if (running == null && !missing) {
            running = start();
            missing = running == null;
        }
        if (running == null) {
            if (System.getenv().getOrDefault("PORTOLAN_CI", "").contains("moto")) {
                throw new AssertionError(REMEDY);
            }
            System.err.println(REMEDY);
            Assumptions.abort(REMEDY);
        }
        return running;
    }

    /// A name that no other test of the JVM uses.
    public static String name(String kind) {
        return kind + "-" + NAMES.incrementAndGet();
    }

    /// Where it listens.
    public URI address() {
        return address;
    }

    /// Where the same answers one request at a time. Moto looks and then writes: of two conditional writes at once
    /// both may win, which DynamoDB rules out.
    public synchronized URI inTurn() {
        try {
            if (inTurn == null) {
                inTurn = new InTurn(address);
            }
            return inTurn.address();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a process must find in its environment for AWS's SDK to come here.
    public Map<String, String> environment() {
        return Map.of(
                "AWS_ENDPOINT_URL",
                address.toString(),
                "AWS_REGION",
                REGION,
                "AWS_ACCESS_KEY_ID",
                "moto",
                "AWS_SECRET_ACCESS_KEY",
                "moto");
    }

    /// All that moto keeps, as JSON: services, their models, and what there is of each.
    public String data() {
        try {
            return http.send(
                            HttpRequest.newBuilder(address.resolve("/moto-api/data.json"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        } catch (IOException e) {
            throw new IllegalStateException("moto does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static @Nullable Moto start() {
        String program = System.getenv().getOrDefault("MOTO_SERVER", "moto_server");
        try {
            String said = "";
            for (int i = 0; i < STARTS; i++) {
                int port = freePort();
                Path log = Files.createTempFile("moto", ".log");
                Process process;
                try {
                    process = process(program, port, log);
                } catch (IOException e) {
                    Files.delete(log);
                    return null;
                }
                Moto moto = new Moto(process, URI.create("http://127.0.0.1:" + port));
                Runtime.getRuntime().addShutdownHook(new Thread(() -> moto.end(log)));
                if (moto.answers()) {
                    return moto;
                }
                said = Files.readString(log);
                moto.end(log);
                if (!process.isAlive() && process.exitValue() == NO_SUCH_PROGRAM) {
                    return null;
                }
            }
            throw new IllegalStateException(program + " does not start: " + said);
        } catch (IOException e) {
            throw new IllegalStateException(program + " cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process process(String program, int port, Path log) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        "sh", "-c", WATCHED, "sh", program, "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("MOTO_EC2_LOAD_DEFAULT_AMIS", "false");
        return builder.start();
    }

    private boolean answers() throws InterruptedException {
        long start = System.nanoTime();
        while (process.isAlive() && System.nanoTime() - start < PATIENCE.toNanos()) {
            try {
                HttpRequest status = HttpRequest.newBuilder(address.resolve("/moto-api/config"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
                http.send(status, HttpResponse.BodyHandlers.discarding());
                return true;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// What it has started in its turn ends with it.
    private void end(Path log) {
        List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
        all.add(process.toHandle());
        all.forEach(ProcessHandle::destroy);
        for (ProcessHandle each : all) {
            try {
                each.onExit().get(5, TimeUnit.SECONDS);
            } catch (Exception e) {
                each.destroyForcibly();
            }
        }
        try {
            Files.deleteIfExists(log);
        } catch (IOException e) {
            // It is the system's temporary folder.
        }
    }
}
