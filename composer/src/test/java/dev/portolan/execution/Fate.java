package dev.portolan.execution;

import dev.portolan.composer.StepListener;
import dev.portolan.execution.Faulty.Crash;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.testing.InterceptedStateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The ports of a [World], each call of which may meet a fault, and its store's true keeper.
///
/// In the midst of any call the worker may be lost, the clock may jump, or another worker may come and do all
/// it can.
final class Fate extends InterceptedStateStore {

    private final World world;
    private final Random random;
    private final double chance;
    private final List<Runnable> delayed = new ArrayList<>();
    private int budget;
    private int depth;

    /// @param faults most that happen
    Fate(World world, Random random, int faults) {
        super(new Keeper(world));
        this.world = world;
        this.random = random;
        this.budget = faults;
        this.chance = faults == 0 ? 0 : Math.pow(10, -random.nextDouble() * 1.7 - 0.3);
    }

    /// From now on all goes well.
    void pacify() {
        budget = 0;
        world.memory.settleIndexes();
        delayed.forEach(Runnable::run);
        delayed.clear();
    }

    boolean calm() {
        return budget == 0;
    }

    private boolean strikes() {
        boolean strikes = budget > 0 && random.nextDouble() < chance;
        budget -= strikes ? 1 : 0;
        return strikes;
    }

    /// Within a worker, beside any port.
    void point(String where) {
        if (strikes()) {
            befall(where);
        }
    }

    private void befall(String where) {
        switch (random.nextInt(4)) {
            case 0, 1 -> {
                world.log.add("crash: " + where);
                throw new Crash();
            }
            case 2 -> other(where);
            default -> jump(where);
        }
    }

    private void jump(String where) {
        Duration by = Program.one(
                random, Duration.ofSeconds(-3), Duration.ofSeconds(10), Duration.ofSeconds(66), Duration.ofMinutes(20));
        world.log.add("the clock jumps by " + by + ": " + where);
        world.pass(by);
    }

    /// Lets another worker come in the midst.
    private void other(String where) {
        if (depth == 2) {
            return;
        }
        depth++;
        world.log.add("another worker comes: " + where);
        Level mine = world.level;
        world.below.add(mine);
        world.level = new Level();
        if (random.nextInt(3) != 0) {
            world.pass(Duration.ofMinutes(random.nextInt(2, 30)));
        }
        try {
            for (int i = random.nextInt(3); i >= 0; i--) {
                deliver(world.executions(), null);
            }
        } finally {
            world.level = mine;
            world.below.removeLast();
            depth--;
            world.log.add("the other worker went: " + where);
        }
    }

    /// Delivers the work in one of the ways there are, or steps in as people do.
    void deliver(Executions executions, @Nullable Instant deadline) {
        boolean begun = world.truth() != null;
        try {
            switch (random.nextInt(calm() ? 3 : 12)) {
                case 0 -> executions.operations().sweep(deadline);
                case 1 -> executions.resume(World.ID, deadline, StepListener.NONE);
                case 3 -> world.run(executions, begun ? world.deployed : world.program, deadline);
                case 4 -> executions.accept(world.pipeline(world.program), world.event());
                case 5 -> {
                    world.cancelled = true;
                    executions.operations().cancel(World.ID);
                }
                case 6 -> {
                    world.hastened = true;
                    executions.operations().hasten(World.ID);
                }
                case 7 -> {
                    world.retried = true;
                    executions.operations().retry(World.ID, random.nextBoolean() ? null : "act");
                }
                default -> world.run(executions, world.program, deadline);
            }
        } catch (Crash crash) {
            world.log.add("lost");
        } catch (Failure failure) {
            world.log.add("refused: " + failure.code());
        }
    }

    @Override
    protected <T> T around(Call call, String of, Supplier<T> made) {
        if (call != Call.DUE) {
            return around(call.writes() ? "write" : "read", call.writes(), made);
        }
        if (strikes()) {
            world.log.add("indexes lag");
            world.memory.lagIndexes();
        }
        return around("due", false, made);
    }

    <T> T around(String where, boolean write, Supplier<T> call) {
        if (!delayed.isEmpty() && random.nextInt(3) == 0) {
            world.log.add("a write comes late");
            delayed.removeFirst().run();
        }
        if (!strikes()) {
            return call.get();
        }
        switch (random.nextInt(write ? 6 : 3)) {
            case 0 -> {
                world.log.add("refused: " + where);
                throw new Failure(Program.one(random, Code.THROTTLED, Code.UNAVAILABLE), "slow down");
            }
            case 1 -> befall("before " + where);
            case 2 -> {
                T answer = call.get();
                befall("after " + where);
                return answer;
            }
            case 3 -> {
                world.log.add("not done: " + where);
                throw unknown();
            }
            case 4 -> {
                Object _ = call.get();
                world.log.add("its answer is lost: " + where);
                throw unknown();
            }
            default -> {
                delay(call);
                world.log.add("done later, maybe: " + where);
                throw unknown();
            }
        }
        return call.get();
    }

    private Failure unknown() {
        return new Failure(Program.one(random, Code.TIMEOUT, Code.UNAVAILABLE), "no answer").withEffect(Effect.UNKNOWN);
    }

    private void delay(Supplier<?> write) {
        Level mine = world.level;
        delayed.add(() -> {
            Level there = world.level;
            world.level = mine;
            try {
                Object _ = write.get();
            } catch (Failure conflict) {
                world.log.add("it is refused");
            } finally {
                world.level = there;
            }
        });
    }

    @Override
    public Optional<Entry> find(String key) {
        Optional<Entry> found = super.find(key);
        if (found.isPresent() && random.nextInt(4) == 0 && strikes()) {
            world.log.add("read torn: " + key);
            Entry entry = found.get();
            byte[] torn = Arrays.copyOf(entry.value(), random.nextInt(1, Math.max(2, entry.value().length)));
            return Optional.of(new Entry(key, entry.revision(), torn, entry.indexes(), entry.expiresAt()));
        }
        return found;
    }

    /// The store itself; what it has written is looked at.
    private static final class Keeper extends InterceptedStateStore {
        private final World world;

        Keeper(World world) {
            super(world.memory);
            this.world = world;
        }

        @Override
        protected <T> T around(Call call, String of, Supplier<T> made) {
            return made.get();
        }

        @Override
        public Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
            Entry created = super.create(key, value, indexes, expiresAt);
            world.written(null, created);
            return created;
        }

        @Override
        public Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt) {
            Entry before = world.memory.find(read.key()).orElse(null);
            Entry replaced = super.replace(read, value, indexes, expiresAt);
            world.written(before, replaced);
            return replaced;
        }
    }
}
