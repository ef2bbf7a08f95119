package dev.portolan.intake;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.invocation.Invocation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Sends a mail to a payload's `email` and adds `notification`, an object with the message's `id`, to the
/// payload.
///
/// The message's key is that of the [Invocation]: within a pipeline a step that is repeated sends nothing
/// again.
///
/// A payload without an `email` that is a string, or without a field that the template uses, is refused as
/// `INVALID`.
public final class Notify implements Function<Map<String, Object>, Map<String, Object>> {

    /// What is sent.
    ///
    /// @param template the template's name
    public record Config(String template) {

        /// The template `welcome`.
        public static final Config USUAL = new Config("welcome");
    }

    private final Notifier notifier;
    private final Template template;

    /// A sender by a configuration. Its template is loaded here and never again.
    ///
    /// @throws Failure as [Templates#load]
    public Notify(Notifier notifier, Templates templates, Config config) {
        this.notifier = notifier;
        this.template = templates.load(config.template());
    }

    @Override
    public Map<String, Object> apply(Map<String, Object> payload) {
        String to = Fields.email(payload);
        Violation flaw = Notification.headerFlaw(Fields.pointer(Fields.EMAIL), to);
        if (flaw != null) {
            throw Failure.invalid(List.of(flaw));
        }
        String id = notifier.send(template.fill(Invocation.current().key(), to, payload));
        Map<String, Object> notified = new LinkedHashMap<>(payload);
        notified.put("notification", Map.of("id", id));
        return notified;
    }
}
