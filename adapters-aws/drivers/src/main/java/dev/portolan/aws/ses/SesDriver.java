package dev.portolan.aws.ses;

import dev.portolan.driver.Driver;
import dev.portolan.intake.Notifier;
import dev.portolan.state.StateStore;

/// Mail by SES, `ses:SENDER`, of which the store remembers what was sent: in the region, with the credentials and
/// at the endpoint that AWS's own tools would take.
public final class SesDriver implements Driver {

    @Override
    public String scheme() {
        return "ses";
    }

    @Override
    public Notifier notifier(String sender, StateStore sent, Host host) {
        return SesNotifier.open(sender, sent, host, Thread::sleep);
    }
}
