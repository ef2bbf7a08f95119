package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/// A YAML text (1.2, JSON schema) as a plain tree that still knows on which line each part stands. Anchors and a name
/// that comes twice in one mapping are refused.
final class YamlSource {

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final @Nullable Object tree;

    /// Reads a text.
    ///
    /// @param name how messages call it, the file's path
    /// @throws Failure `INVALID` with the line
    YamlSource(String name, String text) {
        this.name = name;
        try {
            LoadSettings settings = LoadSettings.builder()
                    .setLabel(name)
                    .setAllowNonScalarKeys(true) // refused below, with the line
                    .build();
            this.tree = new Compose(settings)
                    .composeString(text)
                    .map(node -> value(node, ""))
                    .orElseThrow(() -> Failure.invalid(place(""), "the file is empty"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw Failure.invalid(name + ":" + line, "not YAML: " + e.getProblem());
        } catch (StackOverflowError e) {
            throw Failure.invalid(name, "nested too deeply");
        } catch (YamlEngineException e) {
            throw Failure.invalid(name, "not YAML: " + e.getMessage());
        }
    }

    @Nullable
    Object tree() {
        return tree;
    }

    /// Where the part that a JSON Pointer names stands, or the nearest part around it: `file:line`.
    String place(String pointer) {
        String part = pointer;
        while (!lines.containsKey(part) && !part.isEmpty()) {
            part = part.substring(0, part.lastIndexOf('/'));
        }
        return name + ":" + lines.getOrDefault(part, 1);
    }

    private @Nullable Object value(Node node, String pointer) {
        lines.putIfAbsent(pointer, line(node));
        if (node.getAnchor().isPresent()) {
            throw Failure.invalid(place(pointer), "anchors are not supported; write it out");
        }
        // One test after the other, as in Shape: a switch over types costs a cold start milliseconds.
        if (node instanceof MappingNode mapping) {
            return object(mapping, pointer);
        }
        if (node instanceof SequenceNode sequence) {
            return list(sequence, pointer);
        }
        if (node instanceof ScalarNode scalar) {
            return scalar(scalar, pointer);
        }
        throw Failure.invalid(place(pointer), "not a mapping, a list or a scalar");
    }

    private List<@Nullable Object> list(SequenceNode sequence, String pointer) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Node element : sequence.getValue()) {
            list.add(value(element, Pointer.child(pointer, String.valueOf(list.size()))));
        }
        return list;
    }

    private Map<String, @Nullable Object> object(MappingNode mapping, String pointer) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (NodeTuple member : mapping.getValue()) {
            if (!(member.getKeyNode() instanceof ScalarNode key)) {
                throw Failure.invalid(name + ":" + line(member.getKeyNode()), "a key must be a plain text");
            }
            String child = Pointer.child(pointer, key.getValue());
            if (object.containsKey(key.getValue())) {
                throw Failure.invalid(
                        name + ":" + line(key), "'" + key.getValue() + "' is there already, at " + place(child));
            }
            lines.put(child, line(key));
            object.put(key.getValue(), value(member.getValueNode(), child));
        }
        return object;
    }

    private @Nullable Object scalar(ScalarNode scalar, String pointer) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return text;
        }
        if (tag.equals(Tag.NULL)) {
            return null;
        }
        if (tag.equals(Tag.BOOL)) {
            return Boolean.valueOf(text);
        }
        try {
            if (tag.equals(Tag.INT)) {
                BigInteger number = new BigInteger(text);
                if (number.bitLength() < Integer.SIZE) {
                    return number.intValue();
                }
                return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
            }
            if (tag.equals(Tag.FLOAT)) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            throw Failure.invalid(place(pointer), "not a number that JSON has");
        }
        throw Failure.invalid(place(pointer), "the tag " + tag + " is not supported");
    }

    private static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
