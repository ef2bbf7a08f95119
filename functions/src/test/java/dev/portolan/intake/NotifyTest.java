package dev.portolan.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NotifyTest {

    private static final Template WELCOME = Template.parse("welcome", "Subject: Welcome {name}\n\nHello {name}.\n");
    private static final Map<String, Object> ADA = Map.of("email", "ada@example.com", "name", "Ada");

    private final InMemoryNotifier notifier = new InMemoryNotifier();
    private final Notify notify = new Notify(notifier, name -> WELCOME, Notify.Config.USUAL);

    @Test
    void sendsTheFilledTemplateToTheAddress() {
        notify.apply(ADA);

        Notification sent = notifier.sent().getFirst();
        assertThat(sent.to()).isEqualTo("ada@example.com");
        assertThat(sent.subject()).isEqualTo("Welcome Ada");
        assertThat(sent.body()).isEqualTo("Hello Ada.\n");
    }

    @Test
    void addsTheMessagesIdToWhatItWasGiven() {
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("name", "Ada");
        payload.put("email", "ada@example.com");
        payload.put("note", null);

        Map<String, Object> notified = attempt(1, payload);

        assertThat(notified.keySet()).containsExactly("name", "email", "note", "notification");
        assertThat(notified).containsEntry("notification", Map.of("id", "memory:order-7/notify"));
    }

    @Test
    void leavesItsInputAsItWas() {
        Map<String, Object> payload = Collections.unmodifiableMap(new LinkedHashMap<>(ADA));

        notify.apply(payload);

        assertThat(payload).isEqualTo(ADA);
    }

    @Test
    void anotherAttemptAtTheSameStepSendsNothingAgain() {
        assertThat(attempt(1, ADA)).isEqualTo(attempt(2, ADA));
        assertThat(notifier.sent()).hasSize(1);
    }

    @Test
    void everyCallOutsideAPipelineSendsItsOwn() {
        notify.apply(ADA);
        notify.apply(ADA);

        assertThat(notifier.sent()).hasSize(2);
    }

    @Test
    void loadsWelcomeOnceWhereNoTemplateIsNamed() {
        assertThat(loaded(Notify.Config.USUAL)).containsExactly("welcome");
    }

    @Test
    void loadsTheNamedTemplateOnce() {
        assertThat(loaded(new Notify.Config("farewell"))).containsExactly("farewell");
    }

    @Test
    void refusesAnUnknownTemplateWhenItIsMade() {
        Failure unknown = new Failure(Failure.Code.NOT_FOUND, "no such template");
        Templates none = name -> {
            throw unknown;
        };

        assertThatThrownBy(() -> new Notify(notifier, none, new Notify.Config("welcom")))
                .isSameAs(unknown);
    }

    @Test
    void refusesAPayloadWithoutAddress() {
        assertThat(violations(Map.of("name", "Ada"))).containsExactly(new Violation("/email", "missing"));
    }

    @Test
    void refusesAnAddressThatIsNoString() {
        assertThat(violations(Map.of("name", "Ada", "email", List.of())))
                .containsExactly(new Violation("/email", "must be a string"));
    }

    @Test
    void refusesAnAddressThatWouldForgeAHeader() {
        assertThat(violations(Map.of("name", "Ada", "email", "ada@example.com\nBcc: all@example.com")))
                .containsExactly(new Violation("/email", "line break in a header"));
    }

    @Test
    void sendsNothingWhereAFieldIsMissing() {
        violations(Map.of("email", "ada@example.com"));

        assertThat(notifier.sent()).isEmpty();
    }

    private Map<String, Object> attempt(int attempt, Map<String, Object> payload) {
        return new Invocation("order-7", "notify", attempt, null, Headers.NONE).call(() -> notify.apply(payload));
    }

    private List<Violation> violations(Map<String, Object> payload) {
        return catchThrowableOfType(Failure.class, () -> notify.apply(payload)).violations();
    }

    private List<String> loaded(Notify.Config config) {
        List<String> loaded = new ArrayList<>();
        Notify configured = new Notify(
                notifier,
                name -> {
                    loaded.add(name);
                    return WELCOME;
                },
                config);
        configured.apply(ADA);
        configured.apply(ADA);
        return loaded;
    }
}
