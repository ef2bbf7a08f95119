package dev.portolan.local.lambda;

import dev.portolan.driver.Address;
import dev.portolan.failure.Failure;
import dev.portolan.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The AWS SAM template of a package: one function for each pipeline, closed by default, with the table and the queues
/// that outlast them unless state is kept nowhere.
///
/// @param ids the functions' logical ids, in their order
public record Template(String text, List<String> ids) {

    /// How every template of ours begins, which tells its folder from one that is somebody else's.
    static final String MARK = "# Made by 'portolan package'";

    private static final Pattern NAME = Pattern.compile("^  (\\w+):", Pattern.MULTILINE);

    /// What all functions of a template have in common.
    ///
    /// @param handler what answers Lambda's runtime
    /// @param lasting whether state is kept in a table of the template; otherwise nowhere
    /// @param secrets where secrets are, `ssm:/prefix/` or `secretsmanager:prefix`; null for the environment
    public record Means(
            String handler, boolean lasting, @Nullable Address secrets) {

        /// Means that a role can grant.
        ///
        /// @throws Failure `INVALID` for secrets that are elsewhere, or are all of an account's
        public Means {
            if (secrets != null
                    && (!SECRETS.containsKey(secrets.scheme()) || secrets.name().isBlank())) {
                throw Failure.invalid(
                        "--secrets",
                        "must be ssm:/PREFIX/ or secretsmanager:PREFIX, the prefix of what a function may read");
            }
        }
    }

    /// The action that reads a secret, and what it is on.
    private static final Map<String, List<String>> SECRETS = Map.of(
            "ssm", List.of("ssm:GetParameter", "ssm:${AWS::Region}:${AWS::AccountId}:parameter"),
            "secretsmanager",
                    List.of(
                            "secretsmanager:GetSecretValue",
                            "secretsmanager:${AWS::Region}:${AWS::AccountId}:secret:"));

    /// One function of the template.
    ///
    /// @param pipeline its name, or a pipe expression
    /// @param environment its variables in their order
    public record Function(String pipeline, String description, Map<String, String> environment) {}

    /// The logical id of a pipeline: `GreetByMail` for `greet-by-mail`.
    private static String logicalId(String pipeline) {
        return Arrays.stream(pipeline.split("[^A-Za-z0-9]+"))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.collectingAndThen(
                        Collectors.joining(), id -> id.isEmpty() || Character.isDigit(id.charAt(0)) ? "F" + id : id));
    }

    /// The template of some functions.
    ///
    /// @param folder where it will lie, for people
    public static Template of(Means means, List<Function> functions, String folder) {
        String state = means.lasting() ? part("state-resources") : "";
        String head = part("head")
                .replace("{mark}", MARK)
                .replace("{folder}", folder)
                .replace("{state}\n", means.lasting() ? part("state-parameters") + "\n" : "\n");
        Set<String> taken = NAME.matcher(head + state)
                .results()
                .map(name -> name.group(1))
                .collect(Collectors.toCollection(HashSet::new));
        String role = (means.lasting() ? part("state-role") : "") + secretsRole(means.secrets());
        String entry = part("function")
                .replace("{queue}\n", means.handler().startsWith("dev.portolan.") ? part("queue") : "")
                .replace("{handler}", means.handler())
                .replace("{state}\n", role + "\n");
        StringBuilder resources = new StringBuilder(head);
        StringBuilder outputs = new StringBuilder("\nOutputs:\n");
        List<String> ids = new ArrayList<>();
        for (Function function : functions) {
            String id = free(logicalId(function.pipeline()), taken);
            ids.add(id);
            String path = function.pipeline().replaceAll("[^A-Za-z0-9._-]+", "-");
            resources.append(entry.replace("{Id}", id)
                    .replace("{environment}", variables(function.environment()))
                    .replace("{path}", path)
                    .replace("{description}", quoted(shortened(function.description()))));
            outputs.append(part("output").replace("{Id}", id).replace("{path}", path));
        }
        if (means.lasting()) {
            Map<String, String> environment =
                    new LinkedHashMap<>(functions.getFirst().environment());
            environment.put("PORTOLAN_PIPELINE", "sweep");
            resources.append(state.replace("{handler}", means.handler())
                    .replace("{environment}", variables(environment))
                    .replace("{role}\n", role));
            outputs.append(part("state-outputs"));
        }
        return new Template(resources.append(outputs).toString(), List.copyOf(ids));
    }

    private static String secretsRole(@Nullable Address secrets) {
        if (secrets == null) {
            return "";
        }
        List<String> grant = Objects.requireNonNull(SECRETS.get(secrets.scheme()));
        String resource = "arn:${AWS::Partition}:" + grant.getLast() + secrets.name() + "*";
        return """
                              - Effect: Allow
                                Action: %s
                                Resource: !Sub %s
                """.formatted(grant.getFirst(), quoted(resource));
    }

    private static String variables(Map<String, String> environment) {
        return environment.entrySet().stream()
                .map(variable -> "          " + variable.getKey() + ": " + quoted(variable.getValue()))
                .collect(Collectors.joining("\n"));
    }

    private static String part(String name) {
        try (InputStream part = Template.class.getResourceAsStream(name + ".yaml")) {
            return new String(Objects.requireNonNull(part, name).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What this template and SAM's transform put behind a function's id.
    private static final List<String> SUFFIXES =
            List.of("", "Role", "Logs", "Url", "Aliaslive", "Version", "HttpPermission");

    private static String free(String id, Set<String> taken) {
        String free = id;
        for (int n = 2; SUFFIXES.stream().map(free::concat).anyMatch(taken::contains); n++) {
            free = id + n;
        }
        SUFFIXES.stream().map(free::concat).forEach(taken::add);
        return free;
    }

    /// Lambda takes 256 characters.
    private static String shortened(String description) {
        if (description.length() <= 256) {
            return description;
        }
        int end = Character.isHighSurrogate(description.charAt(254)) ? 254 : 255;
        return description.substring(0, end) + "…";
    }

    /// A text of JSON is one of YAML.
    private static String quoted(String text) {
        return new String(new Json().encode(text), StandardCharsets.UTF_8);
    }
}
