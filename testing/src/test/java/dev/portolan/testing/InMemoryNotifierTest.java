package dev.portolan.testing;

import dev.portolan.intake.InMemoryNotifier;
import dev.portolan.intake.Notification;
import dev.portolan.intake.Notifier;
import java.util.List;

class InMemoryNotifierTest extends NotifierContract {

    private final InMemoryNotifier notifier = new InMemoryNotifier();

    @Override
    protected Notifier open() {
        return notifier;
    }

    @Override
    protected List<String> subjects() {
        return notifier.sent().stream().map(Notification::subject).toList();
    }
}
