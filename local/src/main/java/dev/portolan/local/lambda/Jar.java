package dev.portolan.local.lambda;

import dev.portolan.failure.Failure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/// A jar and the artifact in it.
///
/// @param group the Maven group, or empty where the jar does not say
/// @param artifact the artifact's name, without version
/// @param version empty where neither the jar nor its name says
record Jar(Path file, String group, String artifact, String version) {

    private static final Pattern NAME = Pattern.compile("(.+?)(?:-(\\d.*))?\\.jar");
    private static final Pattern PROPERTIES = Pattern.compile("META-INF/maven/[^/]+/[^/]+/pom\\.properties");

    /// Reads what a jar says about itself; one that holds several artifacts, or says nothing, is known by its name.
    ///
    /// @throws Failure `INVALID` if it is no jar
    static Jar of(Path file) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException(file + " is not called *.jar");
        }
        String artifact = name.group(1);
        String version = name.group(2) == null ? "" : name.group(2);
        try (ZipFile zip = new ZipFile(file.toFile())) {
            List<? extends ZipEntry> said = zip.stream()
                    .filter(entry -> PROPERTIES.matcher(entry.getName()).matches())
                    .toList();
            Properties properties = new Properties();
            if (said.size() == 1) {
                try (InputStream in = zip.getInputStream(said.getFirst())) {
                    properties.load(in);
                }
            }
            return new Jar(
                    file,
                    properties.getProperty("groupId", ""),
                    properties.getProperty("artifactId", artifact),
                    properties.getProperty("version", version));
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            throw new Failure(Failure.Code.INVALID, file + " cannot be read as a jar", e);
        }
    }

    /// Whether both are one artifact, in different versions perhaps.
    boolean isSameArtifact(Jar other) {
        boolean groups = group.isEmpty() || other.group.isEmpty() || group.equals(other.group);
        return groups && artifact.equals(other.artifact);
    }

    String fileName() {
        return file.getFileName().toString();
    }
}
