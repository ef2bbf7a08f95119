package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.execution.Continuation;
import dev.portolan.http.HttpEntryPoint;
import java.io.IOException;
import java.io.PrintWriter;
import java.security.SecureRandom;
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
            "an Idempotency-Key header names the work.",
            "",
            "Example:",
            "  portolan serve &",
            "  curl -d '{\"email\": \"User@Example.com\"}' -H 'Content-Type: application/json' \\",
            "       http://127.0.0.1:8080/functions/validate"
        })
final class ServeCommand implements Callable<Integer> {

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Where to listen; 0 for any port that is free. Default: ${DEFAULT-VALUE}")
    private int port;

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
        PrintWriter err = spec.commandLine().getErr();
        CountDownLatch closed = new CountDownLatch(1);
        Laptop laptop = Laptop.open(sources, clock, err);
        try {
            LocalServer server = new LocalServer(
                    new HttpEntryPoint(
                            laptop.composer(),
                            laptop.executions(clock, random, Continuation.SWEEP),
                            () -> Event.freshKey(random)),
                    port);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                err.println("stopping; running requests are waited for");
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
}
