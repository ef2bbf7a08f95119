package dev.portolan.execution;

import dev.portolan.composer.Composer;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Pipeline;
import dev.portolan.execution.Execution.History;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.invocation.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Every state that two workers, their store and the ledger of their effects can reach: [Protocol] says what
/// each worker does, the model when, and which crash, lost answer or lease that ends too early comes between.
///
/// What the model takes on trust of [Worker] and [Records] is their order of calls: read, claim, store, take
/// back, call, store; and that a lost answer is told by reading back. `ExecutionsModelTest` runs those for
/// real.
final class ProtocolModel {

    /// What the steps are like.
    ///
    /// @param steps their options in JSON
    /// @param third what becomes of the third step
    record Program(String name, String steps, Third third) {}

    enum Third {
        SUCCEEDS,
        /// It leaves nothing behind.
        FAILS,
        /// Each call may do either.
        MAY_FAIL,
        /// It may have left its effect, and nobody can tell.
        FAILS_IN_DOUBT
    }

    /// What is known of an effect: whether it is there, and whether its key was taken back.
    private enum Mark {
        NONE,
        LIVE,
        TAKEN_BACK,
        TAKEN_BACK_AND_LIVE;

        boolean live() {
            return this == LIVE || this == TAKEN_BACK_AND_LIVE;
        }
    }

    private enum At {
        START,
        READ,
        HOLD,
        TAKE_BACK,
        CALL,
        WRITE,
        DOUBT,
        END
    }

    /// A worker.
    ///
    /// @param fresh whether nobody has written since it read or wrote
    /// @param mine what it read, or has
    /// @param next what it is about to store, or is not sure to have stored
    /// @param then where it goes on when that is stored
    private record Actor(
            At at,
            boolean fresh,
            @Nullable Execution mine,
            @Nullable Execution next,
            At then) {

        static final Actor STARTING = new Actor(At.START, false, null, null, At.START);
        static final Actor ENDED = new Actor(At.END, false, null, null, At.END);

        Actor to(At at) {
            return new Actor(at, fresh, mine, null, at);
        }

        Actor storing(Execution next, At then) {
            return new Actor(At.WRITE, fresh, mine, next, then);
        }

        boolean has() {
            return at == At.HOLD
                    || at == At.TAKE_BACK
                    || at == At.CALL
                    || ((at == At.WRITE || at == At.DOUBT)
                            && mine != null
                            && mine.lease().owner() != null);
        }
    }

    private record State(
            @Nullable Execution stored,
            List<Mark> ledger,
            List<Actor> actors,
            int crashes,
            int losses,
            int expiries,
            boolean onceCalled) {

        State with(int actor, Actor now) {
            List<Actor> all = new ArrayList<>(actors);
            all.set(actor, now);
            return new State(stored, ledger, List.copyOf(all), crashes, losses, expiries, onceCalled);
        }

        State marked(int step, Mark mark) {
            List<Mark> all = new ArrayList<>(ledger);
            all.set(step, mark);
            return new State(stored, List.copyOf(all), actors, crashes, losses, expiries, onceCalled);
        }

        /// Everybody else is behind from now on.
        State stored(int actor, Execution next) {
            List<Actor> all = new ArrayList<>();
            for (int i = 0; i < actors.size(); i++) {
                Actor other = actors.get(i);
                all.add(i == actor ? other : new Actor(other.at, false, other.mine, other.next, other.then));
            }
            return new State(next, ledger, List.copyOf(all), crashes, losses, expiries, onceCalled);
        }

        State spent(int crash, int loss, int expiry) {
            return new State(stored, ledger, actors, crashes - crash, losses - loss, expiries - expiry, onceCalled);
        }

        State calledOnce() {
            return new State(stored, ledger, actors, crashes, losses, expiries, true);
        }
    }

    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
    private static final Instant MUCH_LATER = NOW.plus(Duration.ofHours(1));

    private final Program program;
    private final boolean tombstones;
    private final Pipeline pipeline;
    private final Map<State, Boolean> seen = new HashMap<>();
    private final Deque<State> open = new ArrayDeque<>();
    private final List<String> violations = new ArrayList<>();

    /// A model of a program.
    ///
    /// @param tombstones whether undoing takes the key back first, as the engine does; without, it must be
    ///     found out
    ProtocolModel(Program program, boolean tombstones) {
        this.program = program;
        this.tombstones = tombstones;
        FunctionRegistry functions = new FunctionRegistry();
        for (String name : List.of("one", "two", "three", "back")) {
            functions.add(name, Map.class, Map.class, input -> input);
        }
        this.pipeline = new Composer(functions)
                .recompose("{'pipeline': 'test', 'durable': true, 'steps': [%s]}"
                        .formatted(program.steps())
                        .replace('\'', '"'));
    }

    /// Looks at every state.
    ///
    /// @return how many there are
    int explore(int crashes, int losses, int expiries) {
        List<Mark> ledger = List.of(Mark.NONE, Mark.NONE, Mark.NONE);
        add(new State(null, ledger, List.of(Actor.STARTING, Actor.STARTING), crashes, losses, expiries, false));
        while (!open.isEmpty()) {
            State state = open.pop();
            boolean ended = true;
            for (int actor = 0; actor < 2; actor++) {
                ended &= state.actors().get(actor).at() == At.END;
                moves(state, actor, this::add);
            }
            if (ended) {
                finish(state);
            }
        }
        return seen.size();
    }

    List<String> violations() {
        return violations;
    }

    private void add(State state) {
        if (seen.put(state, true) == null) {
            check(state);
            open.push(state);
        }
    }

    /// What must hold in every state.
    private void check(State state) {
        Execution stored = state.stored();
        boolean live = state.ledger().stream().anyMatch(Mark::live);
        if (stored != null && !new Protocol(pipeline, "", null).knows(stored)) {
            violations.add("it makes no sense: " + state);
        }
        if (stored != null && stored.status() == Status.FAILED && live) {
            violations.add("an effect is there after FAILED: " + state);
        }
        if (stored != null
                && stored.status() == Status.DONE
                && !state.ledger().stream().allMatch(mark -> mark == Mark.LIVE)) {
            violations.add("an effect is missing after DONE: " + state);
        }
    }

    /// Whoever comes last finds an end that the program may have.
    private void finish(State state) {
        State last = state;
        for (int moves = 0; moves < 100; moves++) {
            Execution stored = last.stored();
            if (stored != null && (stored.over() || stored.status() == Status.STUCK)) {
                break;
            }
            State before = last;
            State restarted = before.with(0, Actor.STARTING).spent(before.crashes(), before.losses(), -1);
            last = alone(restarted);
        }
        check(last);
        Execution stored = last.stored();
        Status status = stored == null ? Status.RUN : stored.status();
        boolean expected = switch (program.third()) {
            case SUCCEEDS -> status == Status.DONE;
            case FAILS, FAILS_IN_DOUBT -> status == Status.FAILED;
            case MAY_FAIL -> stored != null && stored.over();
        };
        boolean lostWithinOnce = status == Status.STUCK && program.steps().contains("once");
        if (!expected && !lostWithinOnce) {
            violations.add("it ends " + status + ": " + last);
        }
    }

    /// One worker alone, to where it ends.
    private State alone(State from) {
        State state = from;
        while (state.actors().getFirst().at() != At.END) {
            List<State> next = new ArrayList<>();
            moves(state, 0, next::add);
            state = next.getLast();
        }
        return state;
    }

    /// What a worker may do, or have done to it, in a state.
    private void moves(State state, int actor, Consumer<State> to) {
        Actor self = state.actors().get(actor);
        if (self.at() == At.END) {
            return;
        }
        if (state.crashes() > 0 && self.at() != At.START) {
            to.accept(state.with(actor, Actor.STARTING).spent(1, 0, 0));
        }
        Protocol protocol = new Protocol(pipeline, "worker " + actor, null);
        Execution mine = self.mine();
        switch (self.at()) {
            case START -> to.accept(state.with(actor, new Actor(At.READ, true, state.stored(), null, At.READ)));
            case READ -> claim(state, actor, protocol, to);
            case HOLD -> to.accept(state.with(actor, held(self, protocol)));
            case TAKE_BACK -> {
                State next = state;
                if (tombstones) {
                    int step = mine.undo().getLast().step();
                    next = state.marked(
                            step, state.ledger().get(step).live() ? Mark.TAKEN_BACK_AND_LIVE : Mark.TAKEN_BACK);
                }
                to.accept(next.with(actor, self.to(At.CALL)));
            }
            case CALL -> call(state, actor, protocol, to);
            case WRITE -> {
                Execution next = self.next();
                if (!self.fresh()) {
                    to.accept(state.with(actor, Actor.STARTING));
                } else {
                    State stored = state.stored(actor, next);
                    to.accept(stored.with(actor, new Actor(self.then(), true, next, null, self.then())));
                    if (state.losses() > 0) {
                        Actor doubtful = new Actor(At.DOUBT, true, mine, next, self.then());
                        to.accept(stored.with(actor, doubtful).spent(0, 1, 0));
                    }
                }
            }
            case DOUBT ->
                to.accept(state.with(
                        actor,
                        self.next().equals(state.stored())
                                ? new Actor(self.then(), true, self.next(), null, self.then())
                                : Actor.STARTING));
            case END -> throw new IllegalStateException();
        }
    }

    private void claim(State state, int actor, Protocol protocol, Consumer<State> to) {
        Actor self = state.actors().get(actor);
        Execution there = self.mine();
        if (there == null) {
            Execution accepted = Execution.accepted("test:o-1", "hash", "hash", "0", Headers.NONE, NOW);
            to.accept(state.with(actor, self.storing(protocol.fresh(accepted, NOW), At.HOLD)));
            return;
        }
        Protocol.Claim claim = protocol.claim(there, NOW, true);
        if (claim instanceof Protocol.Claim.Busy) {
            to.accept(state.with(actor, Actor.ENDED));
            // The lease of a worker that is gone ends some time; that of one that is not ends too early.
            boolean alive = state.actors().get(1 - actor).has();
            if (!alive || state.expiries() > 0) {
                claim = protocol.claim(there, MUCH_LATER, true);
                Execution taken = plain(((Protocol.Claim.Take) claim).next());
                to.accept(state.spent(0, 0, alive ? 1 : 0).with(actor, self.storing(taken, At.HOLD)));
            }
        } else if (claim instanceof Protocol.Claim.Take take && there.status() != Status.STUCK) {
            to.accept(state.with(actor, self.storing(plain(take.next()), At.HOLD)));
        } else {
            to.accept(state.with(actor, Actor.ENDED));
        }
    }

    private static Actor held(Actor self, Protocol protocol) {
        Execution mine = self.mine();
        if (mine.lease().owner() == null) {
            return Actor.ENDED;
        }
        Protocol.Call call = protocol.next(mine);
        if (call.lost() != null) {
            return self.storing(plain(protocol.failed(mine, call.lost(), NOW)), At.HOLD);
        }
        At then = protocol.takesBack(mine) == null ? At.CALL : At.TAKE_BACK;
        return call.first() == null ? self.to(then) : self.storing(call.first(), then);
    }

    private void call(State state, int actor, Protocol protocol, Consumer<State> to) {
        Actor self = state.actors().get(actor);
        Execution mine = self.mine();
        if (protocol.takesBack(mine) != null) {
            int step = mine.undo().getLast().step();
            for (int later = step + 1; later < state.ledger().size(); later++) {
                if (state.ledger().get(later).live()) {
                    violations.add("step " + step + " is undone before step " + later + ": " + state);
                }
            }
            Mark mark = tombstones ? Mark.TAKEN_BACK : Mark.NONE;
            to.accept(state.marked(step, mark).with(actor, self.storing(plain(protocol.undone(mine, NOW)), At.HOLD)));
            return;
        }
        int step = mine.at().cursor();
        if (!mine.at().value().equals(String.valueOf(step))) {
            violations.add("step " + step + " takes what another step gave: " + state);
        }
        State called = state;
        if (pipeline.steps().get(step).once()) {
            if (state.onceCalled()) {
                violations.add("a step that is called once is called again: " + state);
            }
            called = state.calledOnce();
        }
        Mark mark = state.ledger().get(step);
        if (mark == Mark.TAKEN_BACK || mark == Mark.TAKEN_BACK_AND_LIVE) {
            to.accept(called.with(actor, failed(self, protocol, new Failure(Code.FAILED_PRECONDITION, "taken back"))));
            return;
        }
        Third third = step == 2 ? program.third() : Third.SUCCEEDS;
        if (third == Third.FAILS || third == Third.MAY_FAIL) {
            to.accept(called.with(actor, failed(self, protocol, new Failure(Code.DENIED, "no"))));
        }
        if (third == Third.FAILS_IN_DOUBT) {
            Failure doubtful = new Failure(Code.TIMEOUT, "too late").withEffect(Effect.UNKNOWN);
            to.accept(called.with(actor, failed(self, protocol, doubtful)));
            to.accept(called.marked(step, Mark.LIVE).with(actor, failed(self, protocol, doubtful)));
        }
        if (third == Third.SUCCEEDS || third == Third.MAY_FAIL) {
            Execution next = protocol.advanced(mine, String.valueOf(step + 1), Headers.NONE, false, NOW);
            to.accept(called.marked(step, Mark.LIVE).with(actor, self.storing(plain(next), At.HOLD)));
        }
    }

    private static Actor failed(Actor self, Protocol protocol, Failure failure) {
        Execution once = protocol.failedOnce(self.mine(), failure, 1);
        return self.storing(plain(protocol.failed(once, failure, NOW)), At.HOLD);
    }

    /// The same without what tells one moment from another.
    private static Execution plain(Execution execution) {
        Execution.Lease lease = execution.lease();
        Instant until = lease.until() == null ? null : NOW.plusSeconds(1);
        return new Execution(
                execution.id(),
                execution.origin(),
                execution.status(),
                execution.at(),
                execution.undo(),
                new Execution.Lease(lease.owner(), until),
                execution.failure(),
                execution.trouble(),
                History.NONE);
    }
}
