package {package};

import dev.portolan.failure.Failure;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Adds a greeting to whatever it is given.
public final class {Class} implements Function<Map<String, Object>, Map<String, Object>> {

    /// What a pipeline may say under `with:`.
    ///
    /// @param salutation the word before the name; `Hello` where it is left out
    public record Config(Optional<String> salutation) {}

    private final String salutation;

    public {Class}(Config config) {
        this.salutation = config.salutation().orElse("Hello");
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> input) {
        if (!(input.get("name") instanceof String name)) {
            throw Failure.invalid("/name", "missing");
        }
        Map<String, Object> output = new LinkedHashMap<>(input);
        output.put("greeting", salutation + " " + name);
        return output;
    }
}
