package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Problem;
import dev.portolan.composer.Runner;
import dev.portolan.composer.StepListener;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
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
        description = "Runs a pipeline, or functions joined by '|', and prints the result as JSON.",
        footer = {
            "",
            "The result, or the problem (RFC 9457), is on standard output; everything else is on standard error.",
            "Exit code: 0 completed, 1 failed, 2 wrong usage.",
            "",
            "Examples:",
            "  portolan run welcome",
            "  portolan run welcome --input '{\"email\": \"ada@example.com\"}'",
            "  portolan run 'validate|enrich' --input @order.json"
        })
final class RunCommand implements Callable<Integer> {

    /// What AWS Lambda takes as an event: a pipeline that runs here runs there.
    private static final int INPUT_LIMIT = 6 * 1024 * 1024;

    private static final int KEY_LIMIT = 255;

    @Parameters(
            paramLabel = "PIPELINE",
            description = "A pipeline's name, a function's name, or names joined by '|' (quote them).")
    private String pipeline = "";

    @Option(
            names = "--input",
            paramLabel = "JSON|@FILE|-",
            description = "The input: JSON, a file, or standard input. Default: the pipeline's example.")
    private @Nullable String input;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Names the work: with the same key, no effect happens twice. Default: a fresh one.")
    private @Nullable String key;

    @Mixin
    private final Sources sources = new Sources();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();
    private final Json json = new Json();

    @Override
    public Integer call() {
        checkKey();
        byte[] given = input == null ? null : bytes(input);
        try (Laptop laptop = Laptop.open(sources, clock, spec.commandLine().getErr())) {
            Pipeline composed = compose(laptop);
            Object body = given == null ? Example.use(composed, laptop, sources, spec) : json.decode(given);
            Event event = new Event(key == null ? freshKey() : key, body, Headers.NONE);
            Outcome outcome = new Runner(clock, random, Thread::sleep).run(composed, event, null, listener());
            return report(outcome);
        }
    }

    private void checkKey() {
        if (key != null
                && (key.isBlank() || key.length() > KEY_LIMIT || key.chars().anyMatch(Character::isISOControl))) {
            throw usage("--key takes 1 to " + KEY_LIMIT + " printable characters");
        }
    }

    private Pipeline compose(Laptop laptop) {
        try {
            return laptop.composer().compose(pipeline);
        } catch (Failure failure) {
            throw failure.code() == Failure.Code.NOT_FOUND ? usage(failure.detail()) : failure;
        }
    }

    private byte[] bytes(String source) {
        try {
            byte[] bytes;
            if (source.equals("-")) {
                bytes = System.in.readNBytes(INPUT_LIMIT + 1);
            } else if (source.startsWith("@")) {
                try (InputStream file = Files.newInputStream(Path.of(source.substring(1)))) {
                    bytes = file.readNBytes(INPUT_LIMIT + 1);
                }
            } else {
                bytes = source.getBytes(StandardCharsets.UTF_8);
            }
            if (bytes.length > INPUT_LIMIT) {
                throw new Failure(
                        Failure.Code.INVALID,
                        "the input has more than " + INPUT_LIMIT + " bytes, the most that every host takes;"
                                + " keep large data in an object store and pass its name");
            }
            return bytes;
        } catch (IOException e) {
            throw usage("--input: " + source.replaceFirst("^@", "") + " cannot be read");
        }
    }

    private String freshKey() {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private StepListener listener() {
        return Terminal.interactive() ? new StepProgress(spec.commandLine(), clock) : StepListener.NONE;
    }

    private int report(Outcome outcome) {
        PrintWriter out = spec.commandLine().getOut();
        return switch (outcome) {
            case Outcome.Completed completed -> {
                out.println(json.pretty(completed.value()));
                yield 0;
            }
            case Outcome.Failed failed -> {
                spec.commandLine()
                        .getErr()
                        .println("step '" + failed.step() + "' failed: "
                                + failed.failure().detail());
                out.println(json.pretty(Problem.of(failed.failure()).body()));
                yield 1;
            }
        };
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
