package dev.portolan.testing;

import dev.portolan.secret.EnvironmentSecrets;
import dev.portolan.secret.Secrets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

class EnvironmentSecretsTest extends SecretsContract {

    private final Map<String, String> environment = new HashMap<>();
    private final Secrets secrets = new EnvironmentSecrets(environment);

    @Override
    protected Secrets secrets() {
        return secrets;
    }

    @Override
    protected void store(String name, String secret) {
        environment.put(name.toUpperCase(Locale.ROOT).replace('-', '_'), secret);
    }

    @Override
    protected void pass(Duration duration) {}
}
