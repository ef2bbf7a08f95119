package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.execution.ProtocolModel.Program;
import dev.portolan.execution.ProtocolModel.Third;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// All states of three steps, two workers, two crashes, one lost answer and two leases that end too early.
@Timeout(120)
final class ProtocolModelTest {

    private static final String UNDO =
            "{'one': {'undo': 'back'}}, {'two': {'undo': 'back'}}, {'three': {'undo': 'back'}}";

    static List<Program> programs() {
        return List.of(
                new Program("a sequence", "'one', 'two', 'three'", Third.SUCCEEDS),
                new Program("a saga that succeeds", UNDO, Third.SUCCEEDS),
                new Program("a saga that fails", UNDO, Third.FAILS),
                new Program("a saga that may fail", UNDO, Third.MAY_FAIL),
                new Program("a saga that fails in doubt", UNDO, Third.FAILS_IN_DOUBT),
                new Program("a step that is called once", "'one', {'two': {'once': true}}, 'three'", Third.SUCCEEDS));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void noOrderOfTwoWorkersLeavesABadState(Program program) {
        ProtocolModel model = new ProtocolModel(program, true);

        int states = model.explore(2, 1, 2);

        System.out.println(program.name() + ": " + states + " states, violations: "
                + model.violations().size());
        assertThat(model.violations()).isEmpty();
        assertThat(states).isGreaterThan(1_000);
    }

    @Test
    void withoutTombstonesALateEffectIsFound() {
        ProtocolModel model = new ProtocolModel(new Program("a saga that fails", UNDO, Third.FAILS), false);

        model.explore(2, 1, 2);

        assertThat(model.violations()).isNotEmpty();
    }
}
