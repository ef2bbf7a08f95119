package dev.portolan.intake;

import static dev.portolan.intake.Fields.EMAIL;
import static dev.portolan.intake.Fields.MISSING;
import static dev.portolan.intake.Fields.NO_STRING;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Checks a payload and answers it with its `email` in lower case.
///
/// Without a schema a payload needs an `email` that is an e-mail address. A schema takes that rule's place: it
/// says what `email` may be, if it must be there at all. Either way the required fields must be there.
///
/// A payload that breaks a rule is refused as `INVALID` with every violation, and not only the first.
public final class Validate implements Function<Map<String, Object>, Map<String, Object>> {

    /// What more a payload must keep.
    ///
    /// @param required names of fields that must be present and not null
    /// @param schema name of the schema to check against; null for the built-in rule
    public record Config(List<String> required, @Nullable String schema) {

        /// The built-in rule, and no more.
        public static final Config USUAL = new Config(List.of(), null);

        public Config {
            required = List.copyOf(required);
            if (required.contains("")) {
                throw new IllegalArgumentException("required has an empty name; write the names of fields");
            }
        }
    }

    private final Schemas.Schema rule;
    private final List<String> required;

    /// A check by a configuration. Its schema, if it names one, is loaded here and never again.
    ///
    /// @throws Failure as [Schemas#load]
    public Validate(AddressCheck addresses, Schemas schemas, Config config) {
        this.rule = config.schema() == null ? payload -> email(payload, addresses) : schemas.load(config.schema());
        this.required = config.required();
    }

    private static List<Violation> email(Map<String, Object> payload, AddressCheck addresses) {
        Object email = payload.get(EMAIL);
        if (email == null) {
            return List.of(new Violation(Fields.pointer(EMAIL), MISSING));
        }
        if (!(email instanceof String address)) {
            return List.of(new Violation(Fields.pointer(EMAIL), NO_STRING));
        }
        return addresses.accepts(address)
                ? List.of()
                : List.of(new Violation(Fields.pointer(EMAIL), "not an e-mail address"));
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> payload) {
        Set<Violation> violations = new LinkedHashSet<>(rule.check(payload));
        for (String name : required) {
            if (payload.get(name) == null) {
                violations.add(new Violation(Fields.pointer(name), MISSING));
            }
        }
        if (!violations.isEmpty()) {
            throw Failure.invalid(List.copyOf(violations));
        }
        Map<String, Object> valid = new LinkedHashMap<>(payload);
        if (valid.get(EMAIL) instanceof String address) {
            valid.put(EMAIL, address.toLowerCase(Locale.ROOT));
        }
        return valid;
    }
}
