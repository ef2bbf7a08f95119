package dev.portolan.aws.secrets;

import dev.portolan.aws.client.Calls;
import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.Resource;
import dev.portolan.driver.Driver;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.secret.Secrets;
import java.time.InstantSource;
import java.util.function.Supplier;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/// Secrets in AWS Secrets Manager, as texts, by names under a prefix. Each is kept for five minutes.
public final class ManagedSecrets implements Secrets {

    private final Kept kept;
    private final Calls<SecretsManagerClient> calls;

    /// @param prefix what every name begins with; may be empty
    /// @param client how to make the client, once it is needed
    /// @throws Failure `FAILED_PRECONDITION` if the prefix is none
    public ManagedSecrets(String prefix, Supplier<SecretsManagerClientBuilder> client, InstantSource clock) {
        this.calls = new Calls<>(new Resource(Resource.Service.SECRETS_MANAGER, "secrets", prefix + "*"), client);
        this.kept = new Kept(prefix, this::read, clock);
    }

    static ManagedSecrets open(String prefix, Driver.Host host) {
        return new ManagedSecrets(prefix, () -> LightClients.light(SecretsManagerClient.builder()), host.clock());
    }

    @Override
    public String find(String name) {
        return kept.find(name);
    }

    private String read(String id) {
        Resource secret = new Resource(Resource.Service.SECRETS_MANAGER, "secret", id);
        String text = calls.read(
                        secret,
                        (client, attempts) -> client.getSecretValue(
                                get -> get.secretId(id).overrideConfiguration(attempts.watched())))
                .secretString();
        if (text == null) {
            throw new Failure(Code.FAILED_PRECONDITION, "the " + secret + " is binary; store a text");
        }
        return text;
    }
}
