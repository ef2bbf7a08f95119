package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The definitions in a folder, read once: every `*.yaml` and `*.yml` file in it is one. A file that cannot be
/// read as a definition
/// stands in nobody's way until its pipeline is asked for. Immutable.
public final class DefinitionFolder {

    /// No definitions.
    public static final DefinitionFolder EMPTY = new DefinitionFolder(Map.of(), Map.of());

    private final Map<String, List<Definition>> definitions;
    private final Map<String, Failure> broken;

    private DefinitionFolder(Map<String, List<Definition>> definitions, Map<String, Failure> broken) {
        this.definitions = definitions;
        this.broken = broken;
    }

    /// Reads a folder.
    ///
    /// @throws Failure `NOT_FOUND` if it is no folder that can be read
    public static DefinitionFolder read(Path folder) {
        Map<String, List<Definition>> definitions = new TreeMap<>();
        Map<String, Failure> broken = new TreeMap<>();
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> listing = Files.newDirectoryStream(folder)) {
            for (Path file : listing) {
                files.add(file);
            }
            files.sort(null);
            for (Path file : files) {
                String stem = stem(file.getFileName().toString());
                if (stem.isEmpty()) {
                    continue;
                }
                try {
                    Definition definition = DefinitionReader.yaml(file.toString(), Files.readString(file));
                    definitions
                            .computeIfAbsent(definition.name(), name -> new ArrayList<>())
                            .add(definition);
                } catch (Failure failure) {
                    broken.put(stem, failure);
                } catch (CharacterCodingException e) {
                    broken.put(stem, Failure.invalid(file.toString(), "the file is not UTF-8"));
                } catch (IOException e) {
                    broken.put(stem, Failure.invalid(file.toString(), "the file cannot be read"));
                }
            }
        } catch (IOException | DirectoryIteratorException e) {
            throw new Failure(Failure.Code.NOT_FOUND, "no folder of definitions can be read at " + folder, e);
        }
        return new DefinitionFolder(definitions, broken);
    }

    /// What is before the ending of a file that holds a definition; empty for another file.
    private static String stem(String name) {
        String ending = name.endsWith(".yml") ? ".yml" : ".yaml";
        return name.endsWith(ending) ? name.substring(0, name.length() - ending.length()) : "";
    }

    /// The names that are defined, more than once perhaps.
    public Set<String> names() {
        return Set.copyOf(definitions.keySet());
    }

    /// The definition of a name, or null if there is none.
    ///
    /// @throws Failure `INVALID` if there are two, or if the file of that name cannot be read as a definition
    @Nullable
    Definition find(String name) {
        List<Definition> found = definitions.getOrDefault(name, List.of());
        if (found.size() > 1) {
            throw Failure.invalid(twice(found));
        }
        if (found.isEmpty() && broken.containsKey(name)) {
            throw broken.get(name);
        }
        return found.isEmpty() ? null : found.getFirst();
    }

    /// Every definition whose name is its own.
    List<Definition> all() {
        return definitions.values().stream()
                .filter(found -> found.size() == 1)
                .map(List::getFirst)
                .toList();
    }

    /// What is wrong with the files themselves.
    List<Violation> violations() {
        return Stream.concat(
                        broken.values().stream().flatMap(failure -> failure.violations().stream()),
                        definitions.values().stream()
                                .filter(found -> found.size() > 1)
                                .flatMap(found -> twice(found).stream()))
                .toList();
    }

    private static List<Violation> twice(List<Definition> found) {
        Definition first = found.getFirst();
        return found.stream()
                .skip(1)
                .map(again -> new Violation(
                        again.place(),
                        "a pipeline called '" + again.name() + "' is there already, at " + first.place()
                                + "; rename one"))
                .toList();
    }
}
