package dev.portolan.local;

import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.spring.ConfigurationFunctions;
import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A user's functions, loaded from outside the class path. Closing it releases the jars and stops the beans.
final class UserFunctions implements AutoCloseable {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final URLClassLoader loader;
    private @Nullable AutoCloseable context;

    private UserFunctions(URLClassLoader loader) {
        this.loader = loader;
    }

    /// Loads and registers what the options name. Until they are closed, this thread finds services and resources
    /// of theirs.
    ///
    /// @throws Failure `NOT_FOUND` for a path that is not there; `INVALID` if what is there holds no functions, or
    ///     functions that cannot be used
    static UserFunctions load(FunctionRegistry functions, List<Path> paths, List<String> configurations) {
        URL[] urls = paths.stream()
                .flatMap(path -> classPath(path).stream())
                .map(UserFunctions::url)
                .toArray(URL[]::new);
        UserFunctions loaded =
                new UserFunctions(new URLClassLoader("user-functions", urls, UserFunctions.class.getClassLoader()));
        try {
            loaded.register(functions, configurations, paths);
            return loaded;
        } catch (RuntimeException | Error e) {
            loaded.close();
            throw e;
        }
    }

    private void register(FunctionRegistry functions, List<String> configurations, List<Path> paths) {
        Thread.currentThread().setContextClassLoader(loader);
        List<String> modules = functions.addModules(loader);
        if (modules.isEmpty() && configurations.isEmpty() && !paths.isEmpty()) {
            throw new Failure(
                    Failure.Code.INVALID,
                    "no functions in " + paths + ": name a FunctionModule in"
                            + " META-INF/services/dev.portolan.function.FunctionModule,"
                            + " or a Spring @Configuration class with --configuration");
        }
        if (!configurations.isEmpty()) {
            context = ConfigurationFunctions.register(functions, loader, configurations);
        }
    }

    private static List<Path> classPath(Path path) {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        if (!Files.isDirectory(path)) {
            throw new Failure(Failure.Code.NOT_FOUND, "no jar and no folder at " + path);
        }
        if (Files.exists(path.resolve("pom.xml"))) {
            Path classes = path.resolve("target").resolve("classes");
            if (!Files.isDirectory(classes)) {
                throw new Failure(
                        Failure.Code.FAILED_PRECONDITION,
                        "the project in " + path + " is not built; run 'mvn package' in it");
            }
            return Stream.concat(Stream.of(classes), jars(path.resolve("target").resolve("lib")).stream())
                    .toList();
        }
        List<Path> jars = jars(path);
        return jars.isEmpty() ? List.of(path) : jars;
    }

    private static List<Path> jars(Path path) {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(path)) {
            return inside.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Failure(Failure.Code.NOT_FOUND, "the folder " + path + " cannot be read", e);
        }
    }

    private static URL url(Path path) {
        try {
            return path.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(path.toString(), e);
        }
    }

    @Override
    public void close() {
        Thread.currentThread().setContextClassLoader(before);
        try (loader) {
            if (context != null) {
                context.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException("a context does not close", e);
        }
    }
}
