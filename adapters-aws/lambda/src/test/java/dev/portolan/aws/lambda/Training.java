package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Records the classes of a function in its container image: runs it on some events, ends it, and leaves the
/// recording.
///
/// It is a Runtime API by itself, of sockets alone: the image's JVM need not have more.
public final class Training {

    /// Enough for what is loaded late, too little for the recording to take long.
    private static final int ROUNDS = 50;

    private final Path task;
    private final List<byte[]> events = new ArrayList<>();
    private int sent;

    private Training(Path task) {
        this.task = task;
    }

    /// Arguments: the folder of `start`, then files of events.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Training training = new Training(Path.of(arguments[0]));
        for (String file : List.of(arguments).subList(1, arguments.length)) {
            training.events.add(Files.readAllBytes(Path.of(file)));
        }
        training.record();
    }

    private void record() throws IOException, InterruptedException {
        unpackNativeClient();
        Path recording = task.resolve("portolan.aot");
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ProcessBuilder start = new ProcessBuilder(
                            task.resolve("start").toString(),
                            "dev.portolan.aws.lambda.LambdaEntryPoint",
                            "-XX:AOTCacheOutput=" + recording)
                    .inheritIO();
            start.environment()
                    .putAll(Map.of(
                            "AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + server.getLocalPort(),
                            "AWS_LAMBDA_FUNCTION_NAME", "training",
                            "AWS_LAMBDA_FUNCTION_VERSION", "1",
                            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "1024",
                            "AWS_LAMBDA_LOG_GROUP_NAME", "group",
                            "AWS_LAMBDA_LOG_STREAM_NAME", "stream",
                            "AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand",
                            "LAMBDA_TASK_ROOT", task.toString()));
            Process function = start.start();
            try {
                var _ = function.onExit().thenRun(() -> closed(server));
                serve(server);
                // Ended in order, the JVM writes what it has recorded.
                function.destroy();
                if (!function.waitFor(2, TimeUnit.MINUTES) || !Files.exists(recording)) {
                    throw new IllegalStateException("the function ended, and left no recording");
                }
            } finally {
                function.destroyForcibly();
            }
        }
        System.out.println("recorded " + recording + " from " + sent + " invocations");
    }

    /// The runtime client would unpack it at every start.
    private void unpackNativeClient() throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        Path folder = Files.createDirectories(task.resolve("native"));
        try (InputStream library =
                AWSLambda.class.getResourceAsStream("/jni/libaws-lambda-jni.linux-" + machine + ".so")) {
            Files.copy(library, folder.resolve("libaws-lambda-jni.so"));
        }
    }

    private static void closed(ServerSocket server) {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Answers the runtime client's calls, until it asks for more events than there are.
    private void serve(ServerSocket server) throws IOException {
        while (true) {
            try (Socket socket = server.accept()) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (String call = line(in); !call.isEmpty(); call = line(in)) {
                    byte[] body = body(in);
                    if (call.contains("/error ")) {
                        throw new IllegalStateException(
                                "the function failed: " + new String(body, StandardCharsets.UTF_8));
                    }
                    if (!call.contains("/invocation/next ")) {
                        answer(socket.getOutputStream(), "202 Accepted", "", new byte[0]);
                    } else if (sent == ROUNDS * events.size()) {
                        return;
                    } else {
                        answer(socket.getOutputStream(), "200 OK", invocation(), events.get(sent++ % events.size()));
                    }
                }
            }
        }
    }

    private String invocation() {
        return """
                Lambda-Runtime-Aws-Request-Id: request-%d\r
                Lambda-Runtime-Deadline-Ms: %d\r
                Lambda-Runtime-Invoked-Function-Arn: arn\r
                Lambda-Runtime-Trace-Id: Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0\r
                """.formatted(sent, Instant.now().plusSeconds(60).toEpochMilli());
    }

    private static void answer(OutputStream out, String status, String headers, byte[] body) throws IOException {
        String head = "HTTP/1.1 " + status + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length
                + "\r\n" + headers + "\r\n";
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    /// The body behind a call's headers, which are skipped.
    private static byte[] body(InputStream in) throws IOException {
        int length = 0;
        for (String header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).trim());
            }
        }
        return in.readNBytes(length);
    }

    /// A line without its end; empty at the end of the stream too.
    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
