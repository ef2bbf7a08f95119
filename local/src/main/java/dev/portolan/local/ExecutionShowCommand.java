package dev.portolan.local;

import dev.portolan.execution.Continuation;
import dev.portolan.execution.Execution;
import dev.portolan.execution.Executions;
import dev.portolan.json.Json;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "show",
        description = "Shows one execution: every attempt, with its time and its failure, and what can be done.",
        footer = {
            "",
            "Values and the contents of headers are left out, since they may be secret; --values shows them.",
            "",
            "Example:",
            "  portolan execution show welcome:order-7"
        })
final class ExecutionShowCommand implements Callable<Integer> {

    @Mixin
    private final ExecutionCommand.Chosen chosen = new ExecutionCommand.Chosen();

    @Option(names = "--values", description = "Show input, current value, headers and what undo is given, too.")
    private boolean values;

    @Mixin
    private final Output output = new Output();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Laptop laptop = chosen.sources.open(spec.commandLine(), clock)) {
            Executions executions = laptop.executions(clock, new SecureRandom(), Continuation.SWEEP);
            Execution execution = KnownExecutions.get(executions, chosen.id);
            ExecutionView view = ExecutionView.of(execution, executions.operations(), clock.instant());
            if (output.json()) {
                out.println(new Json().pretty(new ExecutionDocument(view, values).members()));
                return 0;
            }
            new ExecutionPicture(
                            view,
                            spec.commandLine().getColorScheme().ansi(),
                            verb -> chosen.sources.command("execution " + verb, chosen.id))
                    .lines()
                    .forEach(out::println);
            if (values) {
                print("input", execution.origin().input());
                print("value", execution.at().value());
                execution
                        .undo()
                        .forEach(done -> print("undo of '" + view.name(done.step()) + "' is given", done.value()));
            }
        }
        return 0;
    }

    private void print(String what, String value) {
        Json json = new Json();
        spec.commandLine().getOut().println(what + ": " + json.pretty(json.decode(value)));
    }
}
