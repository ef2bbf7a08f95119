package dev.portolan.execution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.execution.ProtocolModel.Program;
import dev.portolan.execution.ProtocolModel.Third;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// All states of three steps, two workers, two crashes, one lost answer and two leases that end too early.
@Timeout(120)
final class ProtocolModelTest {

    private static final String UNDO =
            "{'one': {'undo': 'back'}}, {'two': {'undo': 'back'}}, {'three': {'undo': 'back'}}";

    private enum Case {
        SEQUENCE(new Program("a sequence", "'one', 'two', 'three'", Third.SUCCEEDS)),
        SAGA_THAT_SUCCEEDS(new Program("a saga that succeeds", UNDO, Third.SUCCEEDS)),
        SAGA_THAT_FAILS(new Program("a saga that fails", UNDO, Third.FAILS)),
        SAGA_THAT_MAY_FAIL(new Program("a saga that may fail", UNDO, Third.MAY_FAIL)),
        SAGA_THAT_FAILS_IN_DOUBT(new Program("a saga that fails in doubt", UNDO, Third.FAILS_IN_DOUBT)),
        ONCE(new Program("a step that is called once", "'one', {'two': {'once': true}}, 'three'", Third.SUCCEEDS));

        private final Program program;

        Case(Program program) {
            this.program = program;
        }
    }

    @ParameterizedTest
    @EnumSource
    void noOrderOfTwoWorkersLeavesABadState(Case all) {
        ProtocolModel model = new ProtocolModel(all.program, true);

        int states = model.explore(2, 1, 2);

        System.out.println(all.program.name() + ": " + states + " states, violations: "
                + model.violations().size());
        assertThat(model.violations()).isEmpty();
        assertThat(states).isGreaterThan(1_000);
    }

    @Test
    void withoutTombstonesALateEffectIsFound() {
        ProtocolModel model = new ProtocolModel(Case.SAGA_THAT_FAILS.program, false);

        model.explore(2, 1, 2);

        assertThat(model.violations()).isNotEmpty();
    }
}
