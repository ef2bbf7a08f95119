package dev.portolan.local;

import dev.portolan.composer.Pipeline;
import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What `run` uses where no input is given: the pipeline's own example, and the profile that ships for it.
final class Example {

    private Example() {}

    /// The pipeline's example. If the store knows no profile for its e-mail address, the one in
    /// `profiles/<address>.json` beside the pipelines is stored first. Says on standard error what it does.
    ///
    /// @throws ParameterException if the pipeline has no example
    static Object use(Pipeline pipeline, Laptop laptop, Sources sources, CommandSpec spec) {
        if (pipeline.example() == null) {
            throw new ParameterException(
                    spec.commandLine(), "'" + pipeline.name() + "' has no example; give an --input");
        }
        spec.commandLine().getErr().println("no --input: using the example of " + pipeline.source());
        if (pipeline.example() instanceof Map<?, ?> example && example.get("email") instanceof String email) {
            storeProfile(email, laptop, sources, spec);
        }
        return pipeline.example();
    }

    @SuppressWarnings("unchecked")
    private static void storeProfile(String email, Laptop laptop, Sources sources, CommandSpec spec) {
        Path folder = sources.configFolder().resolve("profiles");
        Path file;
        try {
            file = folder.resolve(email + ".json").normalize();
        } catch (InvalidPathException e) {
            return;
        }
        boolean ships =
                file.getParent() != null && file.getParent().equals(folder.normalize()) && Files.isRegularFile(file);
        if (!ships || laptop.profiles().find(email).isPresent()) {
            return;
        }
        try {
            if (!(new Json().decode(Files.readAllBytes(file)) instanceof Map<?, ?> profile)) {
                throw new ParameterException(spec.commandLine(), file + " must hold one JSON object");
            }
            laptop.profiles().put(email, (Map<String, Object>) profile);
            spec.commandLine().getErr().println("no profile of that address yet: storing " + file);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), file + " cannot be read");
        }
    }
}
