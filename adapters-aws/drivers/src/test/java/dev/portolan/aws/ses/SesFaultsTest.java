package dev.portolan.aws.ses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.aws.client.LightClients;
import dev.portolan.composer.Runner;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.failure.Violation;
import dev.portolan.intake.Notification;
import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.net.ConnectException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What becomes of a mail where SES, the network or this process fails.
@Timeout(60)
class SesFaultsTest {

    private static final Notification MESSAGE =
            new Notification("run/notify", "user@example.com", "Welcome", "Hello.\n");

    private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");
    private final StateStore store = new InMemoryStateStore(() -> now);
    private final MotoMail mail = MotoMail.verified();
    private final AtomicInteger pauses = new AtomicInteger();

    private SesNotifier over(Faults faults) {
        return over(faults, pause -> pauses.incrementAndGet());
    }

    private SesNotifier over(Faults faults, Runner.Sleeper sleeper) {
        return new SesNotifier(mail.sender(), store, () -> faults.under(MotoMail.client()), () -> now, sleeper);
    }

    private static Failure failure(SesNotifier notifier) {
        return catchThrowableOfType(Failure.class, () -> notifier.send(MESSAGE));
    }

    private void assertDoubtForEver() {
        for (Duration later : new Duration[] {Duration.ZERO, Duration.ofHours(1)}) {
            now = now.plus(later);
            Failure again = failure(over(new Faults("SendEmail")));
            assertThat(again.code()).isEqualTo(Code.UNKNOWN);
            assertThat(again.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(again.retryable()).isFalse();
        }
    }

    @Test
    void aMailWhoseAnswerWasLostIsNeverSentAgain() {
        Faults faults = new Faults("SendEmail", Faults.lost());

        Failure failure = failure(over(faults));

        assertThat(failure.code()).isEqualTo(Code.UNKNOWN);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(failure.retryable()).isFalse();
        assertThat(failure.detail())
                .contains("portolan-key=259c938cee68d44e4635b6057e324acf")
                .contains("delete the entry mail:259c938cee68d44e4635b6057e324acf");
        assertThat(faults.requests()).isEqualTo(1);
        assertDoubtForEver();
        assertThat(mail.subjects()).containsExactly("Welcome");
    }

    @Test
    void aPersonWhoDeletesTheEntryHasItSentAgain() {
        failure(over(new Faults("SendEmail", Faults.refused(500, "InternalServiceErrorException"))));

        store.delete(store.find("mail:259c938cee68d44e4635b6057e324acf").orElseThrow());

        assertThat(over(new Faults("SendEmail")).send(MESSAGE))
                .isEqualTo(mail.ids().getFirst());
    }

    @ParameterizedTest
    @CsvSource({"500, InternalServiceErrorException", "503, ServiceUnavailable", "504, GatewayTimeout"})
    void aServerThatFailsMayHaveSentIt(int status, String code) {
        Faults faults = Faults.always("SendEmail", Faults.refused(status, code));

        assertThat(failure(over(faults)).effect()).isEqualTo(Effect.UNKNOWN);

        assertThat(faults.requests()).isEqualTo(1);
        assertDoubtForEver();
    }

    @ParameterizedTest
    @CsvSource({
        "429, TooManyRequestsException, THROTTLED",
        "400, MessageRejected, FAILED_PRECONDITION",
        "400, MailFromDomainNotVerifiedException, FAILED_PRECONDITION",
        "400, SendingPausedException, FAILED_PRECONDITION",
        "400, BadRequestException, INVALID",
        "403, AccessDeniedException, DENIED",
        "403, ExpiredTokenException, UNAUTHENTICATED",
    })
    void aRefusalGivesTheKeyBack(int status, String said, Code code) {
        Faults faults = new Faults("SendEmail", Faults.refused(status, said));
        SesNotifier notifier = over(faults);

        Failure failure = failure(notifier);

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
        assertThat(store.list("", Page.Request.first(9)).entries()).isEmpty();
        assertThat(notifier.send(MESSAGE)).isEqualTo(mail.ids().getFirst());
        assertThat(mail.ids()).hasSize(1);
    }

    @Test
    void aSenderThatIsNotVerifiedCanBeTriedAgainWhenItIs() {
        MotoMail theirs = new MotoMail();
        SesNotifier notifier = new SesNotifier(theirs.sender(), store, MotoMail::client, () -> now, pause -> {});

        Failure failure = failure(notifier);
        theirs.verify();

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.providerCode()).isEqualTo("MessageRejected");
        assertThat(failure.detail()).contains("verify the sender " + theirs.address());
        assertThat(notifier.send(MESSAGE)).isEqualTo(theirs.ids().getFirst());
    }

    @Test
    void whatReachedNobodyCanBeTriedAgain() {
        Faults faults = new Faults("SendEmail", request -> {
            throw new ConnectException("Connection refused");
        });
        SesNotifier notifier = over(faults);

        Failure failure = failure(notifier);

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
        assertThat(notifier.send(MESSAGE)).isEqualTo(mail.ids().getFirst());
    }

    @Test
    void aProcessThatEndsBetweenClaimAndAnswerLeavesDoubt() {
        class Killed extends Error {
            private static final long serialVersionUID = 1L;
        }
        Faults faults = new Faults("SendEmail", request -> {
            throw new Killed();
        });
        try {
            over(faults).send(MESSAGE);
        } catch (Killed ended) {
            assertThat(ended).isNotNull();
        }

        Failure soon = failure(over(new Faults("SendEmail")));
        now = now.plus(LightClients.CALL_TIMEOUT).plusSeconds(5);

        assertThat(soon.code()).isEqualTo(Code.CONFLICT);
        assertThat(soon.retryAfter()).isPositive();
        assertThat(pauses).hasValue(20);
        assertDoubtForEver();
        assertThat(mail.subjects()).isEmpty();
    }

    @Test
    void whoComesSecondWaitsForTheAnswerOfTheFirst() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Faults first = new Faults("SendEmail", Faults.after(() -> {
            begun.countDown();
            await(goOn);
        }));
        Faults second = new Faults("SendEmail");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> id = threads.submit(() -> over(first).send(MESSAGE));
            await(begun);

            String other = over(second, pause -> {
                        goOn.countDown();
                        Thread.sleep(pause.multipliedBy(10));
                    })
                    .send(MESSAGE);

            assertThat(other).isEqualTo(id.get());
        }
        assertThat(second.requests()).isZero();
        assertThat(mail.subjects()).containsExactly("Welcome");
    }

    @Test
    void anotherMessageUnderAKeyThatIsBeingSentIsRefusedAtOnce() {
        Faults faults = new Faults("SendEmail", Faults.after(() -> {
            Notification other = new Notification("run/notify", "user@example.com", "Other", "Hello.\n");
            Failure reused = catchThrowableOfType(
                    Failure.class, () -> over(new Faults("SendEmail")).send(other));
            assertThat(reused.code()).isEqualTo(Code.KEY_REUSED);
        }));

        over(faults).send(MESSAGE);

        assertThat(mail.subjects()).containsExactly("Welcome");
        assertThat(pauses).hasValue(0);
    }

    @Test
    void aMailThatWentOutIsReportedThoughItCouldNotBeWrittenDown() {
        Faults faults = new Faults("SendEmail", Faults.after(() -> {
            Entry claim = store.find("mail:259c938cee68d44e4635b6057e324acf").orElseThrow();
            store.replace(claim, claim.value(), claim.indexes(), claim.expiresAt());
        }));

        assertThat(over(faults).send(MESSAGE)).isEqualTo(mail.ids().getFirst());
    }

    @Test
    void anInterruptWhileAnotherSendsEndsTheWait() {
        store.create(
                "mail:259c938cee68d44e4635b6057e324acf",
                new Claim(MESSAGE.fingerprint(), now.plusSeconds(5), "").bytes(),
                Indexes.NONE,
                null);

        Failure failure = failure(over(new Faults("SendEmail"), pause -> {
            throw new InterruptedException();
        }));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "nobody",
                "a@b.org,c@d.org",
                "a@b.org, c@d.org",
                "A <a@b.org>",
                "<a@b.org>",
                "a@b.org (c)",
                "a@b@c.org",
                "@b.org",
                "a@",
                "a@.org",
                "a@b..org",
                "zoë@example.com",
                "a b@example.com",
                "a@b_c.org"
            })
    void refusesWhatIsNotOnePlainAddress(String to) {
        Failure failure = catchThrowableOfType(
                Failure.class,
                () -> over(new Faults("SendEmail")).send(new Notification("run/notify", to, "Welcome", "")));

        assertThat(failure.violations())
                .containsExactly(new Violation("to", "not one plain e-mail address that SES takes"));
        assertThat(store.list("", Page.Request.first(9)).entries()).isEmpty();
    }

    @Test
    void aRecordOfALaterVersionIsLeftAlone() {
        store.create("mail:259c938cee68d44e4635b6057e324acf", new byte[] {'9'}, Indexes.NONE, null);

        assertThat(failure(over(new Faults("SendEmail"))).code()).isEqualTo(Code.FAILED_PRECONDITION);
    }

    @Test
    void theDailyQuotaIsNoThrottling() {
        Faults faults = new Faults(
                "SendEmail",
                Faults.refused(429, "TooManyRequestsException", "Daily message quota exceeded.", Map.of()));

        assertThat(failure(over(faults)).code()).isEqualTo(Code.QUOTA);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
