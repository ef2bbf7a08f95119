package dev.portolan.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class NearestTest {

    private static final List<String> KNOWN = List.of("validate", "enrich", "notify", "health-probe");

    @ParameterizedTest
    @CsvSource({
        "validat, validate",
        "validatee, validate",
        "vaildate, validate",
        "walidate, validate",
        "VALIDATE, validate",
        "enirhc, enrich",
        "healthprob, health-probe",
        "notify, notify"
    })
    void aSlipForEveryThreeLettersIsSeenThrough(String mistyped, String meant) {
        assertThat(Nearest.of(mistyped, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "xyz", "nutufe", "probe", "completely-different"})
    void whatIsFartherIsNotGuessed(String mistyped) {
        assertThat(Nearest.of(mistyped, KNOWN)).isEmpty();
    }

    @Test
    void theNearerOfTwoWins() {
        assertThat(Nearest.of("restored", List.of("restores-x", "restore"))).contains("restore");
    }

    @Test
    void ofTwoAsNearTheFirstInTheAlphabetWins() {
        assertThat(Nearest.of("cat", List.of("hat", "bat"))).contains("bat");
    }

    @Test
    void aSwapOfNeighboursIsOneSlip() {
        assertThat(Nearest.of("abc", List.of("acb"))).contains("acb");
        assertThat(Nearest.of("abc", List.of("cab"))).isEmpty();
    }

    @Test
    void nothingIsKnownNothingIsNear() {
        assertThat(Nearest.of("validate", List.of())).isEmpty();
    }

    @Test
    void theHintEndsAMessage() {
        assertThat(Nearest.hint("validat", KNOWN)).isEqualTo("; did you mean 'validate'?");
        assertThat(Nearest.hint("xyz", KNOWN)).isEmpty();
    }
}
