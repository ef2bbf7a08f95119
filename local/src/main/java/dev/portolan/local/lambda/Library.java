package dev.portolan.local.lambda;

import dev.portolan.failure.Failure;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.ZipFile;

/// Which jars lie in a function's `lib/`: the user's, and whatever of ours they do not bring themselves.
public final class Library {

    private Library() {}

    /// Every jar under its file name, each artifact once. Where both sides have it in different versions, the user's
    /// counts.
    ///
    /// @param notes hears of every choice between two versions
    /// @throws Failure `INVALID` for a file that is no jar, for two artifacts of one file name, and for another
    ///     version of Portolan's own
    public static SortedMap<String, Path> of(List<Path> users, List<Path> ours, Consumer<String> notes) {
        List<Jar> kept = new ArrayList<>();
        SortedMap<String, Path> library = new TreeMap<>();
        for (Path file : users) {
            Jar jar = Jar.of(file);
            // Within what one build gave, a classifier tells two files of one artifact apart.
            if (kept.stream()
                    .noneMatch(there -> there.fileName().equals(jar.fileName()) && there.isSameArtifact(jar))) {
                kept.add(jar);
            }
        }
        List<Jar> brought = List.copyOf(kept);
        for (Path file : ours) {
            Jar jar = Jar.of(file);
            List<Jar> same =
                    brought.stream().filter(there -> there.isSameArtifact(jar)).toList();
            if (same.isEmpty()) {
                kept.add(jar);
            } else if (same.stream().noneMatch(there -> there.version().equals(jar.version()))) {
                if (jar.group().equals("dev.portolan")) {
                    throw new Failure(
                            Failure.Code.INVALID,
                            "your functions bring " + same.getFirst().fileName() + ", and this is Portolan "
                                    + jar.version() + "; use that version in your project, with scope 'provided'");
                }
                notes.accept(same.getFirst().fileName() + " is taken from your functions, and not " + jar.fileName()
                        + ", which Portolan would use");
            }
        }
        for (Jar jar : kept) {
            Path other = library.put(jar.fileName(), jar.file());
            if (other != null) {
                throw new Failure(
                        Failure.Code.INVALID,
                        "two artifacts are in files of one name: " + other + " and " + jar.file() + "; rename one");
            }
        }
        return library;
    }

    /// Whether a jar has an entry of a name.
    ///
    /// @throws Failure `INVALID` for a file that is no jar
    public static boolean has(Path jar, String entry) {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.getEntry(entry) != null;
        } catch (IOException e) {
            throw new Failure(Failure.Code.INVALID, jar + " cannot be read as a jar", e);
        }
    }
}
