package dev.portolan.aws.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.OnMoto;
import dev.portolan.secret.Secrets;
import dev.portolan.testing.Moto;
import dev.portolan.testing.SecretsContract;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.SsmClientBuilder;
import software.amazon.awssdk.services.ssm.model.ParameterType;

@Timeout(60)
class ParameterStoreTest extends SecretsContract {

    private final String prefix = "/" + Moto.name("parameters") + "/";
    private final SsmClient owner = client().build();
    private Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final ParameterStore secrets = new ParameterStore(prefix, ParameterStoreTest::client, () -> now);

    private static SsmClientBuilder client() {
        return OnMoto.at(LightClients.light(SsmClient.builder()));
    }

    @AfterEach
    void close() {
        owner.close();
    }

    @Override
    protected Secrets secrets() {
        return secrets;
    }

    @Override
    protected void store(String name, String secret) {
        store(name, secret, ParameterType.SECURE_STRING);
    }

    private void store(String name, String secret, ParameterType type) {
        owner.putParameter(
                put -> put.name(prefix + name).value(secret).type(type).overwrite(true));
    }

    @Override
    protected void pass(Duration duration) {
        now = now.plus(duration);
    }

    @Test
    void aPlainParameterIsFoundToo() {
        store("address", "https://example.com", ParameterType.STRING);

        assertThat(secrets.find("address")).isEqualTo("https://example.com");
    }
}
