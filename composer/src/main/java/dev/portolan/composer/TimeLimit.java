package dev.portolan.composer;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// How a run tells its watchdog, if it has one, what it is at. Called by the thread that runs the steps.
interface TimeLimit {

    /// Nothing limits the time.
    TimeLimit NONE = new TimeLimit() {
        @Override
        public void begin(Step step, int attempt, @Nullable Instant until) {}

        @Override
        public boolean over() {
            return false;
        }

        @Override
        public void end() {}
    };

    /// An attempt begins that may take until then, or any time.
    ///
    /// @throws Watchdog.Abandoned if the run was abandoned
    void begin(Step step, int attempt, @Nullable Instant until);

    /// Whether the attempt that began last was stopped for its time.
    boolean over();

    /// The attempt is over; no interrupt that was meant for it comes later.
    ///
    /// @throws Watchdog.Abandoned if it was abandoned: nobody waits for this run any more
    void end();
}
