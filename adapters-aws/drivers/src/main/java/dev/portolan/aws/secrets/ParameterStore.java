package dev.portolan.aws.secrets;

import dev.portolan.aws.client.Calls;
import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.Resource;
import dev.portolan.driver.Driver;
import dev.portolan.failure.Failure;
import dev.portolan.secret.Secrets;
import java.time.InstantSource;
import java.util.function.Supplier;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.SsmClientBuilder;

/// Secrets in SSM's Parameter Store, by names under a prefix. Each is kept for five minutes.
public final class ParameterStore implements Secrets {

    private final Kept kept;
    private final Calls<SsmClient> calls;

    /// @param prefix what every name begins with: `/portolan/`; may be empty
    /// @param client how to make the client, once it is needed
    /// @throws Failure `FAILED_PRECONDITION` if the prefix is none
    public ParameterStore(String prefix, Supplier<SsmClientBuilder> client, InstantSource clock) {
        this.calls = new Calls<>(new Resource(Resource.Service.PARAMETER_STORE, "parameters", prefix + "*"), client);
        this.kept = new Kept(prefix, this::read, clock);
    }

    static ParameterStore open(String prefix, Driver.Host host) {
        return new ParameterStore(prefix, () -> LightClients.light(SsmClient.builder()), host.clock());
    }

    @Override
    public String find(String name) {
        return kept.find(name);
    }

    private String read(String id) {
        return calls.read(
                        new Resource(Resource.Service.PARAMETER_STORE, "parameter", id),
                        (client, attempts) -> client.getParameter(
                                get -> get.name(id).withDecryption(true).overrideConfiguration(attempts.watched())))
                .parameter()
                .value();
    }
}
