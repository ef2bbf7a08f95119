package dev.portolan.yaml;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.resolver.ScalarResolver;

/// A YAML text (1.2, JSON schema) as a plain tree that still knows on which line each part stands. Anchors and
/// a name that comes twice in one mapping are refused.
public final class YamlSource {

    private final String name;
    private final Map<String, Integer> lines = new HashMap<>();
    private final ScalarResolver resolver;
    private final Object tree;

    /// Reads a text.
    ///
    /// @param name how messages call it, the file's path
    /// @throws Failure `INVALID` with the line
    public YamlSource(String name, String text) {
        this.name = name;
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(name).build();
            this.resolver = settings.getSchema().getScalarResolver();
            Iterator<Event> events = new Parse(settings).parseString(text).iterator();
            events.next(); // the stream's start
            Object root = events.next().getEventId() == Event.ID.StreamEnd ? null : value(events.next(), "", events);
            if (root == null) {
                throw Failure.invalid(place(""), "the file is empty");
            }
            events.next(); // the document's end
            Event last = events.next();
            if (last.getEventId() != Event.ID.StreamEnd) {
                throw Failure.invalid(name + ":" + line(last), "not YAML: a second document begins; make it a file");
            }
            this.tree = root;
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            throw Failure.invalid(name + ":" + line, "not YAML: " + e.getProblem());
        } catch (StackOverflowError e) {
            throw Failure.invalid(name, "nested too deeply");
        } catch (YamlEngineException e) {
            throw Failure.invalid(name, "not YAML: " + e.getMessage());
        }
    }

    /// The whole: maps, lists, texts, numbers, booleans.
    public Object tree() {
        return tree;
    }

    /// Where a part stands, as `file:line`; where it is not there, where what should hold it does.
    public String place(String pointer) {
        String part = pointer;
        while (!lines.containsKey(part) && !part.isEmpty()) {
            part = part.substring(0, part.lastIndexOf('/'));
        }
        return name + ":" + lines.getOrDefault(part, 1);
    }

    private @Nullable Object value(Event event, String pointer, Iterator<Event> rest) {
        lines.putIfAbsent(pointer, line(event));
        if (event instanceof AliasEvent alias) {
            throw Failure.invalid(
                    place(pointer), "not YAML: '*" + alias.getAlias() + "' stands for nothing; write it out");
        }
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            throw Failure.invalid(place(pointer), "anchors are not supported; write it out");
        }
        if (event instanceof ScalarEvent scalar) {
            return scalar(scalar, pointer);
        }
        return event.getEventId() == Event.ID.MappingStart ? object(pointer, rest) : list(pointer, rest);
    }

    private List<@Nullable Object> list(String pointer, Iterator<Event> rest) {
        List<@Nullable Object> list = new ArrayList<>();
        for (Event element = rest.next(); element.getEventId() != Event.ID.SequenceEnd; element = rest.next()) {
            list.add(value(element, Pointer.child(pointer, String.valueOf(list.size())), rest));
        }
        return list;
    }

    private Map<String, @Nullable Object> object(String pointer, Iterator<Event> rest) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (Event member = rest.next(); member.getEventId() != Event.ID.MappingEnd; member = rest.next()) {
            if (!(member instanceof ScalarEvent key)) {
                throw Failure.invalid(name + ":" + line(member), "a key must be a plain text");
            }
            String child = Pointer.child(pointer, key.getValue());
            if (object.containsKey(key.getValue())) {
                throw Failure.invalid(
                        name + ":" + line(key), "'" + key.getValue() + "' is there already, at " + place(child));
            }
            lines.put(child, line(key));
            object.put(key.getValue(), value(rest.next(), child, rest));
        }
        return object;
    }

    private @Nullable Object scalar(ScalarEvent scalar, String pointer) {
        String text = scalar.getValue();
        String said = scalar.getTag().orElse("!");
        Tag tag = said.equals("!")
                ? resolver.resolve(text, scalar.getImplicit().canOmitTagInPlainScalar())
                : new Tag(said);
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

    private static int line(Event event) {
        return event.getStartMark().orElseThrow().getLine() + 1;
    }
}
