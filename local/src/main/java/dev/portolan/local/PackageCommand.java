package dev.portolan.local;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Pipeline;
import dev.portolan.driver.Address;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.json.Json;
import dev.portolan.local.lambda.Library;
import dev.portolan.local.lambda.PackageFolder;
import dev.portolan.local.lambda.ProjectJars;
import dev.portolan.local.lambda.RuntimeJars;
import dev.portolan.local.lambda.Template;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "package",
        description = "Makes what a cloud deploys: your functions, their pipelines, and a template.",
        footer = {
            "",
            "In a Maven project the functions are the project's own, unless --functions names others.",
            "Each pipeline becomes a function of its own. Their state is kept in a table of DynamoDB that the template makes,",
            "beside the queues and the sweep of durable pipelines. With --store memory, and with --adapter spring, it is kept",
            "nowhere: nothing outlives the instance that it ran on, and no mail leaves it.",
            "",
            "Example:",
            "  mvn package && portolan package --target lambda"
        })
final class PackageCommand implements Callable<Integer> {

    private enum Target {
        LAMBDA;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// What answers Lambda's runtime.
    private enum Adapter {
        PORTOLAN("dev.portolan.aws.lambda.LambdaEntryPoint", "lambda"),
        SPRING("org.springframework.cloud.function.adapter.aws.FunctionInvoker", "lambda-spring");

        private final String handler;
        private final String folder;

        Adapter(String handler, String folder) {
            this.handler = handler;
            this.folder = folder;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final String MEMORY = "memory";

    /// What a `@Configuration` class needs beside the entry point, in the command's own folder of jars.
    private static final List<String> SPRING = List.of("spring-", "micrometer-", "commons-logging-");

    /// Schemes, and artifacts, of the services that keep secrets: of their clients only what is named goes along.
    private static final List<String> SECRETS = List.of("ssm", "secretsmanager");

    @Option(names = "--target", paramLabel = "lambda", required = true, description = "Where it is to run: AWS Lambda.")
    private Target target = Target.LAMBDA;

    @Option(
            names = "--adapter",
            paramLabel = "portolan|spring",
            defaultValue = "portolan",
            description = "Portolan's own entry point, or Spring Cloud Function's with Spring Boot."
                    + " Default: ${DEFAULT-VALUE}")
    private Adapter adapter = Adapter.PORTOLAN;

    @Option(
            names = "--pipeline",
            paramLabel = "PIPELINE",
            description = "A pipeline's name, or functions joined by '|'. Default: every pipeline that is defined.")
    private @Nullable String pipeline;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            description = "The folder to make. Default: target/ and the target's name.")
    private @Nullable Path to;

    @Option(
            names = "--secrets",
            paramLabel = "ADDRESS",
            description = "Where functions find their secrets, ssm:/PREFIX/ or secretsmanager:PREFIX."
                    + " Default: their environment.")
    private @Nullable String secrets;

    @Mixin
    private final Sources sources = new Sources();

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Template.Means means = means();
        List<Path> users = userJars(err);
        List<Template.Function> functions = adapter == Adapter.SPRING && !sources.configurations.isEmpty()
                ? List.of(underBoot(users))
                : composed(users);
        SortedMap<String, Path> library = Library.of(users, runtimeJars(means), err::println);
        Path place = to == null ? Path.of("target", target.toString()) : to;
        PackageFolder folder = PackageFolder.at(place);
        refuseBrokenProfiles();
        Template template = Template.of(means, functions, place.toString());
        long bytes = folder.write(library, sources.configFolder(), template.text());
        report(place, template.ids(), library.size(), bytes);
        if (!means.lasting()) {
            err.println("state and mail are kept in memory: nothing outlives an instance, and no mail leaves it");
        }
        return 0;
    }

    private Template.Means means() {
        boolean memory = MEMORY.equals(sources.store);
        if (sources.store != null && !memory) {
            throw usage("--store: the template makes a table of its own; leave it out, or say 'memory' for none");
        }
        if (secrets != null && (memory || adapter == Adapter.SPRING)) {
            throw usage("--secrets needs the drivers, which are not packaged with "
                    + (memory ? "--store memory" : "--adapter spring"));
        }
        try {
            return new Template.Means(
                    adapter.handler,
                    !memory && adapter == Adapter.PORTOLAN,
                    secrets == null ? null : Address.of("--secrets", secrets));
        } catch (Failure failure) {
            throw usage(failure.detail());
        }
    }

    /// The pipelines, composed of the functions that will lie in `lib/`.
    private List<Template.Function> composed(List<Path> users) {
        sources.functions = users;
        try (Laptop laptop = Laptop.dry(sources, InstantSource.system())) {
            return pipelines(laptop.composer()).stream()
                    .map(composed -> new Template.Function(
                            composed.name(),
                            composed.description() == null ? composed.name() : composed.description(),
                            environment(composed.name())))
                    .toList();
        }
    }

    /// Beans that Spring Boot makes are known when it has started, and not here.
    private Template.Function underBoot(List<Path> users) {
        if (pipeline == null) {
            throw usage("with --adapter spring and --configuration, name the beans to run with --pipeline");
        }
        for (String configuration : sources.configurations) {
            String file = configuration.replace('.', '/') + ".class";
            if (users.stream().noneMatch(jar -> Library.has(jar, file))) {
                throw new Failure(
                        Failure.Code.INVALID, "no class " + configuration + " is in " + users + "; name it in full");
            }
        }
        return new Template.Function(pipeline, pipeline, environment(pipeline));
    }

    /// A store in memory begins with them: one that cannot be read would keep the package from starting.
    private void refuseBrokenProfiles() {
        Path folder = sources.configFolder().resolve("profiles");
        String[] files = folder.toFile().list((parent, name) -> name.endsWith(".json"));
        for (String file : files == null ? new String[0] : files) {
            try {
                new Json().decode(Files.readAllBytes(folder.resolve(file)));
            } catch (Failure failure) {
                throw Failure.invalid(folder.resolve(file).toString(), failure.detail());
            } catch (IOException e) {
                throw Failure.invalid(folder.resolve(file).toString(), "the file cannot be read");
            }
        }
    }

    private List<Path> userJars(PrintWriter err) {
        List<Path> named = sources.functions;
        if (named.isEmpty() && Files.exists(Path.of("pom.xml")) && Files.isDirectory(Path.of("src", "main"))) {
            named = List.of(Path.of("."));
        }
        return named.stream()
                .flatMap(path -> ProjectJars.of(path, err::println).stream())
                .toList();
    }

    private List<Pipeline> pipelines(Composer composer) {
        if (pipeline == null) {
            List<Violation> violations = composer.check();
            if (!violations.isEmpty()) {
                throw Failure.invalid(violations);
            }
            if (composer.names().isEmpty()) {
                throw usage("no pipelines are in " + sources.configFolder().resolve("pipelines")
                        + "; write one, or name functions with --pipeline");
            }
            return new TreeSet<>(composer.names())
                    .stream().map(composer::compose).toList();
        }
        if (Arrays.stream(pipeline.split("\\|", -1)).anyMatch(String::isBlank)) {
            throw usage("--pipeline: a function's name is missing in '" + pipeline + "'");
        }
        try {
            return List.of(composer.compose(pipeline));
        } catch (Failure failure) {
            throw failure.code() == Failure.Code.NOT_FOUND ? usage(failure.detail()) : failure;
        }
    }

    private Map<String, String> environment(String name) {
        Map<String, String> environment = new LinkedHashMap<>();
        if (adapter == Adapter.SPRING) {
            environment.put("MAIN_CLASS", "dev.portolan.aws.spring.SpringDeployment");
            environment.put("SPRING_CLOUD_FUNCTION_DEFINITION", name);
        } else {
            environment.put("PORTOLAN_PIPELINE", name);
        }
        if (adapter == Adapter.SPRING || MEMORY.equals(sources.store)) {
            environment.put("PORTOLAN_STORE", MEMORY);
        }
        if (secrets != null) {
            environment.put("PORTOLAN_SECRETS", secrets);
        }
        if (!sources.configurations.isEmpty()) {
            environment.put("PORTOLAN_CONFIGURATION", String.join(",", sources.configurations));
        }
        return environment;
    }

    private List<Path> runtimeJars(Template.Means means) {
        RuntimeJars jars =
                new RuntimeJars(Path.of(System.getProperty("portolan.home", "."), "local", "target", "portolan"));
        jars.add(adapter.folder, name -> true);
        if (means.lasting()) {
            String kept = means.secrets() == null ? "" : means.secrets().scheme();
            jars.add(
                    "aws",
                    name -> SECRETS.stream().allMatch(client -> client.equals(kept) || !name.startsWith(client + "-")));
        }
        if (adapter == Adapter.PORTOLAN && !sources.configurations.isEmpty()) {
            jars.add("lib", name -> SPRING.stream().anyMatch(name::startsWith));
        }
        return jars.all();
    }

    private void report(Path place, List<String> ids, int jars, long bytes) {
        List<List<Object>> rows = new ArrayList<>();
        rows.add(List.of(place.resolve("lib").toString(), "jars: " + jars));
        rows.add(List.of(
                place.resolve("config").toString(),
                "pipelines, templates, schemas and profiles of " + sources.configFolder()));
        rows.add(List.of(
                place.resolve("function.zip").toString(),
                String.format(Locale.ROOT, "both of them, %.1f MB", bytes / 1e6)));
        rows.add(List.of(place.resolve("template.yaml").toString(), ids));
        output.print(spec.commandLine().getOut(), List.of("file", "what"), rows);
        spec.commandLine()
                .getErr()
                .println("deploy it with: sam deploy --guided --capabilities CAPABILITY_IAM --template-file "
                        + place.resolve("template.yaml"));
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
