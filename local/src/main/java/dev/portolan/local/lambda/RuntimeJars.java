package dev.portolan.local.lambda;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Our side of `lib/`, gathered from the folders that the launcher builds; each file name once. Not thread-safe.
public final class RuntimeJars {

    private final Path built;
    private final SortedMap<String, Path> jars = new TreeMap<>();

    /// @param built the folder of those folders
    public RuntimeJars(Path built) {
        this.built = built;
    }

    /// Adds jars of a folder.
    ///
    /// @param wanted which file names
    /// @throws Failure `FAILED_PRECONDITION` if there are none
    public void add(String folder, Predicate<String> wanted) {
        List<Path> there = ProjectJars.in(built.resolve(folder));
        if (there.isEmpty()) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "no jars are in " + built.resolve(folder) + "; use the launcher 'portolan', which builds them");
        }
        for (Path jar : there) {
            String name = jar.getFileName().toString();
            if (wanted.test(name)) {
                jars.putIfAbsent(name, jar);
            }
        }
    }

    /// The jars by name.
    public List<Path> all() {
        return List.copyOf(jars.values());
    }
}
