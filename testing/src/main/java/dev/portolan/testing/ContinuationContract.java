package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What every continuation of executions must keep: it wakes each execution that it is told of, no earlier than
/// it is told to.
public abstract class ContinuationContract {

    /// Calls the continuation under test.
    protected abstract void wake(String id, Duration delay);

    /// Lets time pass for the continuation, and tells whom it has woken since the last call, in any order, each
    /// as often as it was woken. It need not wait for real.
    ///
    /// @param least how many there will be; the call waits for them
    protected abstract List<String> wokenAfter(Duration passed, int least) throws Exception;

    @Test
    void whatIsToGoOnAtOnceIsWoken() throws Exception {
        wake("order:o-1", Duration.ZERO);

        assertThat(wokenAfter(Duration.ZERO, 1)).containsOnly("order:o-1");
    }

    @Test
    void whatWaitsIsWokenWhenItsTimeHasComeAndNotBefore() throws Exception {
        wake("order:o-1", Duration.ofMillis(1001));

        assertThat(wokenAfter(Duration.ofSeconds(1), 0)).isEmpty();
        assertThat(wokenAfter(Duration.ofSeconds(1), 1)).containsOnly("order:o-1");
    }

    @Test
    void eachIsWoken() throws Exception {
        List<String> ids = IntStream.range(0, 9).mapToObj(n -> "order:o-" + n).toList();

        ids.forEach(id -> wake(id, Duration.ZERO));

        assertThat(wokenAfter(Duration.ZERO, 9)).containsAll(ids);
    }

    @Test
    void anyIdThatAnExecutionMayHaveIsCarried() throws Exception {
        String longest = "p".repeat(100) + ":" + "Ł".repeat(255);
        for (String id : List.of("order::sqs:059f36b4-87a3", "order:läuf/√ 世界 🌍 <&>\"'%41", longest)) {
            wake(id, Duration.ZERO);

            assertThat(wokenAfter(Duration.ZERO, 1)).containsOnly(id);
        }
    }

    /// It may be left to the sweep, which is no failure.
    @Test
    void aDelayThatIsTooLongForItIsNoFailureAndWakesNobodyBefore() throws Exception {
        wake("order:o-1", Duration.ofDays(400));

        assertThat(wokenAfter(Duration.ofSeconds(2), 0)).isEmpty();
    }
}
