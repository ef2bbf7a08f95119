package dev.portolan.composer.intake;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// A folder of files that are asked for by name, without their ending.
///
/// @param noun what one of them is, such as `schema`
/// @param ending such as `.json`
record Folder(Path path, String noun, String ending) {

    Path file(String name) {
        return path.resolve(name + ending);
    }

    /// The bytes of a file.
    ///
    /// @throws Failure `INVALID` for a name that could lead out of the folder; `NOT_FOUND` if there is none of
    ///     that name; `FAILED_PRECONDITION` if it cannot be read
    byte[] read(String name) {
        if (!isName(name)) {
            throw new Failure(
                    Failure.Code.INVALID,
                    "the name of a " + noun + " has letters, digits, '.', '_' and '-' only, not '" + name + "'");
        }
        try {
            return Files.readAllBytes(file(name));
        } catch (NoSuchFileException e) {
            throw new Failure(
                    Failure.Code.NOT_FOUND,
                    "there is no " + noun + " '" + name + "': no file " + file(name) + Nearest.hint(name, names()),
                    e);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "the file " + file(name) + " cannot be read; it must be a file that this user may read",
                    e);
        }
    }

    private static boolean isName(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = c < 0x80 && Character.isLetterOrDigit(c);
            if (!letter && "._-".indexOf(c) < 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(ending))
                    .map(file -> file.substring(0, file.length() - ending.length()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
