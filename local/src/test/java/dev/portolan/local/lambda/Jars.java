package dev.portolan.local.lambda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Jars as Maven makes them, as far as these tests look.
public final class Jars {

    private Jars() {}

    /// A jar that says which artifact is in it.
    public static Path maven(Path file, String group, String artifact, String version) throws IOException {
        return with(
                file,
                "META-INF/maven/" + group + "/" + artifact + "/pom.properties",
                "groupId=" + group + "\nartifactId=" + artifact + "\nversion=" + version + "\n");
    }

    /// A jar of one entry.
    public static Path with(Path file, String entry, String text) throws IOException {
        Files.createDirectories(file.getParent());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file))) {
            out.putNextEntry(new JarEntry(entry));
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.closeEntry();
        }
        return file;
    }
}
