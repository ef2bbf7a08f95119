package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.failure.Failure;
import dev.portolan.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// What `--input` names: JSON, `@` and a file, or `-` for standard input.
final class Input {

    private Input() {}

    /// The bytes.
    ///
    /// @throws ParameterException if there is no such file
    /// @throws Failure `INVALID` if there are too many
    static byte[] read(String source, CommandLine commandLine) {
        try {
            byte[] bytes = bytes(source);
            if (bytes.length > Event.BODY_LIMIT) {
                throw Event.tooLarge();
            }
            return bytes;
        } catch (IOException | InvalidPathException e) {
            throw new ParameterException(commandLine, "--input: " + source.replaceFirst("^@", "") + " cannot be read");
        }
    }

    private static byte[] bytes(String source) throws IOException {
        if (source.equals("-")) {
            return System.in.readNBytes(Event.BODY_LIMIT + 1);
        }
        if (source.startsWith("@")) {
            try (InputStream file = Files.newInputStream(Path.of(source.substring(1)))) {
                return file.readNBytes(Event.BODY_LIMIT + 1);
            }
        }
        return source.getBytes(StandardCharsets.UTF_8);
    }

    /// The value of the bytes.
    ///
    /// @throws Failure `INVALID` if they are no JSON
    /// @throws ParameterException if the source is the name of a file without `@`
    static @Nullable Object decode(byte[] bytes, @Nullable String source, CommandLine commandLine) {
        try {
            return new Json().decode(bytes);
        } catch (Failure failure) {
            if (source != null && source.endsWith(".json") && Files.isRegularFile(Path.of(source))) {
                throw new ParameterException(commandLine, "--input takes JSON; did you mean '@" + source + "'?");
            }
            throw failure;
        }
    }
}
