package dev.portolan.aws.ses;

import dev.portolan.aws.client.Calls;
import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.Resource;
import dev.portolan.composer.Runner;
import dev.portolan.driver.Driver;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.intake.Notification;
import dev.portolan.intake.Notifier;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sesv2.SesV2ClientBuilder;
import software.amazon.awssdk.services.sesv2.model.MessageHeader;
import software.amazon.awssdk.services.sesv2.model.MessageTag;

/// Sends mail by SES. SES knows no keys, so a store remembers: a key is claimed there, the mail is sent, and
/// SES's id is stored with the key.
///
/// Never is a second mail sent. If SES refuses, the claim is given back, and the key can be tried again. If the
/// process ends between claim and answer, or the answer is lost, nobody can tell whether the mail went out: the
/// key then answers `UNKNOWN` with effect `UNKNOWN`, and is not retryable. A person finds out by the header
/// `X-Portolan-Key` and the message tag `portolan-key`, whose value is a hash of the key, and deletes the
/// store's entry `mail:` + hash if it did not.
///
/// A key is remembered for 180 days. Text is UTF-8; SES encodes it for the way. An address may have letters of
/// any language behind the `@` alone.
public final class SesNotifier implements Notifier {

    private static final Duration KEPT = Duration.ofDays(180);

    /// For how long a claim may be alive: the call, and what clocks of two processes may differ by.
    private static final Duration CLAIMED = LightClients.CALL_TIMEOUT.plusSeconds(5);

    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int PAUSES = 20;
    private static final Duration COME_BACK = Duration.ofSeconds(2);

    private static final int HASH_BYTES = 16;
    private static final String UTF_8 = "UTF-8";

    private final Mailbox from;
    private final StateStore store;
    private final InstantSource clock;
    private final Runner.Sleeper sleeper;
    private final Calls<SesV2Client> calls;

    /// @param from the sender, with a display name perhaps: `Portolan <portolan@example.com>`
    /// @param store what is sent is remembered there; it stays the caller's to close
    /// @param client how to make the client, once it is needed. It must not repeat a call by itself
    /// @param sleeper lets time pass while another sends the same key
    /// @throws Failure `FAILED_PRECONDITION` if `from` is no address
    public SesNotifier(
            String from,
            StateStore store,
            Supplier<SesV2ClientBuilder> client,
            InstantSource clock,
            Runner.Sleeper sleeper) {
        this.from = Mailbox.of(from)
                .orElseThrow(() -> new Failure(
                        Code.FAILED_PRECONDITION,
                        "'ses' needs the sender's address, as in ses:Portolan <portolan@example.com>"));
        this.store = store;
        this.clock = clock;
        this.sleeper = sleeper;
        this.calls = new Calls<>(new Resource(Resource.Service.SES, "sender", this.from.address()), client);
    }

    static SesNotifier open(String from, StateStore store, Driver.Host host, Runner.Sleeper sleeper) {
        return new SesNotifier(from, store, () -> LightClients.once(SesV2Client.builder()), host.clock(), sleeper);
    }

    /// Sends a message, or finds that it is sent.
    ///
    /// @throws Failure `INVALID` for an address that SES cannot write to; `KEY_REUSED` if the key has another
    ///     message; `CONFLICT` with a `retryAfter` while another sends it; with effect `UNKNOWN` if nobody can
    ///     tell whether it was sent; with effect `NONE` as SES refused it
    @Override
    public String send(Notification notification) {
        String to = Mailbox.plain(notification.to())
                .orElseThrow(() -> Failure.invalid("to", "not one plain e-mail address that SES takes"));
        String hash = hash(notification.key());
        for (int pauses = 0; ; pauses++) {
            Entry entry = store.find("mail:" + hash).orElse(null);
            if (entry == null) {
                entry = claimed(hash, notification);
                if (entry != null) {
                    return sent(entry, to, notification, hash);
                }
                continue;
            }
            Claim claim = Claim.of(entry);
            if (!claim.fingerprint().equals(notification.fingerprint())) {
                throw Notification.keyReused();
            }
            if (claim.sent()) {
                return claim.id();
            }
            if (!claim.until().isAfter(clock.instant())) {
                throw inDoubt(hash, null);
            }
            if (pauses >= PAUSES) {
                throw new Failure(Code.CONFLICT, "another worker is sending this mail; ask again for its id")
                        .withRetryAfter(COME_BACK);
            }
            pause();
        }
    }

    /// The claim of a key that was free, or null if another was quicker.
    private @Nullable Entry claimed(String hash, Notification notification) {
        Instant now = clock.instant();
        Claim claim = new Claim(notification.fingerprint(), now.plus(CLAIMED), "");
        try {
            return store.create("mail:" + hash, claim.bytes(), Indexes.NONE, now.plus(KEPT));
        } catch (Failure failure) {
            if (failure.code() == Code.CONFLICT) {
                return null;
            }
            throw failure;
        }
    }

    private String sent(Entry entry, String to, Notification notification, String hash) {
        String id;
        try {
            id = call(to, notification, hash);
        } catch (Failure failure) {
            if (failure.effect() == Effect.NONE) {
                attempt(failure, () -> store.delete(entry));
                throw failure;
            }
            Failure doubt = inDoubt(hash, failure);
            attempt(doubt, () -> replace(entry, new Claim(notification.fingerprint(), Instant.EPOCH, "")));
            throw doubt;
        }
        Claim done = new Claim(notification.fingerprint(), Instant.EPOCH, id);
        try {
            replace(entry, done);
        } catch (Failure failure) {
            // The mail is on its way, and that is what the caller asks. If the key comes again, it is in doubt.
        }
        return id;
    }

    private String call(String to, Notification notification, String hash) {
        return calls.write((client, attempts) -> client.sendEmail(mail -> mail.fromEmailAddress(from.header())
                        .destination(destination -> destination.toAddresses(to))
                        .content(content -> content.simple(message -> message.subject(
                                        subject -> subject.charset(UTF_8).data(notification.subject()))
                                .body(body ->
                                        body.text(text -> text.charset(UTF_8).data(notification.body())))
                                .headers(MessageHeader.builder()
                                        .name("X-Portolan-Key")
                                        .value(hash)
                                        .build())))
                        .emailTags(MessageTag.builder()
                                .name("portolan-key")
                                .value(hash)
                                .build())
                        .overrideConfiguration(attempts.watched())))
                .messageId();
    }

    private void replace(Entry entry, Claim claim) {
        store.replace(entry, claim.bytes(), Indexes.NONE, entry.expiresAt());
    }

    /// Writes down what became of a mail, where the mail's own failure is what the caller must hear of.
    private static void attempt(Failure failure, Runnable write) {
        try {
            write.run();
        } catch (Failure unwritten) {
            failure.addSuppressed(unwritten);
        }
    }

    private static Failure inDoubt(String hash, @Nullable Failure cause) {
        return new Failure(
                        Code.UNKNOWN,
                        "nobody can tell whether this mail was sent: look for the message tag portolan-key=" + hash
                                + " among SES's events, and delete the entry mail:" + hash
                                + " of the store to have it sent again",
                        cause)
                .withEffect(Effect.UNKNOWN)
                .withoutRetry();
    }

    private void pause() {
        try {
            sleeper.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(Code.TIMEOUT, "the step was interrupted while another worker sends this mail", e)
                    .withEffect(Effect.UNKNOWN);
        }
    }

    private static String hash(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
