package dev.portolan.aws.lambda;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/// A copy of a function's package that a user has added to.
///
/// @param function the function, with the copy as its code
record UserPackage(SamTemplate.Function function) {

    /// Copies a function's package into a folder.
    static UserPackage of(SamTemplate.Function function, Path folder) {
        try {
            copy(function.code(), folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new UserPackage(function.with(folder));
    }

    /// Adds a jar of some classes, and of the services among them.
    UserPackage withJar(String name, List<Class<?>> types, Map<Class<?>, Class<?>> services) {
        try (OutputStream file =
                        Files.newOutputStream(function.code().resolve("lib").resolve(name));
                JarOutputStream jar = new JarOutputStream(file)) {
            for (Class<?> type : types) {
                String entry = type.getName().replace('.', '/') + ".class";
                try (InputStream code = type.getResourceAsStream("/" + entry)) {
                    add(jar, entry, code.readAllBytes());
                }
            }
            for (Map.Entry<Class<?>, Class<?>> service : services.entrySet()) {
                add(
                        jar,
                        "META-INF/services/" + service.getKey().getName(),
                        service.getValue().getName().getBytes(StandardCharsets.UTF_8));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Adds the library that a class comes from.
    UserPackage withLibraryOf(Class<?> type) {
        try {
            Path source = Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
            Path lib = function.code().resolve("lib");
            if (Files.isRegularFile(source)) {
                Files.copy(source, lib.resolve(source.getFileName()));
                return this;
            }
            try (OutputStream file = Files.newOutputStream(lib.resolve(type.getSimpleName() + ".jar"));
                    JarOutputStream jar = new JarOutputStream(file);
                    Stream<Path> classes = Files.walk(source)) {
                for (Path each : (Iterable<Path>) classes.filter(Files::isRegularFile)::iterator) {
                    String entry = source.relativize(each).toString().replace(File.separatorChar, '/');
                    add(jar, entry, Files.readAllBytes(each));
                }
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }

    private static void add(JarOutputStream jar, String entry, byte[] content) throws IOException {
        jar.putNextEntry(new JarEntry(entry));
        jar.write(content);
        jar.closeEntry();
    }
}
