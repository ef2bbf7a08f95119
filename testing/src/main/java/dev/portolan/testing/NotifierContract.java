package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.intake.Notification;
import dev.portolan.intake.Notifier;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/// What every [Notifier] must keep.
public abstract class NotifierContract {

    /// A notifier; within one test every call opens the same mailbox, as after a restart.
    protected abstract Notifier open();

    /// The subjects of the messages that went out in this test, in any order.
    protected abstract List<String> subjects();

    @Test
    void aMessageGoesOut() {
        open().send(message("run/notify", "Welcome"));

        assertThat(subjects()).containsExactly("Welcome");
    }

    @Test
    void aKeySendsOnce() {
        Notifier notifier = open();

        String id = notifier.send(message("run/notify", "Welcome"));

        assertThat(notifier.send(message("run/notify", "Welcome"))).isEqualTo(id);
        assertThat(subjects()).containsExactly("Welcome");
    }

    @Test
    void aKeyThatComesAgainWithAnotherMessageIsRefusedAndTheFirstStands() {
        Notifier notifier = open();
        notifier.send(message("run/notify", "first"));

        for (Notification other : List.of(
                message("run/notify", "second"),
                new Notification("run/notify", "other@example.com", "first", "Hello.\n"),
                new Notification("run/notify", "user@example.com", "first", "Good bye.\n"))) {
            assertThatThrownBy(() -> open().send(other))
                    .isInstanceOfSatisfying(
                            Failure.class, failure -> assertThat(failure.code()).isEqualTo(Failure.Code.KEY_REUSED));
        }
        assertThat(subjects()).containsExactly("first");
    }

    @Test
    void aKeySendsOnceAcrossARestart() {
        String id = open().send(message("run/notify", "Welcome"));

        assertThat(open().send(message("run/notify", "Welcome"))).isEqualTo(id);
        assertThat(subjects()).containsExactly("Welcome");
    }

    @Test
    void everyKeySendsItsOwn() {
        Notifier notifier = open();
        List<String> keys =
                List.of("run/notify", "RUN/notify", "run/notify ", "run/../notify", "läuf/√/\u0000", "x".repeat(1000));

        assertThat(keys.stream()
                        .map(key -> notifier.send(message(key, "Welcome")))
                        .distinct())
                .hasSameSizeAs(keys);
        assertThat(subjects()).hasSameSizeAs(keys);
    }

    @Test
    void aKeySendsOnceFromManyThreads() throws Exception {
        Callable<String> send = () -> open().send(message("run/notify", "Welcome"));
        List<String> ids = new ArrayList<>();

        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<String> id : threads.invokeAll(Collections.nCopies(8, send))) {
                ids.add(id.get());
            }
        }

        assertThat(ids).hasSize(8).containsOnly(ids.getFirst());
        assertThat(subjects()).containsExactly("Welcome");
    }

    @Test
    void subjectsKeepTheirLetters() {
        open().send(message("run/notify", "Grüße, 世界 🌍"));

        assertThat(subjects()).containsExactly("Grüße, 世界 🌍");
    }

    private static Notification message(String key, String subject) {
        return new Notification(key, "user@example.com", subject, "Hello.\n");
    }
}
