package dev.portolan.intake;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Violation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A mail with places that a payload's fields fill. Immutable.
///
/// ```
/// Subject: Welcome {name}
///
/// Hello {name}, we hope that you like {address.city}.
/// ```
///
/// The first line is the subject, the second is empty, the rest is the body. `{address.city}` is the field
/// `city` of the object `address`; `{{` and `}}` stand for braces.
public final class Template {

    private static final String SUBJECT = "Subject:";
    private static final Pattern TOKEN =
            Pattern.compile("\\{\\{|}}|\\{(?<path>[^\\s{}.]+(?:\\.[^\\s{}.]+)*)}|[{}]|[^{}]+");

    /// A run of text, or the path of the field that stands in its place.
    private sealed interface Part {
        record Text(String text) implements Part {}

        record Field(List<String> path) implements Part {}
    }

    private final List<Part> subject;
    private final List<Part> body;

    private Template(List<Part> subject, List<Part> body) {
        this.subject = subject;
        this.body = body;
    }

    /// Reads a template.
    ///
    /// @param name what errors call it, such as its file
    /// @throws Failure `INVALID` with every mistake's line and remedy
    public static Template parse(String name, String text) {
        List<String> lines = text.lines().toList();
        List<Violation> mistakes = new ArrayList<>();
        String first = lines.isEmpty() ? "" : lines.getFirst();
        String subject =
                first.startsWith(SUBJECT) ? first.substring(SUBJECT.length()).strip() : "";
        if (subject.isEmpty()) {
            mistakes.add(new Violation(name + ":1", "the subject is missing; begin with 'Subject: ' and its text"));
        } else if (Notification.headerFlaw(name, subject) != null) {
            mistakes.add(new Violation(name + ":1", "control character in the subject; take it out"));
        }
        if (lines.size() > 1 && !lines.get(1).isBlank()) {
            mistakes.add(new Violation(name + ":2", "must be empty; put an empty line between subject and body"));
        }
        List<String> rest = lines.size() > 2 ? lines.subList(2, lines.size()) : List.of();
        if (String.join("", rest).isBlank()) {
            mistakes.add(new Violation(name + ":3", "the body is missing; write it after an empty line"));
        }
        List<Part> subjectParts = parts(name + ":1", subject, mistakes);
        List<Part> bodyParts = new ArrayList<>();
        for (int i = 0; i < rest.size(); i++) {
            bodyParts.addAll(parts(name + ":" + (i + 3), rest.get(i), mistakes));
            bodyParts.add(new Part.Text("\n"));
        }
        if (!mistakes.isEmpty()) {
            throw Failure.invalid(mistakes);
        }
        return new Template(subjectParts, bodyParts);
    }

    private static List<Part> parts(String place, String line, List<Violation> mistakes) {
        List<Part> parts = new ArrayList<>();
        Matcher token = TOKEN.matcher(line);
        while (token.find()) {
            String path = token.group("path");
            if (path != null) {
                parts.add(new Part.Field(List.of(path.split("\\."))));
                continue;
            }
            switch (token.group()) {
                case "{{" -> parts.add(new Part.Text("{"));
                case "}}" -> parts.add(new Part.Text("}"));
                case "{" ->
                    mistakes.add(new Violation(
                            place,
                            "'{' begins no placeholder such as {name} or {address.city}; write '{{' for a brace"));
                case "}" -> mistakes.add(new Violation(place, "'}' ends no placeholder; write '}}' for a brace"));
                default -> parts.add(new Part.Text(token.group()));
            }
        }
        return parts;
    }

    /// The mail that a payload's fields make.
    ///
    /// @throws Failure `INVALID` with every field that is missing, null, an object or a list, and every one
    ///     whose value would break the subject's line
    public Notification fill(String key, String to, Map<String, Object> payload) {
        Set<Violation> violations = new LinkedHashSet<>();
        String filledSubject = fill(subject, payload, true, violations);
        String filledBody = fill(body, payload, false, violations);
        if (!violations.isEmpty()) {
            throw Failure.invalid(List.copyOf(violations));
        }
        return new Notification(key, to, filledSubject, filledBody);
    }

    private static String fill(
            List<Part> parts, Map<String, Object> payload, boolean header, Set<Violation> violations) {
        StringBuilder filled = new StringBuilder();
        for (Part part : parts) {
            if (part instanceof Part.Text(String text)) {
                filled.append(text);
            } else if (part instanceof Part.Field(List<String> path)) {
                Object value = value(path, payload);
                Violation flaw = flaw(path, value, header);
                if (flaw != null) {
                    violations.add(flaw);
                }
                filled.append(value);
            }
        }
        return filled.toString();
    }

    /// What keeps a value out of its place, or null where nothing does.
    private static @Nullable Violation flaw(List<String> path, @Nullable Object value, boolean header) {
        if (value == null) {
            return new Violation(pointer(path), "missing, but the template uses it");
        }
        if (value instanceof Map || value instanceof List) {
            return new Violation(
                    pointer(path), (value instanceof Map ? "an object" : "a list") + ", where a string goes");
        }
        return header ? Notification.headerFlaw(pointer(path), value.toString()) : null;
    }

    private static String pointer(List<String> path) {
        String pointer = "";
        for (String name : path) {
            pointer = Pointer.child(pointer, name);
        }
        return pointer;
    }

    private static @Nullable Object value(List<String> path, Map<String, Object> payload) {
        Object value = payload;
        for (String name : path) {
            value = value instanceof Map<?, ?> object ? object.get(name) : null;
        }
        return value;
    }
}
