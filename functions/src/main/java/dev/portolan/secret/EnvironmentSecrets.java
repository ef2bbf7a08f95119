package dev.portolan.secret;

import dev.portolan.failure.Failure;
import java.util.Locale;
import java.util.Map;

/// Secrets in variables of the environment: `probe-token` is `PROBE_TOKEN`.
///
/// @param environment as of [System#getenv()]
public record EnvironmentSecrets(Map<String, String> environment) implements Secrets {

    @Override
    public String find(String name) {
        String variable = name.toUpperCase(Locale.ROOT).replace('-', '_');
        String secret = environment.get(variable);
        if (secret == null || secret.isEmpty()) {
            throw new Failure(
                    Failure.Code.NOT_FOUND, "there is no secret '" + name + "': set it in the variable " + variable);
        }
        return secret;
    }

    /// The number of variables, and no value.
    @Override
    public String toString() {
        return "EnvironmentSecrets[" + environment.size() + " variables]";
    }
}
