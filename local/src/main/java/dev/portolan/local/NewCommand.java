package dev.portolan.local;

import dev.portolan.health.HealthFunctions;
import dev.portolan.intake.IntakeFunctions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.lang.model.SourceVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "new",
        description = "Writes a small project with a function of your own and its test, in a new folder.",
        footer = {"", "Example:", "  portolan new greet"})
final class NewCommand implements Callable<Integer> {

    private static final Pattern KEBAB = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    /// What the written classes import.
    private static final Set<String> TAKEN = Set.of(
            "Config",
            "Failure",
            "Function",
            "FunctionModule",
            "FunctionRegistrar",
            "LinkedHashMap",
            "Map",
            "Optional",
            "Test");

    /// What is written, and from which resource.
    private static final Map<String, String> FILES = Map.of(
            "pom.xml", "pom.xml",
            "README.md", "README.md",
            ".gitignore", "gitignore",
            "src/main/java/{package}/{Class}.java", "Function.java",
            "src/main/java/{package}/{Class}Module.java", "FunctionModule.java",
            "src/main/resources/META-INF/services/dev.portolan.function.FunctionModule", "services",
            "src/test/java/{package}/{Class}Test.java", "FunctionTest.java",
            "config/pipelines/{name}-by-mail.yaml", "pipeline.yaml",
            "config/templates/{name}.txt", "template.txt");

    @Parameters(paramLabel = "NAME", description = "The function's name in kebab-case, such as 'greet'.")
    private String name = "";

    @Option(names = "--in", paramLabel = "DIR", defaultValue = ".", description = "Where to put it. Default: here.")
    private Path parent = Path.of(".");

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        String packageName = name.replace("-", "");
        if (!KEBAB.matcher(name).matches()) {
            throw usage("'" + name + "' is no name for a function; use kebab-case, such as 'greet' or 'send-invoice'");
        }
        if (!SourceVersion.isName(packageName)
                || packageName.equals("java")
                || TAKEN.contains(className())
                || isOfJavaLang(className())) {
            throw usage("'" + name + "' means something in Java already; use another, such as 'my-" + name + "'");
        }
        if (IntakeFunctions.NAMES.contains(name) || name.equals(HealthFunctions.NAME)) {
            throw usage("a function that ships with Portolan is called '" + name + "'; use another name");
        }
        Path folder = parent.resolve(name).normalize();
        if (Files.exists(folder)) {
            throw usage(folder + " is there already; nothing was written");
        }
        Map<String, String> words = Map.of("{name}", name, "{package}", packageName, "{Class}", className());
        try {
            for (Map.Entry<String, String> file : FILES.entrySet()) {
                Path path = folder.resolve(filled(file.getKey(), words));
                Files.createDirectories(path.getParent());
                Files.writeString(path, filled(resource(file.getValue()), words));
            }
        } catch (IOException e) {
            throw usage(folder + " cannot be written; choose another place with --in");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.println("wrote " + folder + "/; next:");
        out.println("  mvn -q -f " + folder + " package");
        String portolan = System.getProperty("portolan.command", "portolan");
        out.println("  " + portolan + " run " + name + " --functions " + folder + " --input '{\"name\": \"Ada\"}'");
        return 0;
    }

    private static boolean isOfJavaLang(String simpleName) {
        try {
            Class.forName("java.lang." + simpleName, false, null);
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    private String className() {
        return Arrays.stream(name.split("-"))
                .map(part -> Character.toUpperCase(part.charAt(0)) + part.substring(1))
                .collect(Collectors.joining());
    }

    private static String filled(String text, Map<String, String> words) {
        String filled = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            filled = filled.replace(word.getKey(), word.getValue());
        }
        return filled;
    }

    private static String resource(String name) throws IOException {
        try (InputStream resource = NewCommand.class.getResourceAsStream("project/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("no resource project/" + name);
            }
            return new String(resource.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
