package dev.portolan.composer.intake;

import dev.harrel.jsonschema.Validator;
import dev.portolan.failure.Pointer;
import dev.portolan.failure.Violation;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the `$ref`s of a schema that lead nowhere or in a circle, which the library finds out only when a
/// payload comes.
final class References {

    private static final Set<String> NO_SCHEMAS = Set.of("const", "enum", "default", "examples");

    private final Validator validator;
    private final String file;
    private final List<Violation> unresolved = new ArrayList<>();

    /// References of a schema that a validator has registered.
    ///
    /// @param file what errors call the schema
    References(Validator validator, String file) {
        this.validator = validator;
        this.file = file;
    }

    List<Violation> unresolved(@Nullable Object schema, URI uri) {
        search(schema, uri, "");
        return unresolved;
    }

    private void search(@Nullable Object schema, URI base, String pointer) {
        switch (schema) {
            case Map<?, ?> object -> {
                URI own = object.get("$id") instanceof String id ? base.resolve(id) : base;
                if (object.get("$ref") instanceof String reference && !leadsSomewhere(own.resolve(reference))) {
                    unresolved.add(
                            new Violation(
                                    file + "#" + Pointer.child(pointer, "$ref"),
                                    "leads nowhere, or in a circle; put what it means under $defs in this file, nothing is fetched"));
                }
                object.forEach((key, inner) -> {
                    if (key instanceof String name && !NO_SCHEMAS.contains(name)) {
                        search(inner, own, Pointer.child(pointer, name));
                    }
                });
            }
            case List<?> several -> {
                for (int i = 0; i < several.size(); i++) {
                    search(several.get(i), base, Pointer.child(pointer, String.valueOf(i)));
                }
            }
            case null, default -> {}
        }
    }

    /// Asks the library, by a schema that is nothing but the reference.
    private boolean leadsSomewhere(URI target) {
        URI probe = validator.registerSchema(new TreeNode(Map.of("$ref", target.toString()), ""));
        try {
            return validator.validate(probe, new TreeNode(null, "")).getErrors().stream()
                    .noneMatch(error -> error.getEvaluationPath().equals("/$ref") && "$ref".equals(error.getKeyword()));
        } catch (StackOverflowError e) {
            // Null has nothing inside to come to an end with: every payload would end like this.
            return false;
        }
    }
}
