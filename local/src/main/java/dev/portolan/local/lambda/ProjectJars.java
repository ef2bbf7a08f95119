package dev.portolan.local.lambda;

import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The jars of a user's functions: of a Maven project that is built, a folder of jars, or a jar.
public final class ProjectJars {

    private ProjectJars() {}

    /// The jars that a path names.
    ///
    /// @param notes hears what may not be meant, such as a jar that is older than its sources
    /// @throws Failure `NOT_FOUND` if nothing is there, `FAILED_PRECONDITION` with the remedy for a project that is
    ///     not built, `INVALID` for a folder without jars
    public static List<Path> of(Path path, Consumer<String> notes) {
        if (Files.isRegularFile(path)) {
            return List.of(path);
        }
        if (!Files.isDirectory(path)) {
            throw new Failure(Failure.Code.NOT_FOUND, "no jar and no folder at " + path);
        }
        if (Files.exists(path.resolve("pom.xml"))) {
            Path jar = built(path);
            warnIfStale(path, jar, notes);
            return Stream.concat(Stream.of(jar), in(path.resolve("target").resolve("lib")).stream())
                    .toList();
        }
        List<Path> jars = in(path);
        if (jars.isEmpty()) {
            throw new Failure(
                    Failure.Code.INVALID, "no jars in " + path + ": name a jar, a folder of jars, or a Maven project");
        }
        return jars;
    }

    /// The jars in a folder, by name; none where it is not there.
    public static List<Path> in(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> inside = Files.list(folder)) {
            return inside.filter(file -> file.toString().endsWith(".jar"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new Failure(Failure.Code.NOT_FOUND, "the folder " + folder + " cannot be read", e);
        }
    }

    private static Path built(Path project) {
        Path target = project.resolve("target");
        List<Path> jars = in(target).stream()
                .filter(jar -> !jar.toString().matches(".*-(sources|javadoc|tests|test-sources)\\.jar"))
                .filter(jar -> !jar.getFileName().toString().startsWith("original-"))
                .toList();
        if (jars.size() == 1) {
            return jars.getFirst();
        }
        if (jars.isEmpty()) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "the project in " + project + " is not built; run 'mvn package' in it");
        }
        // An older version's jar may lie beside: Maven writes down which one it made last.
        Properties last = new Properties();
        try (InputStream in =
                Files.newInputStream(target.resolve("maven-archiver").resolve("pom.properties"))) {
            last.load(in);
        } catch (IOException e) {
            last.clear();
        }
        Path made = target.resolve(last.getProperty("artifactId") + "-" + last.getProperty("version") + ".jar");
        if (!jars.contains(made)) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "several jars are in " + target + "; run 'mvn clean package', or name one with --functions");
        }
        return made;
    }

    private static void warnIfStale(Path project, Path jar, Consumer<String> notes) {
        Path sources = project.resolve("src").resolve("main");
        if (!Files.isDirectory(sources)) {
            return;
        }
        try (Stream<Path> files = Files.walk(sources)) {
            FileTime built = Files.getLastModifiedTime(jar);
            Optional<Path> newest = files.filter(Files::isRegularFile).max(Comparator.comparing(ProjectJars::changed));
            if (newest.isPresent() && changed(newest.get()).compareTo(built) > 0) {
                notes.accept(jar + " is older than " + newest.get()
                        + "; run 'mvn package' if that change is to be deployed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime changed(Path file) {
        try {
            return Files.getLastModifiedTime(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
