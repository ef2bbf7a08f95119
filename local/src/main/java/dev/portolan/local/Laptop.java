package dev.portolan.local;

import dev.portolan.composer.Composer;
import dev.portolan.composer.DefinitionFolder;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Runner;
import dev.portolan.composer.health.FileEndpoints;
import dev.portolan.composer.intake.FolderTemplates;
import dev.portolan.composer.intake.JmailAddresses;
import dev.portolan.composer.intake.JsonSchemas;
import dev.portolan.driver.Address;
import dev.portolan.driver.Driver.Host;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.function.Ports;
import dev.portolan.health.HealthFunctions;
import dev.portolan.intake.AddressCheck;
import dev.portolan.intake.InMemoryNotifier;
import dev.portolan.intake.IntakeFunctions;
import dev.portolan.intake.Notifier;
import dev.portolan.intake.ProfileDirectory;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.json.Json;
import dev.portolan.local.mail.OutboxNotifier;
import dev.portolan.local.sqlite.SqliteStateStore;
import dev.portolan.secret.EnvironmentSecrets;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import dev.portolan.telemetry.Observers;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Set;
import java.util.random.RandomGenerator;

/// The composition root of the laptop: which driver stands behind which port.
final class Laptop implements AutoCloseable {

    private static final String SENDER = "Portolan <portolan@localhost>";

    private final StateStore store;
    private final ProfileDirectory profiles;
    private final FunctionRegistry functions;
    private final Composer composer;
    private final UserFunctions userFunctions;

    private Laptop(Sources sources, StateStore store, Notifier notifier, InstantSource clock) {
        this.store = store;
        this.functions = new FunctionRegistry(new Ports(store, new EnvironmentSecrets(System.getenv()), clock));
        Json json = new Json();
        Path config = sources.configFolder();
        AddressCheck addresses = new JmailAddresses();
        this.profiles = new StoredProfiles(store, json);
        new IntakeFunctions(
                        addresses,
                        new JsonSchemas(config.resolve("schemas"), json, addresses),
                        profiles,
                        new FolderTemplates(config.resolve("templates")),
                        () -> notifier)
                .register(functions);
        new HealthFunctions(new FileEndpoints(config.resolve("endpoints.yaml")), json, System.getenv(), Thread::sleep)
                .register(functions);
        DefinitionFolder definitions = DefinitionFolder.read(config.resolve("pipelines"));
        this.userFunctions = UserFunctions.load(functions, sources.functions, sources.configurations);
        this.composer = new Composer(functions, definitions);
    }

    /// With state and mail in the data folder, which is made if it is not there.
    ///
    /// @param err hears where mail was put
    /// @throws Failure `FAILED_PRECONDITION` if the folder cannot be used, or no driver has the store
    static Laptop open(Sources sources, InstantSource clock, PrintWriter err) {
        Path data = sources.data;
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new Failure(
                    Failure.Code.FAILED_PRECONDITION,
                    "the data folder " + data + " cannot be made; choose another with --data",
                    e);
        }
        StateStore store = sources.store == null
                ? SqliteStateStore.open(data.resolve("state.db"), clock)
                : store(sources.store, clock);
        OutboxNotifier outbox = outbox(data, clock);
        return over(sources, store, clock, notification -> {
            String id = outbox.send(notification);
            err.println("mail: " + outbox.file(notification.key()));
            return id;
        });
    }

    private static StateStore store(String address, InstantSource clock) {
        Host host = new Host(System.getenv(), clock, new SecureRandom());
        Address store = Address.of("--store", address);
        return store.open(
                Set.of("dynamodb"), Laptop.class.getClassLoader(), driver -> driver.store(store.name(), host));
    }

    /// With a store that is closed with it, and a notifier.
    static Laptop over(Sources sources, StateStore store, InstantSource clock, Notifier notifier) {
        try {
            return new Laptop(sources, store, notifier, clock);
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    /// The outbox of a data folder.
    static OutboxNotifier outbox(Path data, InstantSource clock) {
        return new OutboxNotifier(data.resolve("outbox"), SENDER, clock);
    }

    /// With nothing on disk: enough to list and to check.
    static Laptop dry(Sources sources, InstantSource clock) {
        return new Laptop(sources, new InMemoryStateStore(clock), new InMemoryNotifier(), clock);
    }

    FunctionRegistry functions() {
        return functions;
    }

    Composer composer() {
        return composer;
    }

    ProfileDirectory profiles() {
        return profiles;
    }

    /// As below, for a person who reads what the command prints.
    Executions executions(InstantSource clock, RandomGenerator random, Continuation continuation) {
        return executions(clock, random, continuation, Observer.NONE);
    }

    /// Runs pipelines, the durable ones in the store.
    ///
    /// @param observer hears of them where `PORTOLAN_TELEMETRY` names nobody
    /// @throws Failure if it names somebody who cannot be had
    Executions executions(InstantSource clock, RandomGenerator random, Continuation continuation, Observer observer) {
        String telemetry = System.getenv("PORTOLAN_TELEMETRY");
        return new Executions(
                store,
                composer,
                new Runner(clock, random, Thread::sleep),
                continuation,
                clock,
                random,
                telemetry == null ? observer : Observers.named(telemetry, System.err, clock));
    }

    @Override
    public void close() {
        userFunctions.close();
        store.close();
    }
}
