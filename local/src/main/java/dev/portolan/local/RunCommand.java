package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Shape;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "run",
        description = "Runs a pipeline, or functions joined by '|', and prints the result.",
        footer = {
            "",
            "The result, or the problem (RFC 9457), is on standard output; everything else is on standard error. Both are"
                    + " JSON, but for a list of flat objects, which is a table unless --output json is given.",
            "Exit code: 0 completed, 1 failed, 2 wrong usage.",
            "",
            "A pipeline with 'durable: true' is stored after every step. The same --key again goes on from there, or"
                    + " gives the stored result.",
            "",
            "Examples:",
            "  portolan run welcome",
            "  portolan run welcome --input '{\"email\": \"ada@example.com\"}'",
            "  portolan run 'validate|enrich' --input @order.json",
            "  portolan run health-probe --output json",
            "  portolan execution show \"$(portolan run order --key order-7 --async)\""
        })
final class RunCommand implements Callable<Integer> {

    @Parameters(
            paramLabel = "PIPELINE",
            description = "A pipeline's name, a function's name, or names joined by '|' (quote them).")
    private String pipeline = "";

    @Option(
            names = "--input",
            paramLabel = "JSON|@FILE|-",
            description = "The input: JSON, a file, or standard input. Default: the pipeline's example, or {} for a"
                    + " function that asks for nothing.")
    private @Nullable String input;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Names the work within its pipeline: what honours keys, such as mail, happens once for each."
                    + " Default: a fresh one.")
    private @Nullable String key;

    @Option(names = "--header", paramLabel = "NAME=VALUE", description = "A header of the call. Repeatable.")
    private List<String> headers = new ArrayList<>();

    @Option(
            names = "--async",
            description = "Store a durable pipeline's execution, print its id and leave the work to a sweep.")
    private boolean async;

    @Option(
            names = "--stack-trace",
            description = "Print the stack trace of a failure. It may show parts of the payload.")
    private boolean stackTrace;

    @Mixin
    private final Output output = new Output();

    @Mixin
    private final Sources sources = new Sources();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();

    @Override
    public Integer call() {
        byte[] given = input == null ? null : Input.read(input, spec.commandLine());
        try (Laptop laptop = sources.open(spec.commandLine(), clock)) {
            Pipeline composed = compose(laptop);
            if (async && !composed.durable()) {
                throw usage("--async: '" + composed.name() + "' runs in memory, and only what is stored can go on by"
                        + " itself; write 'durable: true' into "
                        + (laptop.composer().names().contains(composed.name())
                                ? composed.source()
                                : "a definition of it"));
            }
            Object body =
                    given == null ? withoutInput(composed, laptop) : Input.decode(given, input, spec.commandLine());
            Event event = event(composed, body);
            Executions executions = laptop.executions(clock, random, Continuation.SWEEP);
            Foreground foreground = new Foreground(executions, spec.commandLine(), sources, clock, Thread::sleep)
                    .withStackTraces(stackTrace)
                    .withOutput(output);
            return async ? accept(composed, event, executions, foreground) : foreground.run(composed, event);
        }
    }

    private int accept(Pipeline composed, Event event, Executions executions, Foreground foreground) {
        Outcome outcome = executions.accept(composed, event);
        boolean refused = outcome instanceof Outcome.Failed failed
                && (failed.failure().code() == Failure.Code.KEY_REUSED
                        || executions.find(event.id()).isEmpty());
        if (refused) {
            return foreground.reportStored(event.id(), outcome);
        }
        spec.commandLine()
                .getErr()
                .println(
                        outcome instanceof Outcome.Waiting
                                ? "stored; it is run by: " + sources.command("execution sweep", "")
                                : "it goes no further by itself; see: "
                                        + sources.command("execution show", event.id()));
        spec.commandLine().getOut().println(event.id());
        return 0;
    }

    private Event event(Pipeline composed, @Nullable Object body) {
        try {
            return Event.of(composed, key == null ? Event.freshKey(random) : Event.chosen(key), body, headers());
        } catch (Failure failure) {
            throw usage("--key: " + failure.detail());
        }
    }

    private Headers headers() {
        Headers all = Headers.NONE;
        for (String header : headers) {
            String[] pair = header.split("=", 2);
            if (pair.length != 2 || pair[0].isBlank()) {
                throw usage("--header takes NAME=VALUE");
            }
            all = all.with(pair[0], pair[1]);
        }
        return all;
    }

    private Pipeline compose(Laptop laptop) {
        if (Arrays.stream(pipeline.split("\\|", -1)).anyMatch(String::isBlank)) {
            throw usage("PIPELINE: a function's name is missing in '" + pipeline + "'");
        }
        try {
            return laptop.composer().compose(pipeline);
        } catch (Failure failure) {
            if (failure.code() != Failure.Code.NOT_FOUND) {
                throw failure;
            }
            String broken =
                    laptop.composer().check().isEmpty() ? "." : "; some are broken, see 'portolan pipeline check'.";
            throw usage(failure.detail() + System.lineSeparator() + "Pipelines are read from "
                    + sources.configFolder().resolve("pipelines") + broken);
        }
    }

    private @Nullable Object withoutInput(Pipeline composed, Laptop laptop) {
        Shape input = composed.steps().getFirst().input();
        if (input == Shape.Nothing.IT) {
            return null;
        }
        return composed.example() == null && asksForNothing(input)
                ? Map.of()
                : Example.use(composed, laptop, sources, spec);
    }

    /// Whether it is a record, of which every component may stay away.
    private static boolean asksForNothing(Shape input) {
        List<Violation> missing = new ArrayList<>();
        if (!input.names().isEmpty()) {
            input.read(Map.of(), "", missing);
        }
        return !input.names().isEmpty() && missing.isEmpty();
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
