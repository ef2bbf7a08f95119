package dev.portolan.local;

import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Attempt;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Executions;
import dev.portolan.execution.Operations;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "execution",
        description = "Shows the executions of durable pipelines, runs them on, and steps in.",
        subcommands = {ExecutionListCommand.class, ExecutionShowCommand.class, ExecutionSweepCommand.class},
        footer = {
            "",
            "RUN     a worker is at it, or it is due: 'sweep' and 'serve' take it up; 'cancel' gives it up",
            "WAIT    its next attempt has a time; 'resume' goes on at once",
            "UNDO    it failed, and what it did is being taken back",
            "DONE    'undo' takes it back, as far as its steps have an undo",
            "FAILED  for good; 'retry' runs it again under its keys, unless it was taken back: then its input needs a new key",
            "STUCK   it goes no further by itself: the same work coming again goes on from its step, ten times at most; so"
                    + " does 'retry', when its cause is mended; 'cancel' takes back what it did",
            "",
            "Examples:",
            "  portolan execution list --status stuck",
            "  portolan execution show welcome:order-7",
            "  portolan execution retry welcome:order-7"
        })
final class ExecutionCommand {

    /// The execution that a command is about.
    static final class Chosen {

        @Parameters(
                paramLabel = "ID",
                description = "The execution's id, pipeline:key; 'portolan execution list' shows it.")
        String id = "";

        @Mixin
        final Sources sources = new Sources();
    }

    /// Where a retry begins.
    static final class Beginning {

        @Option(
                names = "--from",
                paramLabel = "STEP",
                description = "The step to go on from. Default: the one that failed.")
        @Nullable
        String step;
    }

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    @Command(
            name = "resume",
            description = {
                "Goes on now with an execution that waits, was handed on or lost its worker, or is stuck, and prints what"
                        + " comes of it as 'run' does."
            })
    int resume(@Mixin Chosen chosen) {
        return goOn(chosen, operations -> operations.hasten(chosen.id));
    }

    @Command(
            name = "retry",
            description = {
                "Runs an execution again that failed or is stuck, under the same keys, and prints what comes of it as"
                        + " 'run' does."
            })
    int retry(@Mixin Chosen chosen, @Mixin Beginning from) {
        return goOn(chosen, operations -> operations.retry(chosen.id, from.step));
    }

    @Command(
            name = "cancel",
            description = {
                "Gives up an execution that is not over, even one that a worker is at, and undoes what it did, as far as"
                        + " its steps have an undo.",
                "Prints as JSON which steps were undone."
            })
    int cancel(@Mixin Chosen chosen) {
        return takeBack(chosen, operations -> operations.cancel(chosen.id));
    }

    @Command(
            name = "undo",
            description = {
                "Undoes what a completed execution did, the last step first, as far as its steps have an undo.",
                "Prints as JSON which steps were undone."
            })
    int undo(@Mixin Chosen chosen) {
        return takeBack(chosen, operations -> operations.undo(chosen.id));
    }

    private int goOn(Chosen chosen, Consumer<Operations> intervention) {
        try (Laptop laptop = chosen.sources.open(spec.commandLine(), clock)) {
            Executions executions = laptop.executions(clock, new SecureRandom(), Continuation.SWEEP);
            stepIn(chosen.id, executions, intervention);
            return foreground(executions, chosen.sources).resume(chosen.id);
        }
    }

    private void stepIn(String id, Executions executions, Consumer<Operations> intervention) {
        Execution there = KnownExecutions.get(executions, id);
        try {
            intervention.accept(executions.operations());
        } catch (Failure failure) {
            if (failure.code() == Failure.Code.CONFLICT) {
                spec.commandLine().getErr().println(new ExecutionView(there, List.of(), clock.instant()).owner());
            }
            throw failure;
        }
    }

    private int takeBack(Chosen chosen, Consumer<Operations> intervention) {
        try (Laptop laptop = chosen.sources.open(spec.commandLine(), clock)) {
            Executions executions = laptop.executions(clock, new SecureRandom(), Continuation.SWEEP);
            stepIn(chosen.id, executions, intervention);
            Foreground foreground = foreground(executions, chosen.sources);
            return foreground.resume(chosen.id, outcome -> {
                Execution now = KnownExecutions.get(executions, chosen.id);
                return now.status() == Status.FAILED ? taken(now) : foreground.reportStored(chosen.id, outcome);
            });
        }
    }

    private int taken(Execution back) {
        Map<String, Object> taken = new LinkedHashMap<>();
        taken.put("id", back.id());
        taken.put("status", back.status().name());
        taken.put("undone", undone(back));
        spec.commandLine().getOut().println(new Json().pretty(taken));
        return 0;
    }

    private static List<String> undone(Execution execution) {
        List<String> steps = new ArrayList<>();
        for (Attempt attempt : execution.history().attempts()) {
            if (attempt.step().endsWith(Invocation.UNDO) && attempt.code() == null) {
                steps.add(attempt.step().substring(0, attempt.step().length() - Invocation.UNDO.length()));
            }
        }
        return steps;
    }

    private Foreground foreground(Executions executions, Sources sources) {
        return new Foreground(executions, spec.commandLine(), sources, clock, Thread::sleep);
    }
}
