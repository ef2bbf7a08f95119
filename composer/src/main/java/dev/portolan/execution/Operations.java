package dev.portolan.execution;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Records.Stored;
import dev.portolan.failure.Failure;
import dev.portolan.json.Json;
import dev.portolan.state.Entry;
import dev.portolan.state.Page;
import dev.portolan.state.StateStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/// What people and schedules do with executions: look at them, sweep, and step in. Thread-safe.
///
/// Whoever steps in writes the execution's next place by compare-and-set, as workers do; a worker that was at
/// it finds its own next write refused. The execution is then due now, and somebody is woken for it.
public final class Operations {

    private static final int PAGE = 100;

    private final StateStore store;
    private final Definitions definitions;
    private final Tools tools;
    private final Executions executions;

    Operations(StateStore store, Definitions definitions, Tools tools, Executions executions) {
        this.store = store;
        this.definitions = definitions;
        this.tools = tools;
        this.executions = executions;
    }

    /// Which executions are asked for, the latest first.
    ///
    /// @param pipeline of this one; null for all
    /// @param status in this state; null for any
    /// @param since begun then or later
    /// @param limit most that are answered, 1 to 1,000
    public record Query(@Nullable String pipeline, @Nullable Status status, Instant since, int limit) {

        public Query {
            if (limit < 1 || limit > 1000) {
                throw new IllegalArgumentException("limit must be 1 to 1000, not " + limit);
            }
        }
    }

    /// A part of the executions there are.
    ///
    /// @param scanned how many were looked at for it
    /// @param more whether there are others
    public record Listing(List<Execution> executions, int scanned, boolean more) {}

    /// The executions of a query. Those of a store's index may be a little behind. What cannot be read is left
    /// out.
    public Listing list(Query query) {
        List<Execution> found = new ArrayList<>();
        int scanned = 0;
        boolean more = false;
        for (String pipeline : query.pipeline() == null ? pipelines() : List.of(query.pipeline())) {
            Page.Request next = Page.Request.first(Math.min(PAGE, query.limit()));
            int of = 0;
            while (next != null && of < query.limit()) {
                Page page = store.group(Records.group(pipeline), query.since(), next);
                for (Entry entry : page.entries()) {
                    scanned++;
                    Execution execution = read(entry);
                    if (execution != null && (query.status() == null || execution.status() == query.status())) {
                        found.add(execution);
                        of++;
                    }
                }
                next = page.next();
            }
            more |= next != null;
        }
        found.sort(
                Comparator.comparing((Execution execution) -> execution.origin().started())
                        .reversed());
        boolean cut = found.size() > query.limit();
        return new Listing(cut ? List.copyOf(found.subList(0, query.limit())) : found, scanned, more || cut);
    }

    private static @Nullable Execution read(Entry entry) {
        try {
            return ExecutionRecord.read(id(entry), entry.value());
        } catch (Failure unreadable) {
            return null;
        }
    }

    private static String id(Entry entry) {
        return entry.key().substring(Records.PREFIX.length());
    }

    /// The names of the pipelines that there are executions of.
    private Set<String> pipelines() {
        Set<String> names = new TreeSet<>();
        Page.Request next = Page.Request.first(PAGE);
        while (next != null) {
            Page page = store.group(Definitions.GROUP, Instant.EPOCH, next);
            for (Entry entry : page.entries()) {
                try {
                    if (new Json().decode(entry.value()) instanceof Map<?, ?> definition) {
                        names.add(String.valueOf(definition.get("pipeline")));
                    }
                } catch (Failure unreadable) {
                    // as executions are that cannot be read
                }
            }
            next = page.next();
        }
        return names;
    }

    /// What a sweep did.
    ///
    /// @param rested how many executions came to rest
    /// @param left how many are left to others: another worker was faster, or this one cannot run them
    public record Swept(int rested, int left) {}

    /// Runs on what is due: lost wake-ups, leases that are over, pauses that have passed. Finished executions
    /// are not looked at. Any number of workers may sweep at once.
    ///
    /// An interrupt ends it: what runs is handed on, and nothing else is taken up.
    ///
    /// @param deadline when the host stops, or null where it does not
    public Swept sweep(@Nullable Instant deadline) {
        return sweep(deadline, (id, outcome) -> {});
    }

    /// As [#sweep(Instant)].
    ///
    /// @param listener hears of every execution that was taken up, and what came of it
    public Swept sweep(@Nullable Instant deadline, BiConsumer<String, Outcome> listener) {
        int rested = 0;
        int left = 0;
        Page.Request next = Page.Request.first(PAGE);
        while (next != null) {
            Page page = store.due(tools.clock().instant(), next);
            for (Entry entry : page.entries()) {
                if (!entry.key().startsWith(Records.PREFIX)) {
                    continue;
                }
                boolean late = deadline != null && !tools.clock().instant().isBefore(deadline);
                if (late || Thread.currentThread().isInterrupted()) {
                    return new Swept(rested, left);
                }
                String id = id(entry);
                Outcome outcome = executions.resume(id, deadline, StepListener.NONE);
                listener.accept(id, outcome);
                // What was cancelled failed at no step either.
                boolean other = outcome instanceof Outcome.Failed failed
                        && failed.step().isEmpty()
                        && !over(id);
                rested += other ? 0 : 1;
                left += other ? 1 : 0;
            }
            next = page.next();
        }
        return new Swept(rested, left);
    }

    private boolean over(String id) {
        try {
            return executions.find(id).filter(Execution::over).isPresent();
        } catch (Failure unreadable) {
            return false;
        }
    }

    /// The names of the steps of an execution, as they were defined when it began, whether or not their
    /// functions are there.
    ///
    /// @throws Failure if the definition is gone
    public List<String> steps(Execution execution) {
        return definitions.steps(execution);
    }

    /// Makes an execution due now that waits, was handed on or is stuck. A step that is called once and whose
    /// worker was lost is not called again: [#retry] does that.
    ///
    /// @throws Failure `NOT_FOUND`; `FAILED_PRECONDITION` if it is over; `CONFLICT` with `retryAfter` if a
    ///     worker is at it
    public Execution hasten(String id) {
        return change(id, Intervention::hastened);
    }

    /// Takes an execution back that is not over, even from a worker: what it did is undone, as far as it can
    /// be.
    ///
    /// @throws Failure `NOT_FOUND`; `FAILED_PRECONDITION` if it is over or on its way back already
    public Execution cancel(String id) {
        return change(id, Intervention::cancelled);
    }

    /// Takes back what a completed execution did.
    ///
    /// @throws Failure `NOT_FOUND`; `FAILED_PRECONDITION` if it is not completed, or none of its steps has an
    ///     undo
    public Execution undo(String id) {
        return change(id, Intervention::undone);
    }

    /// Lets an execution that failed or is stuck run again under the same keys.
    ///
    /// @param from the step to go on from, with the headers that steps have added since; null for the one that
    ///     failed
    /// @throws Failure `NOT_FOUND`; `FAILED_PRECONDITION` if it is in no such state, if it was undone, or if
    ///     what the step takes is no longer known
    public Execution retry(String id, @Nullable String from) {
        return change(id, (intervention, there) -> intervention.retried(there, from));
    }

    private Execution change(String id, BiFunction<Intervention, Execution, Execution> rule) {
        while (true) {
            Stored there = executions.stored(id);
            Execution execution = there.execution();
            Protocol protocol = definitions.protocol(execution, "", null);
            Stored changed = tools.records()
                    .write(
                            there,
                            rule.apply(new Intervention(protocol, tools.clock().instant()), execution));
            if (changed != null) {
                Instant due = changed.execution().lease().until();
                if (due != null) {
                    Duration left = Duration.between(tools.clock().instant(), due);
                    tools.wake(id, left.isNegative() ? Duration.ZERO : left);
                }
                return changed.execution();
            }
        }
    }
}
