package dev.portolan.composer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Interrupts runs at their hosts' deadlines, each on the thread of its caller.
///
/// One thread watches all of them. It looks when the nearest deadline passes that it knows of, whether or not
/// that run is long over, so that a run which ends in time costs no switch of threads. A step that does not
/// stop for the interrupt is left to the host, which is about to end the process or the request itself.
final class Alarm implements Runnable {

    private final InstantSource clock;
    private final List<Bell> bells = new ArrayList<>();
    private @Nullable Thread watch;
    private @Nullable Instant next;

    Alarm(InstantSource clock) {
        this.clock = clock;
    }

    /// A limit of the calling thread, until it is closed.
    synchronized Bell at(Instant deadline) {
        Bell bell = new Bell(Thread.currentThread(), deadline);
        bells.add(bell);
        if (watch == null) {
            watch = new Thread(this, "portolan-alarm");
            watch.setDaemon(true);
            watch.start();
        } else if (next == null || deadline.isBefore(next) || !next.isAfter(clock.instant())) {
            // A nearest deadline that has passed is one that the thread missed: the whole process was frozen meanwhile.
            notifyAll();
        }
        return bell;
    }

    /// Watches until there is nothing to watch.
    @Override
    public synchronized void run() {
        try {
            while (!bells.isEmpty()) {
                Instant now = clock.instant();
                next = null;
                for (Bell bell : bells) {
                    if (!bell.deadline.isAfter(now)) {
                        bell.ring();
                    } else if (next == null || bell.deadline.isBefore(next)) {
                        next = bell.deadline;
                    }
                }
                wait(next == null ? 0 : millis(Duration.between(now, next)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watch = null;
        }
    }

    /// Rounded up: waiting no time is waiting for ever.
    private static long millis(Duration duration) {
        return Math.max(1, TimeUnit.MILLISECONDS.convert(duration.plusNanos(999_999)));
    }

    /// The end of one run's time.
    final class Bell implements TimeLimit, AutoCloseable {
        private final Thread caller;
        private final Instant deadline;
        private boolean rung;

        private Bell(Thread caller, Instant deadline) {
            this.caller = caller;
            this.deadline = deadline;
        }

        private void ring() {
            if (!rung) {
                rung = true;
                caller.interrupt();
            }
        }

        @Override
        public void begin(Step step, int attempt, @Nullable Instant until) {}

        @Override
        public boolean over() {
            synchronized (Alarm.this) {
                return rung;
            }
        }

        /// Takes the interrupt back, unless another run that this one is a part of is over its time too.
        @Override
        public void end() {
            synchronized (Alarm.this) {
                if (rung) {
                    Thread.interrupted();
                    for (Bell outer : bells) {
                        if (outer != this && outer.rung && outer.caller == caller) {
                            caller.interrupt();
                        }
                    }
                }
            }
        }

        @Override
        public void close() {
            synchronized (Alarm.this) {
                bells.remove(this);
                end();
            }
        }
    }
}
