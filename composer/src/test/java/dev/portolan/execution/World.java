package dev.portolan.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.composer.Composer;
import dev.portolan.composer.Event;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Done;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Program.Act;
import dev.portolan.execution.Program.Trouble;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import dev.portolan.state.Effects;
import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One program and those who run it: its functions, their effects, and what must always hold.
///
/// Whatever does not hold is written down; thrown within a function it would be one more failure of a step.
final class World {

    static final String ID = "test:o-1";

    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final Json JSON = new Json();

    final Program program;
    final InMemoryStateStore memory = new InMemoryStateStore(this::now, 20_000);
    final Fate fate;
    final List<String> log = new ArrayList<>();
    final List<String> wrong = new ArrayList<>();
    final List<String> calls = new ArrayList<>();
    final List<Integer> undone = new ArrayList<>();
    final Set<Integer> live = new HashSet<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<Integer, Integer> unclear = new HashMap<>();
    private final Effects ledger = new Effects(memory, this::now);
    private final FunctionRegistry functions = new FunctionRegistry();
    private final Random random;

    Instant now = START;
    Instant latest = START;
    Level level = new Level();
    final List<Level> below = new ArrayList<>();
    int writes;
    int mostClaims;

    /// The definition of a later deployment.
    final Program deployed;

    /// Whether somebody may have cancelled it, or undone it when it was over.
    boolean cancelled;

    boolean undoneOnRequest;

    /// Whether somebody may have let it run again, and a step be called again that is called once.
    boolean retried;

    /// Whether somebody may have hastened it: it waits for no worker then.
    boolean hastened;

    World(Program program, long seed, int faults) {
        this.program = program;
        this.deployed = new Program(program.input(), program.acts().reversed());
        this.random = new Random(seed);
        this.fate = new Fate(this, new Random(seed + 1), faults);
        functions.add("act", Object.class, Object.class, this::attempt);
        functions.add("take-back", Object.class, Object.class, this::takeBack);
        functions.add("yes", Object.class, value -> true);
        functions.add("no", Object.class, value -> false);
        functions.add("broken", Object.class, value -> {
            throw new IllegalStateException("secret");
        });
        functions.add("refusing", Object.class, value -> {
            throw new Failure(Code.DENIED, "not for you");
        });
    }

    Instant now() {
        return now;
    }

    void pass(Duration time) {
        now = now.plus(time);
        latest = now.isAfter(latest) ? now : latest;
    }

    /// Whether so much happened to it that the reference knows no more how it ends: it was given up, or called
    /// twice on request what is called once.
    boolean beyondReference() {
        return mostClaims >= Protocol.MOST_CLAIMS
                || (retried && program.acts().stream().anyMatch(Act::once));
    }

    Pipeline pipeline(Program of) {
        return new Composer(functions).recompose(of.definition());
    }

    /// What a process has that begins now.
    Executions executions() {
        // Time never ends for the watchdog, which would come at any moment.
        Runner runner = new Runner(() -> START, random, pause -> {
            pass(pause);
            fate.point("pause");
        });
        return new Executions(
                fate,
                new Composer(functions),
                runner,
                (id, delay) -> fate.around("wake", false, () -> true),
                this::now,
                random);
    }

    Outcome run(Executions executions, Program as, @Nullable Instant deadline) {
        return executions.run(pipeline(as), event(), deadline, StepListener.NONE);
    }

    Event event() {
        return new Event(ID, program.input(), Scene.HEADERS);
    }

    /// The execution as it is stored in truth, or null.
    @Nullable
    Execution truth() {
        return memory.find(Records.PREFIX + ID)
                .map(entry -> ExecutionRecord.read(ID, entry.value()))
                .orElse(null);
    }

    void require(boolean holds, String what, @Nullable Object... more) {
        if (!holds) {
            wrong.add(what + " " + List.of(more).toString());
            log.add("WRONG " + what);
        }
    }

    /// Sees what was written.
    void written(@Nullable Entry before, Entry after) {
        if (after.key().startsWith("definition:")) {
            return;
        }
        writes++;
        if (!after.key().startsWith(Records.PREFIX)) {
            log.add("wrote " + after.key());
            return;
        }
        Execution next = ExecutionRecord.read(ID, after.value());
        mostClaims = Math.max(mostClaims, next.at().claims());
        log.add("wrote " + told(next));
        if (next.lease().owner() != null) {
            level.owner = next.lease().owner();
        }
        if (before != null) {
            moved(ExecutionRecord.read(ID, before.value()), next);
        }
    }

    private void moved(Execution from, Execution to) {
        require(
                !from.over() || undoneOnRequest || retried,
                "an execution that is over was changed",
                told(from),
                told(to));
        require(retried || from.at().cursor() <= to.at().cursor(), "the cursor went back", told(from), told(to));
        require(from.origin().equals(to.origin()), "its origin changed");
        String owner = from.lease().owner();
        boolean claimed = to.lease().owner() != null && !to.lease().owner().equals(owner);
        Instant until = from.lease().until();
        require(!claimed || until == null || !latest.isBefore(until), "claimed too early", told(from), told(to));
        boolean shorter = from.failure() != null;
        List<Done> less = shorter ? to.undo() : from.undo();
        List<Done> more = shorter ? from.undo() : to.undo();
        require(
                less.size() <= more.size()
                        && more.size() - less.size() <= 1
                        && more.subList(0, less.size()).equals(less),
                "undo is no stack",
                told(from),
                told(to));
        require(!shorter || retried || from.failure().equals(to.failure()), "why it failed changed");
        require(to.status() != Status.FAILED || to.undo().isEmpty(), "failed with something to undo", told(to));
    }

    private static String told(Execution of) {
        List<Integer> undo = of.undo().stream().map(Done::step).toList();
        return of.status() + " " + of.at().cursor() + " undo " + undo + " owner "
                + (of.lease().owner() == null ? "none" : of.lease().owner().substring(0, 4)) + " until "
                + of.lease().until() + (of.at().begun() ? " begun" : "")
                + (of.at().doubt() ? " doubt" : "")
                + " attempts " + of.at().attempts() + " claims " + of.at().claims()
                + (of.failure() == null ? "" : " for " + of.failure().code());
    }

    /// Whether a worker that still has the execution makes a call.
    private void called(Object value, String name, boolean back, int index) {
        Invocation invocation = Invocation.current();
        calls.add(name);
        require(invocation.id().equals(ID) && invocation.step().equals(name), "another key", invocation.key());
        require(index < program.acts().size(), "a step of another definition", name);
        Execution truth = Objects.requireNonNull(truth());
        boolean mine = Objects.equals(truth.lease().owner(), level.owner);
        log.add("calls " + name + (mine ? "" : " late"));
        if (!mine) {
            return;
        }
        if (back) {
            require(truth.status() == Status.UNDO, "undone in the midst", told(truth));
            Done last = truth.undo().isEmpty() ? null : truth.undo().getLast();
            require(last != null && last.step() == index, "not what was done last is undone", name, told(truth));
            require(last != null && same(last.value(), value), "undo of another value", name);
            require(invocation.undoes().equals(ID + "/" + Program.name(index)), "undoes another effect", name);
            boolean refused = memory.find("effect:" + invocation.undoes())
                    .map(entry -> entry.value()[0] == 'T')
                    .orElse(false);
            require(refused, "undone before its key was taken back", name);
            for (Level other : below) {
                boolean beside = other.within == index && latest.isBefore(other.until);
                require(!beside || hastened, "undone beside its step", name);
            }
            return;
        }
        level.within = index;
        level.until = Objects.requireNonNull(truth.lease().until());
        require(truth.status() == Status.RUN, "called although it does not run", name, told(truth));
        require(truth.at().cursor() == index, "called out of its turn", name, told(truth));
        require(same(truth.at().value(), value), "a step took another value", name, told(truth));
        require(!program.acts().get(index).once() || truth.at().begun(), "called before it was said", name);
    }

    private static boolean same(String json, @Nullable Object value) {
        return Objects.equals(JSON.decode(json), Reference.stored(value));
    }

    private @Nullable Object attempt(@Nullable Object value) {
        Level mine = level;
        try {
            return act(value);
        } finally {
            mine.within = -1;
        }
    }

    private @Nullable Object act(@Nullable Object value) {
        String name = Invocation.current().step();
        int index = Program.index(name);
        Act act = program.acts().get(index);
        called(value, name, false, index);
        require(
                !act.once() || retried || unclear.getOrDefault(index, 0) == 0,
                "called twice what is called once",
                name);
        unclear.merge(index, 1, Integer::sum);
        fate.point("before the effect of " + name);
        Trouble trouble = act.fails();
        boolean fails = trouble.strikes(counts.merge(name, 1, Integer::sum));
        if (act.effect() && (!fails || trouble.effectFirst())) {
            ledger.record(Invocation.current().key(), name.getBytes(UTF_8));
            live.add(index);
            fate.point("after the effect of " + name);
        }
        if (fails) {
            if (trouble.thrown() == null && trouble.failure().effect() == Failure.Effect.NONE) {
                unclear.merge(index, -1, Integer::sum);
            }
            throw trouble.thrown(name);
        }
        return act.answer(index, value);
    }

    private @Nullable Object takeBack(@Nullable Object value) {
        String name = Invocation.current().step();
        int index = Program.index(name);
        called(value, name, true, index);
        undone.add(index);
        fate.point("before " + name);
        Trouble trouble = Objects.requireNonNull(program.acts().get(index).undo());
        if (trouble.strikes(counts.merge(name, 1, Integer::sum))) {
            throw trouble.thrown(name);
        }
        live.remove(index);
        fate.point("after " + name);
        return 0;
    }
}
