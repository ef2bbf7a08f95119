package dev.portolan.execution;

import static org.assertj.core.api.Assertions.fail;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.execution.Reference.End;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random programs, undisturbed and under random faults, come to what [Reference] says, and never break what
/// must always hold.
///
/// `-Dportolan.seed=7` runs one case again and tells all that happens in it; `-Dportolan.cases=100000` runs
/// more.
final class RandomProgramsTest {

    private static final @Nullable Long SEED = Long.getLong("portolan.seed");
    private static final boolean FULL = Boolean.getBoolean("portolan.full");
    private static final boolean SOAK = Boolean.getBoolean("portolan.soak");
    private static final int CASES = Integer.getInteger("portolan.cases", SOAK ? 1_000_000 : FULL ? 200_000 : 2_000);
    private static final int MOST_FAULTS = 6;

    @Test
    void anUndisturbedProgramMakesTheCallsAndTheWritesOfTheReference() {
        for (long seed : seeds()) {
            Program program = Program.random(new Random(seed));
            report(seed, program, 0, check(program, seed, 0));
        }
    }

    @Test
    void aDisturbedProgramComesToAnEndOfTheReference() {
        for (long seed : seeds()) {
            Program program = Program.random(new Random(seed));
            report(seed, program, MOST_FAULTS, check(program, seed, MOST_FAULTS));
        }
    }

    private static long[] seeds() {
        return SEED == null ? new Random().longs(CASES).map(seed -> seed >>> 16).toArray() : new long[] {SEED};
    }

    /// Plays a case.
    private static World check(Program program, long seed, int faults) {
        World world = new World(program, seed, faults);
        Random random = new Random(seed + 2);
        try {
            play(world, random, faults);
            judge(world, new Reference(program, faults > 0), faults > 0);
        } catch (RuntimeException | Error e) {
            world.wrong.add("thrown: " + e + " at " + List.of(e.getStackTrace()).subList(0, 3));
        }
        return world;
    }

    private static void play(World world, Random random, int faults) {
        List<Executions> processes = new ArrayList<>(List.of(world.executions(), world.executions()));
        for (int i = faults == 0 ? 0 : random.nextInt(1, 5); i > 0 && !world.fate.calm(); i--) {
            disturb(world, random, processes);
        }
        world.log.add("all goes well from now on");
        world.fate.pacify();
        settle(world, random, faults > 0);
    }

    private static void disturb(World world, Random random, List<Executions> processes) {
        world.level = new Level();
        world.pass(Program.one(random, Duration.ZERO, Duration.ofSeconds(20), Duration.ofMinutes(3)));
        Executions process =
                random.nextInt(3) == 0 ? world.executions() : Program.one(random, processes.get(0), processes.get(1));
        try {
            if (world.truth() == null && random.nextInt(4) != 0) {
                world.run(process, world.program, null);
            } else if (world.truth() != null && random.nextInt(6) == 0) {
                Event other = new Event(World.ID, Map.of("other", "input"), Headers.NONE);
                Outcome refused = process.run(world.pipeline(world.program), other, null, StepListener.NONE);
                world.log.add("other input: " + refused);
                world.require(refused instanceof Outcome.Failed, "other work is taken for this", refused);
            } else {
                world.fate.deliver(process, random.nextInt(4) == 0 ? world.now.plusSeconds(random.nextInt(90)) : null);
            }
        } catch (Crash crash) {
            world.log.add("lost");
        }
    }

    /// Delivers until nothing is left to do.
    private static void settle(World world, Random random, boolean anyhow) {
        boolean sweptOnly = anyhow && random.nextBoolean();
        String place = "";
        int times = 0;
        for (int i = 0; i < 200; i++) {
            world.level = new Level();
            Execution there = world.truth();
            if (there != null && there.over()) {
                return;
            }
            if (there == null) {
                world.run(world.executions(), world.program, null);
                continue;
            }
            if (there.lease().until() != null
                    && world.now.isBefore(there.lease().until())) {
                world.pass(Duration.between(world.now, there.lease().until()));
            }
            if (there.status() == Status.STUCK) {
                String here = there.trouble().step();
                times = here.equals(place) ? times + 1 : 1;
                place = here;
                if (times == Reference.DELIVERIES + (anyhow ? 2 : 0)) {
                    return;
                }
                world.run(world.executions(), world.program, null);
            } else if (sweptOnly) {
                world.executions().operations().sweep(null);
            } else if (anyhow) {
                world.fate.deliver(world.executions(), null);
            } else {
                world.run(world.executions(), world.program, null);
            }
        }
        world.require(false, "it does not come to rest");
    }

    private static void judge(World world, Reference reference, boolean disturbed) {
        Execution end = Objects.requireNonNull(world.truth());
        End reached = reached(end);
        world.require(
                world.beyondReference()
                        || (world.cancelled && cancelled(reached))
                        || reference.ends().contains(reached),
                "another end",
                reached,
                reference.ends());
        if (!disturbed) {
            world.require(world.calls.equals(reference.calls()), "other calls", world.calls, reference.calls());
            world.require(
                    world.writes >= reference.writes() && world.writes <= reference.writes() + reference.spare(),
                    "other writes",
                    world.writes,
                    reference.writes(),
                    reference.spare());
        }
        effects(world, reference, end);
        int calls = world.calls.size();
        int writes = world.writes;
        if (end.over()) {
            Outcome again = world.run(world.executions(), world.program, null);
            world.require(again(end, again), "another answer the second time", again);
            world.require(calls == world.calls.size() && writes == world.writes, "done again what is over");
        }
        if (end.status() == Status.DONE && !end.undo().isEmpty()) {
            world.undoneOnRequest = true;
            world.executions().operations().undo(World.ID);
            settle(world, new Random(calls), disturbed);
            Execution undone = world.truth();
            world.require(undone.status() != Status.DONE, "it was not undone");
            effects(world, reference, undone);
        }
    }

    private static boolean cancelled(End reached) {
        return reached.step().isEmpty() ? reached.code() == Code.FAILED_PRECONDITION : reached.status() == Status.STUCK;
    }

    private static End reached(Execution end) {
        Execution.Failed failed = end.trouble() == null ? end.failure() : end.trouble();
        boolean done = end.status() == Status.DONE;
        return new End(
                end.status(),
                failed == null ? "" : failed.step(),
                failed == null ? null : failed.code(),
                done ? new dev.portolan.json.Json().decode(end.at().value()) : null,
                done ? end.at().headers() : Headers.NONE);
    }

    private static boolean again(Execution end, Outcome again) {
        return switch (again) {
            case Outcome.Completed completed ->
                end.status() == Status.DONE
                        && Objects.equals(
                                completed.value(),
                                new dev.portolan.json.Json().decode(end.at().value()));
            case Outcome.Failed failed ->
                end.status() == Status.FAILED
                        && !failed.failure().retryable()
                        && failed.failure().code() == end.failure().code();
            case Outcome.Waiting waiting -> false;
        };
    }

    private static void effects(World world, Reference reference, Execution end) {
        Set<Integer> expected = new HashSet<>();
        for (int step : reference.committed()) {
            if (world.program.acts().get(step).effect()) {
                expected.add(step);
            }
        }
        if (end.status() == Status.DONE) {
            world.require(
                    world.beyondReference() || world.live.equals(expected), "other effects", world.live, expected);
            world.require(world.undone.isEmpty(), "undone although it is done", world.undone);
        }
        if (end.status() == Status.FAILED) {
            for (int step : world.live) {
                world.require(
                        world.program.acts().get(step).undo() == null, "an effect lives after all", Program.name(step));
            }
        }
    }

    /// Fails for a case that went wrong, told as simply as may be.
    private static void report(long seed, Program program, int faults, World world) {
        if (world.wrong.isEmpty() && SEED == null) {
            return;
        }
        if (SEED != null && world.wrong.isEmpty()) {
            System.out.println(told(program, world));
            return;
        }
        Program simplest = program;
        World worst = world;
        boolean simpler = true;
        while (simpler) {
            simpler = false;
            for (Program candidate : simplest.simpler()) {
                World bad = badly(candidate, seed, faults);
                if (bad != null) {
                    simplest = candidate;
                    worst = bad;
                    simpler = true;
                    break;
                }
            }
        }
        fail("-Dportolan.seed=%d: %s%nsimplest: %s", seed, world.wrong, told(simplest, worst));
    }

    private static @Nullable World badly(Program program, long seed, int faults) {
        for (int most = Math.min(faults, 1); most <= faults; most++) {
            for (int i = 0; i < (faults == 0 ? 1 : 100); i++) {
                World world = check(program, seed + i, most);
                if (!world.wrong.isEmpty()) {
                    return world;
                }
            }
        }
        return null;
    }

    private static String told(Program program, World world) {
        StringBuilder text = new StringBuilder(program.definition()).append('\n');
        for (int i = 0; i < program.acts().size(); i++) {
            text.append(Program.name(i))
                    .append(": ")
                    .append(program.acts().get(i))
                    .append('\n');
        }
        return text.append(String.join("\n", world.log))
                .append('\n')
                .append(world.wrong)
                .toString();
    }
}
