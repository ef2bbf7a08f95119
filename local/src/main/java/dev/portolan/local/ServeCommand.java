package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.execution.JsonLines;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.http.HttpEntryPoint;
import dev.portolan.json.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "serve",
        description = "Answers HTTP requests on this machine, and on no other, until it is stopped.",
        footer = {
            "",
            "POST /pipelines/{name} runs a pipeline, POST /functions/{name} one function;",
            "an Idempotency-Key header names the work. A durable pipeline answers 202 at once",
            "to 'Prefer: respond-async', and GET /executions/{id} tells how its execution stands.",
            "Executions that are due, also those of a process that was lost, are taken up.",
            "",
            "Example:",
            "  portolan serve &",
            "  curl -d '{\"email\": \"User@Example.com\"}' -H 'Content-Type: application/json' \\",
            "       http://127.0.0.1:8080/functions/validate"
        })
final class ServeCommand implements Callable<Integer> {

    /// For how long running requests are waited for, before they are interrupted.
    private static final Duration GRACE = Duration.ofSeconds(5);

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where to listen; 0 for any port that is free. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--sweep-interval",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How often to look for executions that are due. Default: ${DEFAULT-VALUE}")
    private String sweepInterval = "10s";

    @Mixin
    private final Sources sources = new Sources();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    private final InstantSource clock = InstantSource.system();
    private final SecureRandom random = new SecureRandom();

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65_535) {
            throw new ParameterException(spec.commandLine(), "--port is 0 to 65535, not " + port);
        }
        Duration interval = sweepInterval();
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch closed = new CountDownLatch(1);
        Laptop laptop = Laptop.open(sources, clock, err);
        Observer lines = new JsonLines(System.err, clock);
        LocalContinuation continuation =
                new LocalContinuation(Thread::sleep, err, woken -> laptop.executions(clock, random, woken, lines));
        try {
            LocalServer server = new LocalServer(
                    new HttpEntryPoint(
                            laptop.composer(), continuation.executions(), clock, () -> Event.freshKey(random)),
                    port,
                    GRACE);
            continuation.sweepEvery(interval);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                err.println("stopping; running requests are waited for");
                continuation.close(); // first, or it would take up what the server hands on
                server.close();
                laptop.close();
                closed.countDown();
            }));
            err.println("listening on http://127.0.0.1:" + server.port() + "; Ctrl-C stops");
        } catch (IOException e) {
            laptop.close();
            throw new ParameterException(
                    spec.commandLine(), "port " + port + " is not free; choose another with --port, or 0 for any");
        }
        closed.await();
        return 0;
    }

    private Duration sweepInterval() {
        try {
            Duration interval = (Duration) Shape.of(Duration.class).from(sweepInterval);
            if (interval != null && interval.isPositive()) {
                return interval;
            }
        } catch (Failure notOne) {
            // What it should be is said below.
        }
        throw new ParameterException(
                spec.commandLine(), "--sweep-interval is a time such as 500ms, 10s or 1m, not '" + sweepInterval + "'");
    }
}
