package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Chain;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What a step does by itself, without a runner.
final class StepTest {

    private static final Invocation INVOCATION = new Invocation("order-7", "greet", 2, null, Headers.NONE);

    @Test
    void aStepWithoutConditionApplies() {
        assertThat(StepDraft.of("greet", value -> value).step().applies(null, INVOCATION))
                .isTrue();
    }

    @Test
    void aStepAppliesIfItsConditionHolds() {
        Step step = onlyIf(value -> "yes".equals(value));

        assertThat(step.applies("yes", INVOCATION)).isTrue();
        assertThat(step.applies("no", INVOCATION)).isFalse();
    }

    @Test
    void aConditionKnowsItsInvocation() {
        List<String> keys = new ArrayList<>();

        onlyIf(value -> keys.add(Invocation.current().key())).applies(1, INVOCATION);

        assertThat(keys).containsExactly("order-7/greet");
    }

    @Test
    void aConditionCannotChangeWhatTheStepTakes() {
        Map<String, Object> value = new LinkedHashMap<>(Map.of("tags", new ArrayList<>(List.of("a"))));

        onlyIf(given -> ((Map<?, ?>) given).remove("tags") != null).applies(value, INVOCATION);

        assertThat(value).isEqualTo(Map.of("tags", List.of("a")));
    }

    @Test
    void whatAConditionThrowsIsThrown() {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> onlyIf(value -> {
                            throw new Failure(Failure.Code.UNAVAILABLE, "no answer");
                        })
                        .applies(1, INVOCATION))
                .withMessage("no answer");
        assertThatIllegalStateException()
                .isThrownBy(() -> onlyIf(value -> {
                            throw new IllegalStateException();
                        })
                        .applies(1, INVOCATION));
    }

    @Test
    void aStepThatShouldGiveNothingMayAnswerAnythingAndNothing() {
        assertThat(undo("released").call("hold", INVOCATION)).isEqualTo(new Chain.Next<>("released", Headers.NONE));
        assertThat(undo(null).call("hold", INVOCATION)).isEqualTo(new Chain.Next<>(null, Headers.NONE));
        assertThat(undo(Chain.end("released")).call("hold", INVOCATION)).isEqualTo(Chain.end("released"));
    }

    private static Step undo(@Nullable Object answer) {
        return new Step(
                "hold/undo", Shape.of(String.class), Shape.of(Void.class), hold -> answer, Retry.NONE, null, false);
    }

    private static Step onlyIf(Predicate<@Nullable Object> condition) {
        Shape anything = Shape.of(Object.class);
        return new Step("greet", anything, anything, value -> value, Retry.NONE, null, false, condition, null, false);
    }
}
