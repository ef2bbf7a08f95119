package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.utilslite.SdkInternalThreadLocal;

/// A deployed function as Lambda's managed runtime starts it: AWS's own runtime client is on the class path
/// and loads the package's jars itself, from the folder that it runs in.
final class FunctionProcess implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String JAVA_HOME = System.getProperty("java.home");

    private final SamTemplate.Function function;
    private final RuntimeApi api = new RuntimeApi();
    private final Process process;
    private final Path log;

    private FunctionProcess(SamTemplate.Function function, Path log, String initialization, List<String> command)
            throws IOException {
        this.function = function;
        this.log = log;
        ProcessBuilder child = new ProcessBuilder(command)
                .directory(function.code().toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        child.environment().clear();
        child.environment().putAll(environment(initialization));
        this.process = child.start();
        var _ = process.onExit().thenAccept(ended -> api.exited(ended.exitValue()));
    }

    /// A start like any other.
    static FunctionProcess onDemand(SamTemplate.Function function, Path log) throws IOException {
        return new FunctionProcess(function, log, "on-demand", managed(function, log));
    }

    /// A start whose snapshot is taken and brought back.
    static FunctionProcess snapStart(SamTemplate.Function function, Path log) throws IOException {
        return new FunctionProcess(function, log, "snap-start", managed(function, log));
    }

    /// A start as in the container image.
    ///
    /// @param options of the JVM, beyond the image's own
    static FunctionProcess image(SamTemplate.Function function, Path log, String... options) throws IOException {
        List<String> command =
                new ArrayList<>(List.of(function.code().resolve("start").toString(), function.handler()));
        command.addAll(List.of(options));
        return new FunctionProcess(function, log, "on-demand", command);
    }

    /// How the managed runtime starts a JVM.
    private static List<String> managed(SamTemplate.Function function, Path log) throws IOException {
        return List.of(
                Path.of(JAVA_HOME, "bin", "java").toString(),
                "-XX:MaxHeapSize=" + function.memory() * 85 / 100 + "m",
                "-XX:+ErrorFileToStderr",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.io=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-Dorg.crac.Core.Compat=com.amazonaws.services.lambda.crac",
                "-Djava.net.preferIPv4Stack=true",
                "-Dcom.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI="
                        + nativeClient(log.resolveSibling(log.getFileName() + ".so")),
                "-cp",
                runtimeClient(),
                AWSLambda.class.getName(),
                function.handler());
    }

    private Map<String, String> environment(String initialization) {
        Map<String, String> environment = new HashMap<>();
        environment.putAll(Map.of(
                "AWS_LAMBDA_RUNTIME_API",
                api.address(),
                "AWS_LAMBDA_FUNCTION_NAME",
                function.name(),
                "AWS_LAMBDA_FUNCTION_VERSION",
                "1",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
                String.valueOf(function.memory()),
                "AWS_LAMBDA_LOG_GROUP_NAME",
                "group",
                "AWS_LAMBDA_LOG_STREAM_NAME",
                "stream",
                "AWS_LAMBDA_INITIALIZATION_TYPE",
                initialization));
        environment.putAll(Map.of(
                "AWS_LAMBDA_LOG_FORMAT", "Text",
                "AWS_REGION", "eu-west-1",
                "JAVA_HOME", JAVA_HOME,
                "_HANDLER", function.handler(),
                "LAMBDA_TASK_ROOT", function.code().toString(),
                "LANG", "en_US.UTF-8",
                "TZ", ":UTC"));
        environment.putAll(function.environment());
        return environment;
    }

    /// The jars of `/var/runtime/lib`.
    private static String runtimeClient() {
        return Stream.of(AWSLambda.class, LambdaLogger.class, PojoSerializer.class, SdkInternalThreadLocal.class)
                .map(FunctionProcess::jar)
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String jar(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The runtime client's native part, as a file. By itself the client unpacks it to one place for the
    /// whole machine, where two that start at once break each other.
    private static Path nativeClient(Path file) throws IOException {
        String machine = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
        try (InputStream library =
                AWSLambda.class.getResourceAsStream("/jni/libaws-lambda-jni.linux-" + machine + ".so")) {
            Files.copy(library, file);
        }
        return file;
    }

    RuntimeApi api() {
        return api;
    }

    /// Hands an event to the function, which has as long as its template gives it.
    RuntimeApi.Answer invoke(String event) throws InterruptedException, IOException {
        return invoke(event, function.timeout());
    }

    /// Hands an event to the function, and waits for what it answers.
    ///
    /// @param time what the invocation's deadline leaves it
    RuntimeApi.Answer invoke(String event, Duration time) throws InterruptedException, IOException {
        api.send(event, time);
        return answer();
    }

    /// Waits for what the function says next.
    RuntimeApi.Answer answer() throws InterruptedException, IOException {
        RuntimeApi.Answer answer = api.answer(PATIENCE);
        if (answer == null) {
            throw new AssertionError("the function said nothing for half a minute; its log: " + log());
        }
        return answer;
    }

    /// What it has written so far.
    String log() throws IOException {
        return Files.readString(log);
    }

    /// Waits for the process to end by itself.
    int exitCode() throws InterruptedException, IOException {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the function's process did not end; its log: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        api.close();
    }
}
