package dev.portolan.aws.secrets;

import dev.portolan.driver.Driver;
import dev.portolan.secret.Secrets;

/// Secrets in Secrets Manager, `secretsmanager:PREFIX`: in the region, with the credentials and at the endpoint
/// that AWS's own tools would take.
public final class SecretsManagerDriver implements Driver {

    @Override
    public String scheme() {
        return "secretsmanager";
    }

    @Override
    public Secrets secrets(String prefix, Host host) {
        return ManagedSecrets.open(prefix, host);
    }
}
