package dev.portolan.intake;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Keeps messages instead of sending them: for tests.
public final class InMemoryNotifier implements Notifier {

    private final Map<String, Notification> sent = new LinkedHashMap<>();

    @Override
    public synchronized String send(Notification notification) {
        Notification first = sent.putIfAbsent(notification.key(), notification);
        if (first != null && !first.equals(notification)) {
            throw Notification.keyReused();
        }
        return "memory:" + notification.key();
    }

    /// What was sent so far, in order.
    public synchronized List<Notification> sent() {
        return List.copyOf(sent.values());
    }
}
