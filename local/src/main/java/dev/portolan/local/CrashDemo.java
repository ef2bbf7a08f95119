package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.intake.Notifier;
import dev.portolan.invocation.Headers;
import dev.portolan.local.DemoWorkerCommand.Hold;
import dev.portolan.local.sqlite.SqliteStateStore;
import dev.portolan.state.StateStore;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/// A pipeline whose processes are killed, told as it happens. What is told is what the processes did and what
/// the store and the outbox have, and nothing else.
final class CrashDemo {

    static final String PIPELINE = "welcome";

    private static final String ADDRESS = "ada@example.com";

    /// Longer than any lease of the pipeline.
    private static final Duration LATER = Duration.ofMinutes(2);

    private final Path data;
    private final Path scratch;
    private final CommandLine commandLine;
    private final PrintWriter out;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final String ok;
    private int writes;

    CrashDemo(Path data, Path scratch, CommandLine commandLine, InstantSource clock, RandomGenerator random) {
        this.data = data;
        this.scratch = scratch;
        this.commandLine = commandLine;
        this.out = commandLine.getOut();
        this.clock = clock;
        this.random = random;
        this.ok = commandLine.getColorScheme().ansi().string("@|green ✓|@");
    }

    /// The laptop over the demo's folder, with a store that tells of what is written of executions.
    static Laptop laptop(Path data, InstantSource clock, Consumer<String> written, UnaryOperator<Notifier> notifier) {
        Sources sources = new Sources();
        sources.data = data;
        sources.config = data.resolve("config");
        StateStore store = new ObservedStateStore(SqliteStateStore.open(data.resolve("state.db"), clock), key -> {
            if (key.startsWith("execution:")) {
                written.accept(key);
            }
        });
        return Laptop.over(sources, store, clock, notifier.apply(Laptop.outbox(data, clock)));
    }

    static Event event(Pipeline pipeline) {
        return Event.of(pipeline, "demo", Map.of("email", ADDRESS), Headers.NONE);
    }

    void play() throws IOException, InterruptedException {
        prepare();
        try (Laptop laptop = laptop(data, clock, key -> writes++, notifier -> notifier)) {
            laptop.profiles().put(ADDRESS, Map.of("email", ADDRESS, "name", "Ada"));
            Executions executions = laptop.executions(clock, random, Continuation.SWEEP);
            Pipeline pipeline = laptop.composer().compose(PIPELINE);
            List<String> steps = pipeline.steps().stream().map(Step::name).toList();
            String id = event(pipeline).id();
            out.println(id + " runs " + String.join(" → ", steps) + ", durable: true");
            out.println();

            process(0, Hold.BETWEEN_STEPS);
            stands(executions, id, Status.RUN, 1);
            tell("", "store", "RUN, 1 of " + steps.size() + " steps behind it");
            refused(executions, pipeline);
            process(1, Hold.AFTER_THE_MAIL);
            stands(executions, id, Status.RUN, 2);
            tell("", "store", "RUN, 2 of " + steps.size() + " steps behind it; mails in the outbox: " + mails());
            process(2, null);
            Execution last = stands(executions, id, Status.DONE, steps.size());
            again(executions, pipeline);

            out.println();
            new ExecutionPicture(
                            new ExecutionView(last, steps, clock.instant()),
                            commandLine.getColorScheme().ansi(),
                            verb -> "")
                    .lines()
                    .forEach(out::println);
            out.println();
            int least = steps.size() + 1;
            check(writes == least + 2, "writes: " + writes);
            check(mails() == 1, "mails: " + mails());
            out.println("3 processes, 2 of them killed; " + writes + " writes, " + least + " for " + steps.size()
                    + " steps and 1 for each takeover; 1 mail, sent twice under one key.");
            out.println(
                    "The outbox honours keys. An effect that does not says 'once: true': it is not called twice, and"
                            + " a person decides.");
        }
    }

    private void prepare() throws IOException {
        copy("welcome.yaml", "config/pipelines");
        copy("welcome.txt", "config/templates");
    }

    private void copy(String resource, String folder) throws IOException {
        Path target = Files.createDirectories(data.resolve(folder)).resolve(resource);
        try (InputStream from = CrashDemo.class.getResourceAsStream("demo/" + resource)) {
            Files.copy(Objects.requireNonNull(from), target);
        }
    }

    /// Runs the pipeline in a process of its own, up to where that holds still, and kills it there.
    ///
    /// @param before how many processes there were before
    /// @param hold null to let it come to its end
    private void process(int before, @Nullable Hold hold) throws IOException, InterruptedException {
        Duration ahead = LATER.multipliedBy(before);
        List<String> arguments =
                new ArrayList<>(List.of("demo", "worker", data.toString(), "--ahead=" + ahead.toSeconds()));
        if (hold != null) {
            arguments.add("--hold=" + hold);
        }
        try (DemoProcess process = new DemoProcess(scratch, arguments)) {
            String who = "process " + process.pid();
            String wrote = before == 0
                    ? "stores the execution, and has it"
                    : "takes it over; its clock is " + Spoken.span(ahead) + " ahead, so that the lease is over";
            String line = process.line();
            while (line != null && !line.equals("held")) {
                if (line.equals("write")) {
                    writes++;
                    tell(who, "write " + writes, wrote);
                    who = "";
                } else {
                    wrote = ok + " " + line;
                }
                line = process.line();
            }
            if (hold == null) {
                check(line == null && process.exit() == 0, process.errors());
                return;
            }
            check(line != null, process.errors());
            tell("", "kill -9", hold.where() + " (exit code " + process.kill() + ")");
        }
    }

    /// The execution, which must stand so.
    private Execution stands(Executions executions, String id, Status status, int cursor) {
        Execution there = executions.find(id).orElseThrow();
        check(
                there.status() == status && there.at().cursor() == cursor,
                there.status() + " " + there.at().cursor());
        return there;
    }

    /// Tries to run it beside the worker that was killed, which nobody knows yet.
    private void refused(Executions executions, Pipeline pipeline) {
        Outcome outcome = executions.run(pipeline, event(pipeline), null, StepListener.NONE);
        check(outcome instanceof Outcome.Failed, outcome.getClass().getSimpleName());
        if (outcome instanceof Outcome.Failed failed) {
            Duration left = failed.failure().retryAfter();
            check(
                    failed.failure().code() == Failure.Code.CONFLICT && left != null,
                    failed.failure().detail());
            tell(
                    "second worker",
                    "refused",
                    "CONFLICT: the first may be alive; come back in "
                            + Spoken.span(left == null ? Duration.ZERO : left));
        }
    }

    private void again(Executions executions, Pipeline pipeline) {
        int before = writes;
        Outcome outcome = executions.run(pipeline, event(pipeline), null, StepListener.NONE);
        check(
                outcome instanceof Outcome.Completed && writes == before,
                outcome.getClass().getSimpleName());
        tell("the key again", "no write", "the stored result");
    }

    private int mails() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("outbox"))) {
            return (int) files.filter(file -> file.toString().endsWith(".eml")).count();
        }
    }

    private void tell(String who, String what, String rest) {
        out.println(String.format(Locale.ROOT, "%-15s %-8s  %s", who, what, rest));
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new Failure(Failure.Code.UNKNOWN, "the demo did not go as it should: " + otherwise.strip());
        }
    }
}
