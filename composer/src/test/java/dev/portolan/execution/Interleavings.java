package dev.portolan.execution;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.SynchronousQueue;

/// Runs workers one call at a time, in every order there is: each run repeats the choices of the one before up
/// to the last that has another option, and takes that. At each call the worker may go on, or, as often as is
/// allowed in one run, crash before it or never hear of a write's answer; between calls every lease may be over
/// at once.
final class Interleavings {

    enum Turn {
        GO,
        CRASH,
        LOSE
    }

    /// What a worker waits with.
    private enum Call {
        READ,
        WRITE,
        NONE_ANY_MORE
    }

    interface Worker {
        void run(Gate gate);
    }

    /// Where one worker waits for its turn.
    static final class Gate {
        private final SynchronousQueue<Call> arrivals = new SynchronousQueue<>();
        private final SynchronousQueue<Turn> turns = new SynchronousQueue<>();

        Turn turn(boolean write) {
            try {
                arrivals.put(write ? Call.WRITE : Call.READ);
                return turns.take();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private record Choice(int taken, int options) {}

    private final List<Choice> choices = new ArrayList<>();
    private final int crashes;
    private final int lostAnswers;
    private int at;

    /// All orders with so many faults at most, and one lease that is over too early.
    Interleavings(int crashes, int lostAnswers) {
        this.crashes = crashes;
        this.lostAnswers = lostAnswers;
    }

    /// Turns to the next order.
    ///
    /// @return false if there is none
    boolean next() {
        while (!choices.isEmpty()) {
            Choice last = choices.removeLast();
            if (last.taken() + 1 < last.options()) {
                choices.add(new Choice(last.taken() + 1, last.options()));
                return true;
            }
        }
        return false;
    }

    private int choose(int options) {
        if (at == choices.size()) {
            choices.add(new Choice(0, options));
        }
        return choices.get(at++).taken();
    }

    void run(Scene scene, List<Worker> workers) {
        at = 0;
        int crashes = this.crashes;
        int losses = lostAnswers;
        int expiries = 1;
        List<Gate> gates = new ArrayList<>();
        List<Call> waiting = new ArrayList<>();
        for (Worker worker : workers) {
            Gate gate = new Gate();
            gates.add(gate);
            Thread.startVirtualThread(() -> {
                worker.run(gate);
                try {
                    gate.arrivals.put(Call.NONE_ANY_MORE);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            waiting.add(arrived(gate));
        }
        List<Integer> alive = new ArrayList<>(List.of(0, 1));
        while (!alive.isEmpty()) {
            int options = alive.size() + (expiries > 0 ? 1 : 0);
            int choice = options == 1 ? 0 : choose(options);
            if (choice == alive.size()) {
                expiries--;
                scene.now = scene.now.plus(Duration.ofMinutes(2));
                continue;
            }
            int worker = alive.get(choice);
            Gate gate = gates.get(worker);
            List<Turn> turns = new ArrayList<>(List.of(Turn.GO));
            if (crashes > 0) {
                turns.add(Turn.CRASH);
            }
            if (losses > 0 && waiting.get(worker) == Call.WRITE) {
                turns.add(Turn.LOSE);
            }
            Turn turn = turns.size() == 1 ? Turn.GO : turns.get(choose(turns.size()));
            crashes -= turn == Turn.CRASH ? 1 : 0;
            losses -= turn == Turn.LOSE ? 1 : 0;
            give(gate, turn);
            waiting.set(worker, arrived(gate));
            if (waiting.get(worker) == Call.NONE_ANY_MORE) {
                alive.remove(Integer.valueOf(worker));
            }
        }
    }

    private static Call arrived(Gate gate) {
        try {
            return gate.arrivals.take();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void give(Gate gate, Turn turn) {
        try {
            gate.turns.put(turn);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return choices.stream()
                .map(choice -> choice.taken() + "/" + choice.options())
                .toList()
                .toString();
    }
}
