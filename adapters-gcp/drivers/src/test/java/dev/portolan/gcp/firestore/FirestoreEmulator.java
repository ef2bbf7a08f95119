package dev.portolan.gcp.firestore;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/// Google's Firestore emulator, one for all tests of a JVM, on a free port of the loopback address. Its
/// database does not ask for composite indexes, delete what has expired, or limit how fast it is written.
final class FirestoreEmulator implements BeforeAllCallback {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String REMEDY = "Firestore's emulator is missing, and so nothing of the Firestore driver is"
            + " tested: install the Google Cloud CLI, a JRE and the emulator"
            + " (gcloud components install cloud-firestore-emulator)";

    private static final AtomicInteger COLLECTIONS = new AtomicInteger();

    private static volatile String host = "not started";

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.GLOBAL)
                .computeIfAbsent(Running.class, type -> start(), Running.class);
    }

    /// A collection that no other test uses.
    static FirestoreCollection collection() {
        return FirestoreCollection.of("demo-portolan", "c" + COLLECTIONS.incrementAndGet())
                .withEmulator(host)
                .withTimeout(Duration.ofSeconds(20));
    }

    private static Running start() {
        try {
            int port = freePort();
            Path log = Files.createTempFile("firestore-emulator", ".log");
            Process gcloud = gcloud(port, log);
            Running running = new Running(gcloud, log);
            if (!answers(gcloud, port)) {
                String said = Files.readString(log);
                running.close();
                if (said.contains("install")) {
                    throw missing();
                }
                throw new IllegalStateException("Firestore's emulator did not start: " + said);
            }
            host = "127.0.0.1:" + port;
            return running;
        } catch (IOException e) {
            throw new IllegalStateException("Firestore's emulator cannot be started", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process gcloud(int port, Path log) {
        try {
            ProcessBuilder gcloud = new ProcessBuilder(
                            "gcloud", "emulators", "firestore", "start", "--host-port=127.0.0.1:" + port)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            // It must not take silence for leave to install anything.
            gcloud.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "0");
            return gcloud.start();
        } catch (IOException e) {
            throw missing();
        }
    }

    /// @throws AssertionError if `PORTOLAN_CI` says that it is there
    private static TestAbortedException missing() {
        if (System.getenv().getOrDefault("PORTOLAN_CI", "").contains("firestore")) {
            throw new AssertionError(REMEDY);
        }
        System.err.println(REMEDY);
        return new TestAbortedException(REMEDY);
    }

    private static boolean answers(Process gcloud, int port) throws InterruptedException {
        long start = System.nanoTime();
        while (gcloud.isAlive() && System.nanoTime() - start < PATIENCE.toNanos()) {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
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

    /// What runs: gcloud, and what it has started in its turn, which outlives it.
    private static final class Running implements AutoCloseable {

        private final Process gcloud;
        private final Path log;
        private final Thread atExit = new Thread(this::end);

        Running(Process gcloud, Path log) {
            this.gcloud = gcloud;
            this.log = log;
            Runtime.getRuntime().addShutdownHook(atExit);
        }

        @Override
        public void close() throws IOException {
            Runtime.getRuntime().removeShutdownHook(atExit);
            end();
            Files.delete(log);
        }

        private void end() {
            List<ProcessHandle> all = new ArrayList<>(gcloud.descendants().toList());
            all.add(gcloud.toHandle());
            all.forEach(ProcessHandle::destroy);
            for (ProcessHandle each : all) {
                try {
                    each.onExit().get(5, TimeUnit.SECONDS);
                } catch (Exception e) {
                    each.destroyForcibly();
                }
            }
        }
    }
}
