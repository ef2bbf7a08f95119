package dev.portolan.composer.intake;

import dev.harrel.jsonschema.Evaluator;
import dev.harrel.jsonschema.EvaluatorFactory;
import dev.harrel.jsonschema.FormatEvaluatorFactory;
import dev.harrel.jsonschema.InvalidSchemaException;
import dev.harrel.jsonschema.JsonNode;
import dev.harrel.jsonschema.JsonNodeFactory;
import dev.harrel.jsonschema.JsonSchemaException;
import dev.harrel.jsonschema.SchemaParsingContext;
import dev.harrel.jsonschema.Validator;
import dev.harrel.jsonschema.ValidatorFactory;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.intake.AddressCheck;
import dev.portolan.intake.Schemas;
import dev.portolan.json.Shape;
import dev.portolan.state.Codec;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// JSON Schemas in a folder: `customer` is the file `customer.json`, of draft 2020-12 unless its `$schema` says
/// otherwise.
///
/// A `format` is checked; `email` means what an [AddressCheck] says. A `$ref` stays within its file: nothing is
/// fetched.
public final class JsonSchemas implements Schemas {

    private final Folder folder;
    private final Codec codec;
    private final AddressCheck addresses;

    /// Schemas in a folder.
    ///
    /// @param codec reads JSON text
    public JsonSchemas(Path folder, Codec codec, AddressCheck addresses) {
        this.folder = new Folder(folder, "schema", ".json");
        this.codec = codec;
        this.addresses = addresses;
    }

    @Override
    public Schema load(String name) {
        byte[] text = folder.read(name);
        String file = folder.file(name).toString();
        Object schema = decoded(text, file);
        Validator validator = new ValidatorFactory()
                .withJsonNodeFactory(new Trees())
                .withEvaluatorFactory(EvaluatorFactory.compose(this::email, new FormatEvaluatorFactory()))
                .createValidator();
        URI uri = URI.create("schema:/" + name + ".json");
        try {
            validator.registerSchema(uri, new TreeNode(schema, ""));
        } catch (InvalidSchemaException e) {
            throw Failure.invalid(e.getErrors().stream()
                    .filter(error -> !"allOf".equals(error.getKeyword()))
                    .map(error -> new Violation(file + "#" + error.getInstanceLocation(), error.getError()))
                    .distinct()
                    .toList());
        } catch (JsonSchemaException | IllegalArgumentException e) {
            throw new Failure(
                    Failure.Code.INVALID,
                    file + "#: write https://json-schema.org/draft/2020-12/schema for $schema, and a URI for $id",
                    e);
        }
        List<Violation> unresolved = new References(validator, file).unresolved(schema, uri);
        if (!unresolved.isEmpty()) {
            throw Failure.invalid(unresolved);
        }
        return payload -> check(validator, uri, payload, schema);
    }

    private static List<Violation> check(
            Validator validator, URI uri, Map<String, Object> payload, @Nullable Object schema) {
        try {
            Object tree = Shape.tree(payload, "");
            Validator.Result result = validator.validate(uri, new TreeNode(tree, ""));
            return result.isValid() ? List.of() : SchemaErrors.violations(result.getErrors(), tree, schema);
        } catch (Failure e) {
            // A value that no schema can look at, at its place.
            return e.violations();
        }
    }

    private @Nullable Object decoded(byte[] text, String file) {
        try {
            return codec.decode(text);
        } catch (Failure e) {
            throw new Failure(Failure.Code.INVALID, file + ": " + e.detail(), e);
        }
    }

    private Optional<Evaluator> email(SchemaParsingContext context, String keyword, JsonNode format) {
        if (!keyword.equals("format")
                || !format.isString()
                || !format.asString().equals("email")) {
            return Optional.empty();
        }
        return Optional.of((evaluation, node) -> !node.isString() || addresses.accepts(node.asString())
                ? Evaluator.Result.success()
                : Evaluator.Result.failure("not an e-mail address"));
    }

    /// Reads what the library itself brings: the meta-schemas.
    private final class Trees implements JsonNodeFactory {

        @Override
        public JsonNode wrap(Object node) {
            return node instanceof JsonNode wrapped ? wrapped : new TreeNode(node, "");
        }

        @Override
        public JsonNode create(String text) {
            return new TreeNode(codec.decode(text.getBytes(StandardCharsets.UTF_8)), "");
        }
    }
}
