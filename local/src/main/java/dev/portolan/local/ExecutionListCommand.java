package dev.portolan.local;

import dev.portolan.composer.Composer;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Nearest;
import dev.portolan.json.Shape;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "list",
        description = "Lists the executions of durable pipelines, the latest first.",
        footer = {
            "",
            "DUE says when an execution goes on by itself: 'running' while a worker has it, 'lost' if that worker's time"
                    + " is over and 'now' if a sweep would take it up.",
            "",
            "Examples:",
            "  portolan execution list --status stuck --since 2h",
            "  portolan execution list --pipeline welcome --output json"
        })
final class ExecutionListCommand implements Callable<Integer> {

    private static final int MOST = 1000;

    private static final List<String> COLUMNS =
            List.of("id", "pipeline", "status", "step", "attempts", "started", "age", "due");

    @Option(
            names = "--status",
            paramLabel = "STATUS",
            description = "Only those in this state: ${COMPLETION-CANDIDATES}, in any case.")
    private @Nullable Status status;

    @Option(names = "--pipeline", paramLabel = "NAME", description = "Only those of this pipeline.")
    private @Nullable String pipeline;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only those begun then or later: 30s, 10m, 2h or 7d ago, a day such as 2026-01-31, or an"
                    + " instant such as 2026-01-31T12:00:00Z.")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many, 1 to " + MOST + ". Default: ${DEFAULT-VALUE}")
    private int limit;

    @Mixin
    private final Sources sources = new Sources();

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    @Override
    public Integer call() {
        if (limit < 1 || limit > MOST) {
            throw usage("--limit is 1 to " + MOST + ", not " + limit);
        }
        Instant now = clock.instant();
        Operations.Query query =
                new Operations.Query(pipeline, status, since == null ? Instant.EPOCH : since(since, now), limit);
        try (Laptop laptop = sources.open(spec.commandLine(), clock)) {
            Operations operations = laptop.executions(clock, new SecureRandom(), Continuation.SWEEP)
                    .operations();
            Operations.Listing listing = operations.list(query);
            if (listing.scanned() == 0) {
                refuseUnknown(laptop.composer());
            }
            List<List<Object>> rows = new ArrayList<>();
            for (Execution execution : listing.executions()) {
                rows.add(row(ExecutionView.of(execution, operations, now)));
            }
            output.print(spec.commandLine().getOut(), COLUMNS, rows);
            explain(listing);
        }
        return 0;
    }

    private static List<Object> row(ExecutionView view) {
        Execution execution = view.execution();
        Instant started = execution.origin().started();
        Duration age = Duration.between(started, view.now());
        Instant until = execution.lease().until();
        String step = view.step();
        return List.of(
                execution.id(),
                execution.pipeline(),
                execution.status().name(),
                new Output.Cell(step, step == null ? "-" : step),
                view.attempts(),
                new Output.Cell(started.toString(), Spoken.dayAndTime(started)),
                new Output.Cell(age.toSeconds(), Spoken.span(age)),
                new Output.Cell(until == null ? null : until.toString(), view.due()));
    }

    private void explain(Operations.Listing listing) {
        PrintWriter err = spec.commandLine().getErr();
        if (listing.executions().isEmpty() && listing.scanned() == 0) {
            err.println("no executions; a pipeline with 'durable: true' leaves one at every run");
        } else if (status != null) {
            err.println("executions looked at: " + listing.scanned() + ", of which " + status + ": "
                    + listing.executions().size());
        }
        if (listing.more()) {
            err.println("there are more; --limit and --since show others");
        }
    }

    private void refuseUnknown(Composer composer) {
        if (pipeline != null && !composer.names().contains(pipeline)) {
            throw usage("--pipeline: no pipeline and no executions of '" + pipeline + "'"
                    + Nearest.hint(pipeline, composer.names()));
        }
    }

    private Instant since(String text, Instant now) {
        try {
            Duration ago = (Duration) Shape.of(Duration.class).from(text);
            return notBeforeTheFirst(now.minus(Objects.requireNonNull(ago)));
        } catch (Failure | ArithmeticException | DateTimeException noSpan) {
            // A day or an instant, then.
        }
        try {
            return notBeforeTheFirst(
                    text.length() == 10
                            ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                            : Instant.parse(text));
        } catch (DateTimeException e) {
            throw usage("--since takes a span such as 2h (s, m, h, d), a day such as 2026-01-31, or an instant such as"
                    + " 2026-01-31T12:00:00Z, not '" + text + "'");
        }
    }

    /// The store knows no time before 1970, and there is nothing to find there.
    private static Instant notBeforeTheFirst(Instant since) {
        return since.isBefore(Instant.EPOCH) ? Instant.EPOCH : since;
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
