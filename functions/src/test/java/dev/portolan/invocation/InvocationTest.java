package dev.portolan.invocation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

final class InvocationTest {

    private static final Invocation ORDER =
            new Invocation("order-7", "greet", 2, Instant.EPOCH, Headers.NONE.with("a", "1"));

    @Test
    void theKeyIsTheSameAtEveryAttempt() {
        assertThat(ORDER.key()).isEqualTo("order-7/greet");
        assertThat(new Invocation("order-7", "greet", 3, null, Headers.NONE).key())
                .isEqualTo(ORDER.key());
    }

    @Test
    void isCurrentWhileItsWorkRuns() {
        assertThat(ORDER.call(Invocation::current)).isSameAs(ORDER);
    }

    @Test
    void isNoLongerCurrentWhenItsWorkIsDone() {
        ORDER.call(() -> "done");

        assertThat(Invocation.current().id()).isNotEqualTo("order-7");
    }

    @Test
    void theInnerOneIsCurrentWithinAnother() {
        Invocation inner = new Invocation("order-8", "greet", 1, null, Headers.NONE);

        assertThat(ORDER.call(() -> inner.call(Invocation::current))).isSameAs(inner);
    }

    @Test
    void outsideAPipelineThereIsAFreshOneAtEveryCall() {
        Invocation first = Invocation.current();
        Invocation second = Invocation.current();

        assertThat(first.id()).isNotEqualTo(second.id());
        assertThat(first).isEqualTo(new Invocation(first.id(), "function", 1, null, Headers.NONE));
    }

    @Test
    void anotherThreadDoesNotSeeIt() throws InterruptedException {
        AtomicReference<Invocation> seen = new AtomicReference<>();

        ORDER.call(() -> {
            Thread other = Thread.ofVirtual().start(() -> seen.set(Invocation.current()));
            other.join();
            return "done";
        });

        assertThat(seen.get().id()).isNotEqualTo("order-7");
    }

    @Test
    void whatTheWorkThrowsIsThrown() {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> ORDER.call(() -> {
                    throw new IOException("disk");
                }))
                .withMessage("disk");
    }
}
