package dev.portolan.aws.lambda;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.intake.FolderTemplates;
import dev.portolan.composer.intake.JmailAddresses;
import dev.portolan.composer.intake.JsonSchemas;
import dev.portolan.failure.Failure;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.intake.AddressCheck;
import dev.portolan.intake.InMemoryNotifier;
import dev.portolan.intake.IntakeFunctions;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The composition root on AWS Lambda, read from the environment.
///
/// `PORTOLAN_PIPELINE` names the pipeline, or is a pipe expression; without it HTTP paths name what to run.
/// `PORTOLAN_STORE` names where state is kept; `memory` keeps it nowhere, and must be asked for by name.
/// Definitions, templates and schemas are in `config/` beside the code.
final class Deployment {

    private final Composer composer;
    private final @Nullable Pipeline pipeline;
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = () -> Secure.RANDOM.nextLong();
    private final Runner runner = new Runner(clock, random, Thread::sleep);

    /// Made when it is first used: later than a cold start's answer, and than a snapshot.
    private static final class Secure {
        static final SecureRandom RANDOM = new SecureRandom();
    }

    private Deployment(Composer composer, @Nullable Pipeline pipeline) {
        this.composer = composer;
        this.pipeline = pipeline;
    }

    /// Reads a deployment.
    ///
    /// @throws Failure `FAILED_PRECONDITION` if no store is named; `NOT_FOUND` with the nearest name for an unknown
    ///     pipeline; `INVALID` for a definition that cannot work, with file and line
    static Deployment of(Map<String, String> environment) {
        String store = environment.get("PORTOLAN_STORE");
        if (!"memory".equals(store)) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "PORTOLAN_STORE must name where state is kept; 'memory' keeps it nowhere, and is the only one yet");
        }
        Path config = Path.of(environment.getOrDefault("LAMBDA_TASK_ROOT", ".")).resolve("config");
        Json json = new Json();
        AddressCheck addresses = new JmailAddresses();
        FunctionRegistry functions = new FunctionRegistry();
        new IntakeFunctions(
                        addresses,
                        new JsonSchemas(config.resolve("schemas"), json, addresses),
                        new StoredProfiles(new InMemoryStateStore(InstantSource.system()), json),
                        new FolderTemplates(config.resolve("templates")),
                        new InMemoryNotifier())
                .register(functions);
        functions.addModules(Deployment.class.getClassLoader());
        String name = environment.get("PORTOLAN_PIPELINE");
        Path pipelines = config.resolve("pipelines");
        // A pipe expression or a function needs no definitions, and a cold start no YAML.
        boolean plain = name != null && (name.contains("|") || functions.has(name));
        boolean defined = !plain && Files.isDirectory(pipelines);
        Composer composer =
                new Composer(functions, defined ? DefinitionFolder.read(pipelines) : DefinitionFolder.EMPTY);
        return new Deployment(composer, name == null || name.isBlank() ? null : composer.compose(name));
    }

    HttpEntryPoint http() {
        return new HttpEntryPoint(composer, runner, () -> Event.freshKey(random));
    }

    @Nullable
    Pipeline pipeline() {
        return pipeline;
    }

    Runner runner() {
        return runner;
    }

    InstantSource clock() {
        return clock;
    }
}
