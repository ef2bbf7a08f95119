package dev.portolan.aws.lambda;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.health.FileEndpoints;
import dev.portolan.composer.intake.FolderTemplates;
import dev.portolan.composer.intake.JmailAddresses;
import dev.portolan.composer.intake.JsonSchemas;
import dev.portolan.composer.spring.ConfigurationFunctions;
import dev.portolan.deadletter.DeadLetters;
import dev.portolan.driver.Driver.Host;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.execution.JsonLines;
import dev.portolan.execution.Observer;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import dev.portolan.function.Ports;
import dev.portolan.health.HealthFunctions;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.intake.AddressCheck;
import dev.portolan.intake.IntakeFunctions;
import dev.portolan.intake.Notifier;
import dev.portolan.intake.ProfileDirectory;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import dev.portolan.telemetry.Observers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// The composition root on AWS Lambda, read from the environment.
///
/// `PORTOLAN_PIPELINE` names the pipeline, or is a pipe expression; without it HTTP paths name what to run.
/// `PORTOLAN_CONFIGURATION` names Spring `@Configuration` and `BeanRegistrar` classes whose functions to use,
/// separated by commas; without it nothing of Spring is loaded, and nothing need be there.
/// `PORTOLAN_TELEMETRY` names who hears of executions, as [Observers] has them; without it lines of JSON go to
/// standard output, and nothing else is loaded.
/// `PORTOLAN_STORE` gives the address of a driver that keeps state, as in `dynamodb:TABLE`; `memory` keeps it
/// nowhere, and must be asked for by name: durable executions are known there for five minutes, to one execution
/// environment, and nobody is woken for them. `PORTOLAN_CONTINUATION` gives that of what wakes executions;
/// without it the sweep finds them. `PORTOLAN_DEAD_LETTERS` says where hopeless work goes, `PORTOLAN_NOTIFIER`
/// what sends mail, `PORTOLAN_SECRETS` where secrets are (in the environment where it says nothing).
/// `PORTOLAN_METRICS` is the namespace of the [CloudWatchMetrics]; without it nothing is counted.
/// Definitions, templates, schemas and example profiles are in `config/` beside the code.
///
/// The pipeline `sweep` runs on what is due; a schedule calls it.
final class Deployment {

    private static final String SWEEP = "sweep";

    /// For how long executions in memory answer their keys: for a redelivery or two.
    private static final Duration FORGOTTEN = Duration.ofMinutes(5);

    private final Composer composer;
    private final @Nullable Pipeline pipeline;
    private final boolean snapshot;
    private final @Nullable DeadLetters deadLetters;
    private final InstantSource clock;
    private final Chance random;
    private final Executions executions;

    /// Secure random numbers, whose source is made when it is first used: after a cold start's first answer,
    /// and after a snapshot that many environments are restored from.
    private static final class Chance implements RandomGenerator {
        private volatile @Nullable SecureRandom source;

        @Override
        public long nextLong() {
            SecureRandom made = source;
            if (made == null) {
                made = new SecureRandom();
                source = made;
            }
            return made.nextLong();
        }
    }

    private Deployment(
            StateStore store,
            Continuation continuation,
            @Nullable DeadLetters deadLetters,
            Composer composer,
            @Nullable Pipeline pipeline,
            boolean snapshot,
            InstantSource clock,
            Chance random,
            Observer observer) {
        Runner runner = new Runner(clock, random, Thread::sleep);
        this.executions = new Executions(store, composer, runner, continuation, clock, random, observer);
        this.deadLetters = deadLetters;
        this.composer = composer;
        this.pipeline = pipeline;
        this.snapshot = snapshot;
        this.clock = clock;
        this.random = random;
    }

    /// Not the function's logger: where the log's format is JSON, it would put each line into a line of its
    /// own.
    private static Observer observer(Map<String, String> environment, InstantSource clock) {
        String telemetry = environment.get("PORTOLAN_TELEMETRY");
        Observer observer =
                telemetry == null ? new JsonLines(System.out, clock) : Observers.named(telemetry, System.out, clock);
        String namespace = environment.getOrDefault("PORTOLAN_METRICS", "");
        return namespace.isBlank()
                ? observer
                : Observers.all(List.of(observer, new CloudWatchMetrics(namespace, System.out, clock)));
    }

    /// Reads a deployment.
    ///
    /// @throws Failure `FAILED_PRECONDITION` if no store is named; `NOT_FOUND` with the nearest name for an
    ///     unknown pipeline; `INVALID` for a definition that cannot work, with file and line
    static Deployment of(Map<String, String> environment) {
        InstantSource clock = InstantSource.system();
        Chance random = new Chance();
        Backing backing = Backing.of(new Host(environment, clock, random));
        Path config = Path.of(environment.getOrDefault("LAMBDA_TASK_ROOT", ".")).resolve("config");
        Json json = new Json();
        ProfileDirectory profiles = new StoredProfiles(backing.store(), json);
        if (!backing.lasting()) {
            storeExamples(config.resolve("profiles"), profiles, json);
        }
        FunctionRegistry functions = new FunctionRegistry(new Ports(backing.store(), backing.secrets(), clock));
        functions.defer(IntakeFunctions.NAMES, () -> intake(config, profiles, backing.notifier(), json));
        functions.defer(
                Set.of(HealthFunctions.NAME),
                () -> new HealthFunctions(
                        new FileEndpoints(config.resolve("endpoints.yaml")), json, environment, Thread::sleep));
        String name = environment.get("PORTOLAN_PIPELINE");
        AtomicReference<Executions> executions = new AtomicReference<>();
        if (SWEEP.equals(name)) {
            functions.add(SWEEP, Map.class, Map.class, input -> swept(executions.get()));
        }
        functions.addModules(Deployment.class.getClassLoader());
        String configurations = environment.getOrDefault("PORTOLAN_CONFIGURATION", "");
        if (!configurations.isBlank()) {
            List<String> classes = new ArrayList<>();
            for (String type : configurations.split(",", -1)) {
                classes.add(type.strip());
            }
            ConfigurationFunctions.register(functions, Deployment.class.getClassLoader(), classes);
        }
        Path pipelines = config.resolve("pipelines");
        // A pipe expression or a function needs no definitions, and a cold start no YAML.
        boolean plain = name != null && (name.contains("|") || functions.has(name));
        boolean defined = !plain && Files.isDirectory(pipelines);
        Composer composer =
                new Composer(functions, defined ? DefinitionFolder.read(pipelines) : DefinitionFolder.EMPTY);
        Deployment deployment = new Deployment(
                backing.lasting() ? backing.store() : InMemoryStateStore.forgetful(clock, FORGOTTEN),
                backing.continuation(),
                backing.deadLetters(),
                composer,
                name == null || name.isBlank() ? null : composer.compose(name),
                "snap-start".equals(environment.get("AWS_LAMBDA_INITIALIZATION_TYPE")),
                clock,
                random,
                observer(environment, clock));
        executions.set(deployment.executions);
        return deployment;
    }

    private static IntakeFunctions intake(
            Path config, ProfileDirectory profiles, Supplier<Notifier> notifier, Json json) {
        AddressCheck addresses = new JmailAddresses();
        return new IntakeFunctions(
                addresses,
                // Not even the reader is loaded before a definition names a schema.
                name -> new JsonSchemas(config.resolve("schemas"), json, addresses).load(name),
                profiles,
                new FolderTemplates(config.resolve("templates")),
                notifier);
    }

    private static Map<String, Object> swept(Executions executions) {
        Operations.Swept swept =
                executions.operations().sweep(Invocation.current().deadline());
        return Map.of("rested", swept.rested(), "left", swept.left());
    }

    /// A store in memory begins with the profiles that ship as examples: `<address>.json`.
    @SuppressWarnings("unchecked")
    private static void storeExamples(Path folder, ProfileDirectory profiles, Json json) {
        String[] files = folder.toFile().list();
        for (String file : files == null ? new String[0] : files) {
            try {
                if (file.endsWith(".json")
                        && json.decode(Files.readAllBytes(folder.resolve(file))) instanceof Map<?, ?> profile) {
                    profiles.put(file.substring(0, file.length() - 5), (Map<String, Object>) profile);
                }
            } catch (IOException e) {
                throw new Failure(
                        Failure.Code.FAILED_PRECONDITION,
                        folder.resolve(file) + " cannot be read; package it again",
                        e);
            }
        }
    }

    /// The same over a store that is its own and that nobody keeps: nothing that is run there leaves a trace.
    Deployment rehearsal() {
        return new Deployment(
                new InMemoryStateStore(clock),
                Continuation.NOBODY,
                null,
                composer,
                pipeline,
                snapshot,
                clock,
                random,
                Observer.NONE);
    }

    /// What was made before a snapshot and must not be shared by all that are restored from it is forgotten.
    void restored() {
        random.source = null;
    }

    /// Whether this environment is about to become a snapshot.
    boolean becomesSnapshot() {
        return snapshot;
    }

    HttpEntryPoint http() {
        return new HttpEntryPoint(composer, executions, clock, () -> Event.freshKey(random));
    }

    @Nullable
    Pipeline pipeline() {
        return pipeline;
    }

    @Nullable
    DeadLetters deadLetters() {
        return deadLetters;
    }

    Executions executions() {
        return executions;
    }

    InstantSource clock() {
        return clock;
    }
}
