package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Whose class loader brings what: on Lambda the runtime's jars are the parent of the function's own.
class AwsEventsLoadingTest {

    private static final String DECODER = "aws-lambda-java-serialization";
    private static final String EVENTS = "aws-lambda-java-events";

    @Test
    void theRuntimesDecoderMakesTheFunctionsOwnClasses() throws Exception {
        try (URLClassLoader runtime = loader(
                        ClassLoader.getPlatformClassLoader(), jar(LambdaEventSerializers.class), jar(Context.class));
                URLClassLoader function = loader(runtime, classPath())) {
            assertThat(run(function, Whole.class, "messageAndSchedule"))
                    .isEqualTo(List.of("{\"sku\":\"rope\",\"quantity\":3}", "2026-01-01T00:00:00.000Z"));
            assertThat(function.loadClass(LambdaEventSerializers.class.getName())
                            .getClassLoader())
                    .isSameAs(runtime);
            assertThat(function.loadClass(SQSMessage.class.getName()).getClassLoader())
                    .isSameAs(function);
        }
    }

    @Test
    void aFunctionOfItsOwnRecordNeedsNothingOfIt() throws Exception {
        try (URLClassLoader function = loader(ClassLoader.getPlatformClassLoader(), classPath(DECODER, EVENTS))) {
            assertThat(run(function, Own.class, "order")).isEqualTo(List.of(Map.of("batchItemFailures", List.of())));
        }
    }

    @Test
    void withoutADecoderTheFunctionIsRefusedWithTheRemedy() throws Exception {
        try (URLClassLoader function = loader(ClassLoader.getPlatformClassLoader(), classPath(DECODER))) {
            assertThatThrownBy(() -> run(function, Whole.class, "messageAndSchedule"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("add com.amazonaws:aws-lambda-java-serialization");
        }
    }

    /// Code that the function's loader loads once more.
    static final class Whole {

        private Whole() {}

        static List<Object> messageAndSchedule() {
            Host host = new Host();
            List<Object> seen = new ArrayList<>();
            host.functions().add("message", SQSMessage.class, Map.class, message -> {
                seen.add(message.getBody());
                return Map.of();
            });
            host.functions().add("schedule", ScheduledEvent.class, Map.class, event -> {
                seen.add(event.getTime().toInstant().toString());
                return Map.of();
            });
            Map<?, ?> batch = Host.event("sqs");
            Host.invoke(
                    host.entryPoint("message", null),
                    Map.of("Records", ((List<?>) batch.get("Records")).subList(0, 1)));
            Host.invoke(host.entryPoint("schedule", null), Host.event("scheduler"));
            return seen;
        }
    }

    /// The same without a class of AWS's in it.
    static final class Own {

        private Own() {}

        static List<Object> order() {
            return List.of(Host.invoke(new Host().entryPoint("order", null), Host.event("sqs")));
        }
    }

    private static Object run(ClassLoader loader, Class<?> type, String method) throws Exception {
        Method there = loader.loadClass(type.getName()).getDeclaredMethod(method);
        there.setAccessible(true);
        try {
            return there.invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static URLClassLoader loader(ClassLoader parent, Path... files) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path file : files) {
            urls.add(file.toUri().toURL());
        }
        return new URLClassLoader(urls.toArray(URL[]::new), parent);
    }

    private static Path[] classPath(String... without) {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .filter(entry -> List.of(without).stream().noneMatch(entry::contains))
                .map(Path::of)
                .toArray(Path[]::new);
    }

    private static Path jar(Class<?> type) throws Exception {
        return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    }
}
