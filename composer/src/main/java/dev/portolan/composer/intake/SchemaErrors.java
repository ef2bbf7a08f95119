package dev.portolan.composer.intake;

import static java.util.Map.entry;

import dev.harrel.jsonschema.Error;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Violation;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Says what a payload breaks in a schema. The library's own messages quote the payload; these have the
/// schema's words only.
final class SchemaErrors {

    /// Keywords that fail only because something below them fails, which is reported by itself.
    private static final Set<String> PASSING_ON = Set.of("allOf", "if", "dependentSchemas");

    /// Keywords below which a mismatch is no violation, but a question answered.
    private static final Set<String> ASKING = Set.of("contains", "if");

    /// What is said of a keyword; `%s` is what the schema has for it.
    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("type", "must be %s"),
            entry("enum", "must be one of %s"),
            entry("const", "must be %s"),
            entry("format", "must have the format %s"),
            entry("pattern", "must match the pattern %s"),
            entry("minLength", "must have at least %s characters"),
            entry("maxLength", "must have at most %s characters"),
            entry("minimum", "must be at least %s"),
            entry("maximum", "must be at most %s"),
            entry("exclusiveMinimum", "must be more than %s"),
            entry("exclusiveMaximum", "must be less than %s"),
            entry("multipleOf", "must be a multiple of %s"),
            entry("minItems", "must have at least %s items"),
            entry("maxItems", "must have at most %s items"),
            entry("uniqueItems", "must not have equal items"),
            entry("contains", "has no item of the kind that it must contain"),
            entry("minContains", "must have at least %s items of the kind that it must contain"),
            entry("maxContains", "must have at most %s items of the kind that it must contain"),
            entry("minProperties", "must have at least %s fields"),
            entry("maxProperties", "must have at most %s fields"),
            entry("anyOf", "matches none of the alternatives"),
            entry("oneOf", "must match exactly one of the alternatives"),
            entry("not", "matches what it must not"));

    private SchemaErrors() {}

    /// The violations in what the library found of a payload that does not keep the schema, each once.
    static List<Violation> violations(List<Error> errors, @Nullable Object payload, @Nullable Object schema) {
        List<String> asked = errors.stream()
                .filter(error -> ASKING.contains(String.valueOf(error.getKeyword())))
                .map(error -> error.getEvaluationPath() + "/")
                .toList();
        Set<Violation> violations = new LinkedHashSet<>();
        for (Error error : errors) {
            if (PASSING_ON.contains(String.valueOf(error.getKeyword()))
                    || asked.stream().anyMatch(error.getEvaluationPath()::startsWith)) {
                continue;
            }
            violations.addAll(violations(error, payload, schema));
        }
        // The library lists no failure that has no message.
        return violations.isEmpty() ? List.of(new Violation("", "does not keep the schema")) : List.copyOf(violations);
    }

    private static List<Violation> violations(Error error, @Nullable Object payload, @Nullable Object schema) {
        String keyword = error.getKeyword();
        String pointer = error.getInstanceLocation();
        if (keyword == null) {
            return List.of(new Violation(pointer, "not allowed here"));
        }
        String location = error.getSchemaLocation();
        Object wanted = at(schema, Pointer.child(location.substring(location.indexOf('#') + 1), keyword));
        if (keyword.equals("required") || keyword.equals("dependentRequired")) {
            return missing(wanted, at(payload, pointer)).stream()
                    .map(name -> new Violation(Pointer.child(pointer, name), "missing"))
                    .toList();
        }
        String reason = keyword.equals("format") && "email".equals(wanted)
                ? "not an e-mail address"
                : REASONS.getOrDefault(keyword, "does not keep the schema's " + keyword)
                        .formatted(keyword.equals("type") ? types(wanted) : text(wanted));
        boolean ofName = error.getEvaluationPath().contains("/propertyNames/");
        return List.of(new Violation(pointer, ofName ? "a field's name " + reason : reason));
    }

    /// The names that `required`, or `dependentRequired` by a name that is there, asks for in vain.
    private static List<String> missing(@Nullable Object wanted, @Nullable Object payload) {
        List<String> missing = new ArrayList<>();
        if (!(payload instanceof Map<?, ?> object)) {
            return missing;
        }
        if (wanted instanceof Map<?, ?> byName) {
            byName.forEach((name, names) -> {
                if (object.containsKey(name)) {
                    missing.addAll(missing(names, object));
                }
            });
        } else if (wanted instanceof List<?> names) {
            names.stream().filter(name -> !object.containsKey(name)).forEach(name -> missing.add((String) name));
        }
        return missing;
    }

    private static String types(@Nullable Object wanted) {
        List<?> types = wanted instanceof List<?> several ? several : List.of(String.valueOf(wanted));
        return types.stream()
                .map(type -> type.equals("null")
                        ? "null"
                        : ("aio".contains(type.toString().substring(0, 1)) ? "an " : "a ") + type)
                .collect(Collectors.joining(" or "));
    }

    private static String text(@Nullable Object wanted) {
        return switch (wanted) {
            case List<?> several -> several.stream().map(SchemaErrors::text).collect(Collectors.joining(", "));
            case Map<?, ?> _ -> "an object that the schema gives";
            case null -> "null";
            case Object one -> one.toString();
        };
    }

    private static @Nullable Object at(@Nullable Object tree, String pointer) {
        Object place = tree;
        for (String token : pointer.isEmpty()
                ? List.<String>of()
                : List.of(pointer.substring(1).split("/", -1))) {
            String name = token.replace("~1", "/").replace("~0", "~");
            place = switch (place) {
                case Map<?, ?> object -> object.get(name);
                case List<?> several -> several.get(Integer.parseInt(name));
                case null, default -> null;
            };
        }
        return place;
    }
}
