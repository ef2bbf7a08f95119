package dev.portolan.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.time.Instant;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class LimitsTest {

    @Test
    void aKeyIsItsBytesOfUtf8() {
        assertThat(Limits.key("\u00e9")).containsExactly(0xc3, 0xa9);
    }

    @Test
    void aKeyIsMeasuredInBytesNotCharacters() {
        assertThat(Limits.key("\u00e9".repeat(512))).hasSize(1024);
        assertInvalid(() -> Limits.key("\u00e9".repeat(513))).hasMessageContainingAll("1024", "1026");
    }

    @Test
    void halfOfASurrogatePairIsNoText() {
        assertInvalid(() -> Limits.text("\ud83d"));
    }

    @Test
    void anEmptyTextIsAPrefixAndNoKey() {
        assertThat(Limits.text("")).isEmpty();
        assertInvalid(() -> Limits.key(""));
    }

    @Test
    void aValueAboveTheLimitIsRefusedWithSizeAndLimit() {
        Limits.value(new byte[5], 5);

        assertInvalid(() -> Limits.value(new byte[6], 5)).hasMessageContainingAll("5", "6");
    }

    @Test
    void anInstantIsCutToTheMillisecond() {
        assertThat(Limits.instant(Instant.ofEpochSecond(7, 1_999_999))).isEqualTo(Instant.ofEpochMilli(7001));
        assertThat(Limits.instant(null)).isNull();
    }

    @Test
    void anInstantLiesBetween1970And9999() {
        assertThat(Limits.milli(Instant.EPOCH)).isZero();
        assertThat(Limits.milli(Instant.parse("9999-12-31T23:59:59.999999999Z")))
                .isEqualTo(253_402_300_799_999L);
        assertInvalid(() -> Limits.milli(Instant.EPOCH.minusNanos(1)));
        assertInvalid(() -> Limits.milli(Instant.parse("+10000-01-01T00:00:00Z")));
        assertInvalid(() -> Limits.milli(Instant.MAX));
    }

    @Test
    void aGroupIsBoundLikeAKey() {
        assertInvalid(() -> Limits.indexes(Indexes.group("", Instant.EPOCH)));
    }

    private static AbstractThrowableAssert<?, ? extends Throwable> assertInvalid(ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Code.INVALID));
    }
}
