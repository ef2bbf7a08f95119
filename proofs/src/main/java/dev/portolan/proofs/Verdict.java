package dev.portolan.proofs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure.Code;
import dev.portolan.json.Json;
import dev.portolan.state.Effects;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What must hold of an execution whose workers were killed, by its end and by what the ledger says.
///
/// @param lines of the ledger: `call`, `effect`, `effect again`, `undo`, `undone` and a function's name;
///     `killed` and how many steps were committed then
record Verdict(Plan plan, Execution end, List<String> lines, Effects effects) {

    void pass() {
        noCommittedStepIsCalledAgain();
        effectsHappenOncePerKey();
        assertThat(Collections.frequency(lines, "call mail")).as(story()).isLessThanOrEqualTo(1);
        @Nullable Failed failed = end.trouble() == null ? end.failure() : end.trouble();
        if (failed != null && failed.step().equals("mail")) {
            assertThat(failed.code()).as(story()).isEqualTo(Code.UNKNOWN);
            assertThat(lines.stream().filter(line -> line.startsWith("killed")))
                    .as(story())
                    .isNotEmpty();
            failedAt(plan.once());
        } else if (plan.denied()) {
            assertThat(end.status()).as(story()).isEqualTo(Status.FAILED);
            assertThat(failed).as(story()).extracting(Failed::code).isEqualTo(Code.DENIED);
            failedAt(plan.end());
        } else {
            done();
        }
    }

    private String story() {
        return plan.definition() + " " + lines + " " + end.status();
    }

    private void noCommittedStepIsCalledAgain() {
        int committed = 0;
        for (String line : lines) {
            if (line.startsWith("killed ")) {
                committed = Integer.parseInt(line.substring(7));
            } else if (line.startsWith("call ")) {
                assertThat(plan.functions().indexOf(line.substring(5)))
                        .as(story())
                        .isGreaterThanOrEqualTo(committed);
            }
        }
    }

    private void effectsHappenOncePerKey() {
        Set<String> seen = new LinkedHashSet<>();
        for (String line : lines) {
            if (line.startsWith("effect ") && !line.startsWith("effect again ")) {
                assertThat(seen.add(line)).as(story()).isTrue();
            }
        }
    }

    /// The steps before one that were not passed over and have an effect.
    private List<Integer> worked(int before) {
        List<Integer> steps = new ArrayList<>();
        for (int i = 0; i < before; i++) {
            if (!plan.skips(i) && Plan.hasEffect(plan.functions().get(i))) {
                steps.add(i);
            }
        }
        return steps;
    }

    private boolean recorded(int step) {
        return effects.find(plan.id() + "/" + plan.functions().get(step)).isPresent();
    }

    private void done() {
        assertThat(end.status()).as(story()).isEqualTo(Status.DONE);
        assertThat(lines).as(story()).noneMatch(line -> line.startsWith("und"));
        Map<String, Object> value = new LinkedHashMap<>(Workshop.INPUT);
        for (int step : worked(plan.end())) {
            value.put(plan.functions().get(step), true);
        }
        assertThat(new Json().decode(end.at().value())).as(story()).isEqualTo(value);
        for (int i = 0; i < plan.steps().size(); i++) {
            assertThat(recorded(i)).as(story()).isEqualTo(worked(plan.end()).contains(i));
        }
    }

    private void failedAt(int step) {
        for (int done : worked(step)) {
            assertThat(recorded(done)).as(story()).isEqualTo(!plan.undoes(done));
            assertThat(takenBack(done)).as(story()).isEqualTo(plan.undoes(done));
        }
        if (plan.undoes(step)) {
            assertThat(recorded(step)).as(story()).isFalse();
            assertThat(takenBack(step)).as(story()).isTrue();
        }
        if (end.status() == Status.STUCK) {
            assertThat(lines).as(story()).noneMatch(line -> line.startsWith("und"));
            assertThat(end.undo()).as(story()).isEmpty();
        }
        undoneInReverse();
    }

    /// Whether the last that was heard of a step is that it was undone.
    private boolean takenBack(int step) {
        String function = plan.functions().get(step);
        boolean undone = false;
        for (String line : lines) {
            if (line.endsWith(" " + function)) {
                undone = line.startsWith("undo");
            }
        }
        return undone && lines.contains("undone " + function);
    }

    private void undoneInReverse() {
        int last = plan.steps().size();
        boolean back = false;
        for (String line : lines) {
            if (line.startsWith("undo ")) {
                int step = plan.functions().indexOf(line.substring(5));
                assertThat(step).as(story()).isLessThanOrEqualTo(last);
                assertThat(step == last || last == plan.steps().size() || undone(last))
                        .as(story())
                        .isTrue();
                last = step;
                back = true;
            }
            assertThat(back && line.startsWith("call ")).as(story()).isFalse();
        }
    }

    private boolean undone(int step) {
        return lines.contains("undone " + plan.functions().get(step));
    }
}
