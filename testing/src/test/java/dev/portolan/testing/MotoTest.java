package dev.portolan.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MotoTest {

    /// A test JVM with a moto of its own, which says where that is.
    static final class Asker {

        private Asker() {}

        public static void main(String[] args) throws InterruptedException {
            System.out.println(Moto.server().address());
            Thread.currentThread().join();
        }
    }

    @Test
    void itEndsWithAProcessThatIsKilled() throws Exception {
        // Skips where there is none.
        URI mine = Moto.server().address();
        Process asker = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Asker.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<ProcessHandle> started = List.of();
        try (BufferedReader said = asker.inputReader(UTF_8)) {
            URI its = URI.create(said.readLine());
            started = asker.descendants().toList();
            assertThat(listens(its)).isTrue();

            asker.destroyForcibly().waitFor();

            while (listens(its)) {
                Thread.sleep(50);
            }
            assertThat(listens(mine)).as("another process's").isTrue();
        } finally {
            asker.destroyForcibly();
            started.forEach(ProcessHandle::destroyForcibly);
        }
    }

    /// A server that ends resets what still waits for it to accept; later ones it refuses.
    private static boolean listens(URI address) throws IOException {
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            return socket.isConnected();
        } catch (SocketException e) {
            return false;
        }
    }
}
