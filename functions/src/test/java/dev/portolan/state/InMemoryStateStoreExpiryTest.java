package dev.portolan.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class InMemoryStateStoreExpiryTest {

    private Instant now = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void aForgetfulStoreForgetsEveryEntryAfterAWhile() {
        InMemoryStateStore store = InMemoryStateStore.forgetful(() -> now, Duration.ofMinutes(5));
        store.create("short", new byte[1], Indexes.NONE, now.plusSeconds(60));
        store.create("long", new byte[1], Indexes.NONE, now.plus(Duration.ofDays(30)));
        store.create("for ever", new byte[1], Indexes.NONE, null);

        now = now.plusSeconds(60);
        assertThat(store.find("short")).isEmpty();
        assertThat(store.find("long")).isPresent();
        now = now.plusSeconds(240);
        assertThat(store.find("long")).isEmpty();
        assertThat(store.find("for ever")).isEmpty();
    }
}
