package dev.portolan.aws.secrets;

import dev.portolan.driver.Driver;
import dev.portolan.secret.Secrets;

/// Secrets in SSM's Parameter Store, `ssm:/PREFIX/`: in the region, with the credentials and at the endpoint that
/// AWS's own tools would take.
public final class ParameterStoreDriver implements Driver {

    @Override
    public String scheme() {
        return "ssm";
    }

    @Override
    public Secrets secrets(String prefix, Host host) {
        return ParameterStore.open(prefix, host);
    }
}
