package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.crac.Context;
import com.amazonaws.services.lambda.crac.Core;
import com.amazonaws.services.lambda.crac.Resource;
import dev.portolan.function.FunctionModule;
import dev.portolan.function.FunctionRegistrar;
import dev.portolan.invocation.Invocation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// A user's module, with functions that do what functions should not. It is deployed as users deploy theirs: as
/// a jar in the package's `lib/`.
public final class UserFunctions implements FunctionModule {

    /// Says which hook of a snapshot fails: `checkpoint` or `restore`.
    static final String FAILING_HOOK = "FAILING_HOOK";

    /// The context holds its resources weakly.
    private static final Resource HOOKS = new Hooks();

    @Override
    public void register(FunctionRegistrar functions) {
        functions.add("explode", Map.class, Map.class, input -> {
            throw new IllegalStateException("no " + input);
        });
        functions.add("sleep", Map.class, Map.class, input -> {
            try {
                Thread.sleep(Duration.ofMinutes(1));
            } catch (InterruptedException e) {
                throw new IllegalStateException("interrupted", e);
            }
            return input;
        });
        functions.add(
                "trace",
                Map.class,
                List.class,
                input -> Invocation.current().headers().all("X-Amzn-Trace-Id"));
        functions.add("swell", Map.class, Map.class, input -> Map.of("text", "x".repeat(7_000_000)));
        if (System.getenv(FAILING_HOOK) != null) {
            Core.getGlobalContext().register(HOOKS);
        }
    }

    /// Hooks around a snapshot, one of which fails.
    static final class Hooks implements Resource {

        @Override
        public void beforeCheckpoint(Context<? extends Resource> context) {
            failIf("checkpoint");
        }

        @Override
        public void afterRestore(Context<? extends Resource> context) {
            failIf("restore");
        }

        private static void failIf(String hook) {
            if (hook.equals(System.getenv(FAILING_HOOK))) {
                throw new IllegalStateException("the hook of the " + hook + " failed");
            }
        }
    }

    /// A copy of a function's package with this module's jar in it.
    static SamTemplate.Function addedTo(SamTemplate.Function function, Path folder) {
        try {
            try (Stream<Path> files = Files.walk(function.code())) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    Files.copy(
                            file,
                            folder.resolve(function.code().relativize(file).toString()));
                }
            }
            try (OutputStream file = Files.newOutputStream(folder.resolve("lib/user.jar"));
                    JarOutputStream jar = new JarOutputStream(file)) {
                for (Class<?> type : List.of(UserFunctions.class, Hooks.class)) {
                    String entry = type.getName().replace('.', '/') + ".class";
                    try (InputStream code = type.getResourceAsStream("/" + entry)) {
                        add(jar, entry, code.readAllBytes());
                    }
                }
                add(
                        jar,
                        "META-INF/services/" + FunctionModule.class.getName(),
                        UserFunctions.class.getName().getBytes(StandardCharsets.UTF_8));
            }
            return function.with(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void add(JarOutputStream jar, String entry, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(entry));
        jar.write(content);
        jar.closeEntry();
    }
}
