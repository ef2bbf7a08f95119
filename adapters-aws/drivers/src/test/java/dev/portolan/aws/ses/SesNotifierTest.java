package dev.portolan.aws.ses;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.intake.Notification;
import dev.portolan.intake.Notifier;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.StateStore;
import dev.portolan.testing.NotifierContract;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.services.sesv2.SesV2ClientBuilder;
import software.amazon.awssdk.services.sesv2.model.SendEmailRequest;

@Timeout(60)
class SesNotifierTest extends NotifierContract {

    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2030-01-01T00:00:00Z"));

    private final MotoMail mail = MotoMail.verified();
    private final StateStore store = new InMemoryStateStore(CLOCK);

    /// Others wait ten times as long as they would: the machine may be busy.
    @Override
    protected Notifier open() {
        return notifier(mail.sender(), MotoMail.client());
    }

    private Notifier notifier(String sender, SesV2ClientBuilder client) {
        return new SesNotifier(sender, store, () -> client, CLOCK, pause -> Thread.sleep(pause.multipliedBy(10)));
    }

    @Override
    protected List<String> subjects() {
        return mail.subjects();
    }

    @Test
    void theHashOfTheKeyIsAHeaderAndATag() {
        AtomicReference<SendEmailRequest> sent = new AtomicReference<>();
        SesV2ClientBuilder client = MotoMail.client()
                .overrideConfiguration(call -> call.apiCallTimeout(Duration.ofSeconds(20))
                        .addExecutionInterceptor(new ExecutionInterceptor() {
                            @Override
                            public void beforeExecution(
                                    Context.BeforeExecution context, ExecutionAttributes attributes) {
                                sent.set((SendEmailRequest) context.request());
                            }
                        }));

        notifier("Zoë <" + mail.address() + ">", client).send(message());

        SendEmailRequest request = sent.get();
        assertThat(request.fromEmailAddress()).isEqualTo("=?UTF-8?B?Wm/Dqw==?= <" + mail.address() + ">");
        assertThat(request.destination().toAddresses()).containsExactly("user@example.com");
        assertThat(request.content().simple().headers()).singleElement().satisfies(header -> {
            assertThat(header.name()).isEqualTo("X-Portolan-Key");
            assertThat(header.value()).isEqualTo("259c938cee68d44e4635b6057e324acf");
        });
        assertThat(request.emailTags()).singleElement().satisfies(tag -> {
            assertThat(tag.name()).isEqualTo("portolan-key");
            assertThat(tag.value()).isEqualTo("259c938cee68d44e4635b6057e324acf");
        });
        assertThat(request.content().simple().subject().charset()).isEqualTo("UTF-8");
        assertThat(request.content().simple().body().text().data()).isEqualTo("Grüße\n");
    }

    @Test
    void whatIsRememberedHoldsNoWordOfTheMail() {
        open().send(message());

        assertThat(store.find("mail:259c938cee68d44e4635b6057e324acf")).hasValueSatisfying(entry -> {
            assertThat(new String(entry.value(), UTF_8)).doesNotContain("Welcome", "Grüße", "user@example.com");
            assertThat(entry.expiresAt()).isEqualTo(CLOCK.instant().plus(Duration.ofDays(180)));
        });
    }

    private static Notification message() {
        return new Notification("run/notify", "user@example.com", "Welcome", "Grüße\n");
    }
}
