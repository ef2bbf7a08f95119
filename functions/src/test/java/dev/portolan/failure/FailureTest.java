package dev.portolan.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.failure.Failure.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class FailureTest {

    private static final EnumSet<Code> RETRYABLE =
            EnumSet.of(Code.QUOTA, Code.CAPACITY, Code.THROTTLED, Code.UNAVAILABLE, Code.TIMEOUT, Code.UNKNOWN);

    @ParameterizedTest
    @EnumSource
    void onlyWhatMayPassIsRetryable(Code code) {
        assertThat(new Failure(code, "why").retryable()).isEqualTo(RETRYABLE.contains(code));
    }

    @ParameterizedTest
    @EnumSource
    void onlyATimeoutOrTheUnforeseenMayLeaveSomethingBehind(Code code) {
        Effect expected = code == Code.TIMEOUT || code == Code.UNKNOWN ? Effect.UNKNOWN : Effect.NONE;

        assertThat(new Failure(code, "why").effect()).isEqualTo(expected);
    }

    @Test
    void aConflictThatSaysWhenToComeBackIsRetryable() {
        assertThat(new Failure(Code.CONFLICT, "held")
                        .withRetryAfter(Duration.ZERO)
                        .retryable())
                .isTrue();
    }

    @Test
    void aRefusalThatSaysWhenToComeBackIsARefusalStill() {
        assertThat(new Failure(Code.DENIED, "no")
                        .withRetryAfter(Duration.ofSeconds(1))
                        .retryable())
                .isFalse();
    }

    @Test
    void reachesThisRequestAloneUnlessSaid() {
        Failure failure = new Failure(Code.UNAVAILABLE, "down");

        assertThat(failure.scope()).isEqualTo(Scope.REQUEST);
        assertThat(failure.retryAfter()).isNull();
        assertThat(failure.providerCode()).isNull();
        assertThat(failure.requestId()).isNull();
        assertThat(failure.violations()).isEmpty();
    }

    @Test
    void copiesKeepEverythingElse() {
        IllegalStateException cause = new IllegalStateException();
        Failure first = new Failure(Code.CAPACITY, "none left in eu-1a", cause);

        Failure last = first.withScope(Scope.ZONE)
                .withEffect(Effect.APPLIED)
                .withRetryAfter(Duration.ofSeconds(3))
                .withProvider("InsufficientInstanceCapacity", "req-1");

        assertThat(last.code()).isEqualTo(Code.CAPACITY);
        assertThat(last.detail()).isEqualTo("none left in eu-1a");
        assertThat(last.scope()).isEqualTo(Scope.ZONE);
        assertThat(last.effect()).isEqualTo(Effect.APPLIED);
        assertThat(last.retryAfter()).isEqualTo(Duration.ofSeconds(3));
        assertThat(last.providerCode()).isEqualTo("InsufficientInstanceCapacity");
        assertThat(last.requestId()).isEqualTo("req-1");
        assertThat(last).hasCause(cause);
        assertThat(last.getStackTrace()).isEqualTo(first.getStackTrace());
    }

    @Test
    void copiesLeaveTheFirstAsItWas() {
        Failure first = new Failure(Code.UNAVAILABLE, "down");

        Failure copy = first.withScope(Scope.REGION).withRetryAfter(Duration.ofSeconds(3));

        assertThat(copy).isNotSameAs(first);
        assertThat(first.scope()).isEqualTo(Scope.REQUEST);
        assertThat(first.retryAfter()).isNull();
    }

    @Test
    void copiesOfARefusalKeepItsViolations() {
        Failure refusal = Failure.invalid("/email", "missing").withScope(Scope.PROVIDER);

        assertThat(refusal.violations()).containsExactly(new Violation("/email", "missing"));
    }

    @Test
    void aRefusalTellsEveryViolation() {
        Failure refusal = Failure.invalid(List.of(
                new Violation("/email", "missing"),
                new Violation("", "too large"),
                new Violation("a.yaml:3", "unknown key")));

        assertThat(refusal.code()).isEqualTo(Code.INVALID);
        assertThat(refusal).hasMessage("/email: missing; too large; a.yaml:3: unknown key");
        assertThat(refusal.violations()).hasSize(3);
    }

    @Test
    void violationsAreAsTheyWereWhenTheRefusalWasMade() {
        List<Violation> violations = new ArrayList<>(List.of(new Violation("/email", "missing")));
        Failure refusal = Failure.invalid(violations);

        violations.clear();

        assertThat(refusal.violations()).hasSize(1);
    }

    @Test
    void aRefusalOfNothingIsAMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> Failure.invalid(List.of()));
    }

    @Test
    void nobodyComesBackInThePast() {
        Failure failure = new Failure(Code.THROTTLED, "slow down");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> failure.withRetryAfter(Duration.ofNanos(-1)))
                .withMessageContaining("PT-0.000000001S");
    }
}
