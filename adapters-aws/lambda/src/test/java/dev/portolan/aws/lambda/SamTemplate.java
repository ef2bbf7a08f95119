package dev.portolan.aws.lambda;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// What `template.yaml` says: tests run what is deployed.
final class SamTemplate {

    /// The project's own folder.
    static final Path PROJECT = Path.of("../..").toAbsolutePath().normalize();

    /// A function as it is deployed.
    record Function(
            String name, String handler, Path code, int memory, Duration timeout, Map<String, String> environment) {

        /// The same with another environment.
        Function with(Map<String, String> variables) {
            return new Function(name, handler, code, memory, timeout, Map.copyOf(variables));
        }

        /// The same without a cloud: state, and all that stands on it, in memory.
        Function inMemory() {
            Map<String, String> variables = new LinkedHashMap<>(environment);
            variables.keySet().removeAll(List.of("PORTOLAN_CONTINUATION", "PORTOLAN_DEAD_LETTERS"));
            variables.replaceAll((name, value) ->
                    name.equals("PORTOLAN_STORE") || name.equals("PORTOLAN_NOTIFIER") ? "memory" : value);
            return with(variables);
        }

        /// The same with another folder of code.
        Function with(Path folder) {
            return new Function(name, handler, folder, memory, timeout, environment);
        }
    }

    private static final Map<?, ?> TREE = read(PROJECT.resolve("template.yaml"));

    private SamTemplate() {}

    /// The function of a logical id, with what the template says for all.
    static Function function(String name) {
        Map<String, Object> properties = new HashMap<>();
        at(TREE, "Globals", "Function").forEach((key, value) -> properties.put(key.toString(), value));
        Map<?, ?> own = properties(name);
        own.forEach((key, value) -> properties.put(key.toString(), value));
        Map<String, String> environment = new LinkedHashMap<>();
        for (Map<?, ?> level : List.of(at(TREE, "Globals", "Function"), own)) {
            at(level, "Environment", "Variables").forEach((key, value) -> environment.put(key.toString(), text(value)));
        }
        return new Function(
                name,
                properties.get("Handler").toString(),
                PROJECT.resolve(properties.get("CodeUri").toString()),
                Integer.parseInt(properties.get("MemorySize").toString()),
                Duration.ofSeconds(Integer.parseInt(properties.get("Timeout").toString())),
                environment);
    }

    /// A text with its references as they are written; of two under a condition, the one that holds.
    private static String text(Object value) {
        return switch (value) {
            case Map<?, ?> function
            when function.containsKey("Sub") -> function.get("Sub").toString();
            case Map<?, ?> function when function.get("If") instanceof List<?> branches -> text(branches.get(1));
            default -> value.toString();
        };
    }

    /// The properties of a resource, as they are written.
    static Map<?, ?> properties(String name) {
        return at(TREE, "Resources", name, "Properties");
    }

    private static Map<?, ?> at(Map<?, ?> tree, String... names) {
        Map<?, ?> place = tree;
        for (String name : names) {
            place = (Map<?, ?>) place.get(name);
        }
        return place;
    }

    private static Map<?, ?> read(Path file) {
        try {
            Node root = new Compose(LoadSettings.builder().build())
                    .composeString(Files.readString(file))
                    .orElseThrow();
            return (Map<?, ?>) value(root);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Scalars as they are written; `!Ref x` and its like as the long form, a map of one entry.
    private static Object value(Node node) {
        Object value = switch (node) {
            case MappingNode mapping -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (NodeTuple entry : mapping.getValue()) {
                    map.put(((ScalarNode) entry.getKeyNode()).getValue(), value(entry.getValueNode()));
                }
                yield map;
            }
            case SequenceNode sequence -> {
                List<Object> list = new ArrayList<>();
                sequence.getValue().forEach(element -> list.add(value(element)));
                yield list;
            }
            case ScalarNode scalar -> scalar.getValue();
            default -> throw new IllegalArgumentException("no alias is used: " + node.getStartMark());
        };
        String tag = node.getTag().getValue();
        return tag.startsWith("!") ? Map.of(tag.substring(1), value) : value;
    }
}
