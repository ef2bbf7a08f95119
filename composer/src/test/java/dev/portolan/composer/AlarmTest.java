package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// How deadlines reach the threads that run steps, on the real clock and on one that jumps.
@Timeout(20)
final class AlarmTest {

    private static final Duration SOON = Duration.ofMillis(100);
    private static final Duration LATER = Duration.ofMinutes(1);

    private final InstantSource clock = InstantSource.system();
    private final Alarm alarm = new Alarm(clock);

    @Test
    void aDeadlineInterruptsItsOwnThreadAndTheEndTakesTheInterruptBack() {
        try (Alarm.Bell bell = alarm.at(clock.instant().plus(SOON))) {
            assertThat(sleepsThrough(LATER)).isFalse();
            assertThat(bell.over()).isTrue();

            Thread.currentThread().interrupt();
            bell.end();

            assertThat(Thread.interrupted()).isFalse();
        }
    }

    @Test
    void aRunThatEndsAfterItsDeadlineLeavesNoInterruptBehind() {
        try (Alarm.Bell bell = alarm.at(clock.instant())) {
            while (!bell.over()) {
                Thread.onSpinWait();
            }
        }

        assertThat(Thread.interrupted()).isFalse();
    }

    @Test
    void aRunThatEndsInTimeIsNeverInterrupted() {
        try (Alarm.Bell bell = alarm.at(clock.instant().plus(SOON))) {
            assertThat(bell.over()).isFalse();
        }

        assertThat(sleepsThrough(SOON.multipliedBy(2))).isTrue();
    }

    @Test
    void aNearerDeadlineThanTheOneThatIsWatchedIsKept() {
        try (Alarm.Bell far = alarm.at(clock.instant().plus(LATER));
                Alarm.Bell near = alarm.at(clock.instant().plus(SOON))) {
            assertThat(sleepsThrough(Duration.ofSeconds(10))).isFalse();
            assertThat(near.over()).isTrue();
            assertThat(far.over()).isFalse();
        }
    }

    @Test
    void aDeadlineThatPassedWhileAllWasFrozenDoesNotKeepTheNextOneWaiting() {
        AtomicReference<Instant> now = new AtomicReference<>(clock.instant());
        Alarm frozen = new Alarm(now::get);
        // The watch sleeps for a minute, whatever the clock does meanwhile.
        frozen.at(now.get().plus(LATER)).close();
        now.set(now.get().plus(Duration.ofHours(1)));

        try (Alarm.Bell bell = frozen.at(now.get().minusMillis(1))) {
            assertThat(sleepsThrough(Duration.ofSeconds(10))).isFalse();
            assertThat(bell.over()).isTrue();
        }
    }

    @Test
    void aRunWithinARunLeavesTheOuterOneInterrupted() {
        Instant deadline = clock.instant().plus(SOON);
        try (Alarm.Bell outer = alarm.at(deadline)) {
            try (Alarm.Bell inner = alarm.at(deadline)) {
                assertThat(sleepsThrough(LATER)).isFalse();
                while (!inner.over() || !outer.over()) {
                    Thread.onSpinWait();
                }
            }

            assertThat(sleepsThrough(LATER)).as("the outer run's own sleep").isFalse();
        }

        assertThat(Thread.interrupted()).isFalse();
    }

    /// Whether nothing interrupted the sleep.
    private static boolean sleepsThrough(Duration duration) {
        try {
            Thread.sleep(duration);
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }
}
