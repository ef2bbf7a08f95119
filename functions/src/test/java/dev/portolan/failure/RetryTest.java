package dev.portolan.failure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class RetryTest {

    private static final Duration CAP = Duration.ofSeconds(30);
    private static final Retry USUAL = new Retry(5, Duration.ofMillis(200), 2, CAP);

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "7, 6400", "8, 12800", "9, 15000", "100, 15000", "2147483647, 15000"})
    void pausesGrowByTheFactorUpToTheCap(int attempt, long millis) {
        assertThat(USUAL.pause(attempt, always(0.5))).isEqualTo(Duration.ofMillis(millis));
    }

    @Test
    void pausesReachDownToNothing() {
        assertThat(USUAL.pause(3, always(0))).isZero();
    }

    @Test
    void pausesAreSpreadEvenly() {
        Random random = new Random(7);

        double mean = random.ints(10_000, 1, 2)
                .mapToLong(attempt -> USUAL.pause(attempt, random).toMillis())
                .average()
                .orElseThrow();

        assertThat(mean).isBetween(95.0, 105.0);
    }

    @Test
    void noPauseIsEverLongerThanTheCap() {
        Retry steep = new Retry(100, Duration.ofDays(1), 1000, Duration.ofDays(1));

        assertThat(steep.pause(100, always(Math.nextDown(1.0)))).isBetween(Duration.ofHours(23), Duration.ofDays(1));
    }

    @Test
    void noDelayStaysNoneWhateverTheFactor() {
        assertThat(new Retry(100, Duration.ZERO, 1000, CAP).pause(100, always(0.9)))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 101, 1_000_000_000})
    void attemptsAreOneToAHundred(int attempts) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retry(attempts, Duration.ZERO, 1, CAP))
                .withMessage("attempts must be 1 to 100, not " + attempts);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.99, 0, -2, 1000.1, Double.NaN, Double.POSITIVE_INFINITY})
    void factorsShrinkNothingAndStayFinite(double factor) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retry(2, Duration.ZERO, factor, CAP))
                .withMessage("factor must be 1 to 1000, not " + factor);
    }

    @Test
    void delaysAreNotNegative() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retry(2, Duration.ofMillis(-1), 1, CAP))
                .withMessage("delay must not be negative");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT29S", "PT24H0.001S", "PT1000000000H"})
    void capsAreAtLeastTheDelayAndAtMostADay(Duration cap) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Retry(2, CAP, 1, cap))
                .withMessageContaining("at most PT24H");
    }

    @Test
    void noneIsOneCall() {
        assertThat(Retry.NONE.attempts()).isOne();
    }

    private static RandomGenerator always(double value) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("a pause takes one double");
            }

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
