package dev.portolan.execution;

import dev.portolan.execution.Program.Act;
import dev.portolan.execution.Program.Trouble;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a program comes to, said a second time and without a store: its steps one after the other, and back.
/// Whoever delivers it does so again, three times more, where it got stuck.
///
/// A program that is disturbed may come to more than one end: a call more lets a step succeed that failed too
/// often; a worker that is lost leaves a step in doubt, and one that is called once for good. Of an undisturbed
/// one all calls are told too.
final class Reference {

    /// How often work is delivered that got stuck at one place.
    static final int DELIVERIES = 4;

    private static final Json JSON = new Json();

    /// An end.
    ///
    /// @param step where it failed or is stuck; empty if it is completed
    record End(
            Execution.Status status,
            String step,
            @Nullable Code code,
            @Nullable Object value,
            Headers headers) {}

    private final Program program;
    private final boolean disturbed;
    private final Set<End> ends = new HashSet<>();
    private final List<String> calls = new ArrayList<>();
    private final Set<Integer> committed = new HashSet<>();
    private int writes = 1;
    private int spare;

    Reference(Program program, boolean disturbed) {
        this.program = program;
        this.disturbed = disturbed;
        follow(0, stored(program.input()), Scene.HEADERS, List.of());
    }

    Set<End> ends() {
        return ends;
    }

    /// Every call of an undisturbed program, in order.
    List<String> calls() {
        return calls;
    }

    /// The steps that come to be committed if no step fails for good.
    Set<Integer> committed() {
        return committed;
    }

    /// The writes of an undisturbed program: at least so many, and [#spare] more for its pauses.
    int writes() {
        return writes;
    }

    int spare() {
        return spare;
    }

    private void follow(int from, @Nullable Object input, Headers before, List<Integer> done) {
        Object value = input;
        Headers headers = before;
        List<Integer> undo = new ArrayList<>(done);
        for (int i = from; i < program.acts().size(); i++) {
            Act act = program.acts().get(i);
            if (act.once()) {
                writes++;
                if (disturbed) {
                    fail(i, new Failure(Code.UNKNOWN, "lost"), undo);
                }
            }
            if ("no".equals(act.condition())) {
                writes++;
                if (disturbed && act.undo() != null) {
                    // A worker was lost there: nobody knows that it was not called.
                    follow(i + 1, value, headers, with(undo, i));
                }
                continue;
            }
            Trouble trouble = trouble(act);
            boolean again = repeatable(act, trouble.failure());
            boolean redelivered = again && undo.isEmpty() && !doubtful(act, trouble.failure());
            boolean spared = trouble.spared() > 0;
            boolean certain =
                    trouble.times() == 0 || (again && trouble.times() < act.attempts()) || (spared && !disturbed);
            boolean possible = (spared || trouble.times() < Program.ALWAYS)
                    && (certain || redelivered || (disturbed && (spared || again || !act.once())));
            tell(Program.name(i), act, trouble, possible, again, redelivered);
            if (!certain && !(possible && redelivered && !disturbed)) {
                fail(i, trouble.failure(), undo);
            }
            if (!possible) {
                return;
            }
            Object given = act.given(i, value);
            value = stored(given);
            headers = headers.replacedBy(act.headers(i));
            committed.add(i);
            writes++;
            if (act.undo() != null) {
                undo.add(i);
            }
            if (act.ends()) {
                break;
            }
        }
        ends.add(new End(Execution.Status.DONE, "", null, value, headers));
    }

    /// How a step fails; what it gives may be a failure too.
    private static Trouble trouble(Act act) {
        if ("broken".equals(act.condition())) {
            return new Trouble(0, Program.ALWAYS, new Failure(Code.UNKNOWN, ""), null, false);
        }
        if ("refusing".equals(act.condition())) {
            return new Trouble(0, Program.ALWAYS, new Failure(Code.DENIED, ""), null, false);
        }
        return act.gives() == Program.Gives.NULL || act.gives() == Program.Gives.HUGE
                ? new Trouble(0, Program.ALWAYS, (Failure) act.given(0, null), null, false)
                : act.fails();
    }

    private static boolean repeatable(Act act, Failure failure) {
        return failure.retryable() && !(act.once() && failure.effect() != Effect.NONE);
    }

    private static boolean doubtful(Act act, Failure failure) {
        return failure.effect() != Effect.NONE && act.undo() != null;
    }

    private void tell(String name, Act act, Trouble trouble, boolean succeeds, boolean again, boolean redelivered) {
        boolean asked = act.condition() != null && !"yes".equals(act.condition());
        int most = (again ? act.attempts() : 1) * (redelivered ? DELIVERIES : 1);
        int made = trouble.spared() > 0 ? 1 : succeeds ? trouble.times() + 1 : most;
        for (int call = 0; call < made && !asked; call++) {
            calls.add(name);
        }
        spare += trouble.times() == 0 || trouble.spared() > 0 ? 0 : 4 * made + 2 * DELIVERIES;
    }

    /// Adds what a failure of a step may come to.
    private void fail(int index, Failure failure, List<Integer> before) {
        Act act = program.acts().get(index);
        boolean doubt = failure.effect() != Effect.NONE;
        if (!doubt || act.undo() == null || disturbed) {
            back(index, failure, before, doubt);
        }
        if ((doubt || disturbed) && act.undo() != null) {
            back(index, failure, with(before, index), doubt);
        }
    }

    private static List<Integer> with(List<Integer> undo, int more) {
        List<Integer> all = new ArrayList<>(undo);
        all.add(more);
        return all;
    }

    private void back(int index, Failure failure, List<Integer> undo, boolean doubt) {
        Act act = program.acts().get(index);
        if (undo.isEmpty() && failure.retryable()) {
            Code code = act.once() && doubt ? Code.UNKNOWN : failure.code();
            boolean goesOn =
                    act.fails().times() < Program.ALWAYS && trouble(act).equals(act.fails()) && !(act.once() && doubt);
            if (!goesOn) {
                ends.add(new End(Execution.Status.STUCK, Program.name(index), code, null, Headers.NONE));
            }
            return;
        }
        writes++;
        for (int i = undo.size() - 1; i >= 0; i--) {
            Act undone = program.acts().get(undo.get(i));
            Trouble trouble = undone.undo() == null ? Trouble.NONE : undone.undo();
            String name = Program.name(undo.get(i)) + "/undo";
            boolean stuck = trouble.times() >= Program.ALWAYS;
            int each = trouble.failure().retryable() ? undone.attempts() : 1;
            int made = stuck ? each * DELIVERIES : trouble.times() + 1;
            for (int call = 0; call < made; call++) {
                calls.add(name);
            }
            writes += 2;
            spare += trouble.times() == 0 ? 0 : 4 * made + 2 * DELIVERIES;
            if (stuck) {
                ends.add(new End(Execution.Status.STUCK, name, trouble.failure().code(), null, Headers.NONE));
                return;
            }
        }
        ends.add(new End(Execution.Status.FAILED, Program.name(index), failure.code(), null, Headers.NONE));
    }

    static @Nullable Object stored(@Nullable Object value) {
        return JSON.decode(JSON.encode(value));
    }
}
