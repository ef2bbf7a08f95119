package dev.portolan.local;

import dev.portolan.composer.Event;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.execution.Continuation;
import dev.portolan.execution.Executions;
import dev.portolan.failure.Failure;
import dev.portolan.intake.Notifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// One process of [CrashDemo]: it prints a line for whatever happens, and holds still where it is to be killed.
@Command(name = "worker", hidden = true, description = "One process of 'demo crash'.")
final class DemoWorkerCommand implements Callable<Integer> {

    /// Where a process holds still.
    enum Hold {
        BETWEEN_STEPS("before 'enrich' is called"),
        AFTER_THE_MAIL("within 'notify': its mail is sent, and the step is not stored yet");

        private final String where;

        Hold(String where) {
            this.where = where;
        }

        /// Where that is, for people.
        String where() {
            return where;
        }
    }

    @Parameters(paramLabel = "DIR")
    private Path data = Path.of("");

    @Option(names = "--ahead", description = "How far this process's clock is ahead, in seconds.")
    private long ahead;

    @Option(names = "--hold")
    private @Nullable Hold hold;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        InstantSource clock = InstantSource.offset(InstantSource.system(), Duration.ofSeconds(ahead));
        try (Laptop laptop = CrashDemo.laptop(data, clock, key -> out.println("write"), this::slow)) {
            Executions executions = laptop.executions(clock, new SecureRandom(), Continuation.SWEEP);
            Pipeline pipeline = laptop.composer().compose(CrashDemo.PIPELINE);
            Event event = CrashDemo.event(pipeline);
            executions.run(pipeline, event, null, new StepListener() {
                @Override
                public void started(Step step, int attempt) {
                    if (hold == Hold.BETWEEN_STEPS && step.name().equals("enrich")) {
                        holdStill();
                    }
                }

                @Override
                public void finished(Step step, int attempt, @Nullable Failure failure) {
                    out.println(step.name());
                }
            });
        }
        return 0;
    }

    private Notifier slow(Notifier notifier) {
        return notification -> {
            String id = notifier.send(notification);
            if (hold == Hold.AFTER_THE_MAIL) {
                holdStill();
            }
            return id;
        };
    }

    /// Waits to be killed; if whoever would do it is gone, it is over too.
    private void holdStill() {
        spec.commandLine().getOut().println("held");
        try {
            if (System.in.read() < 0) {
                Runtime.getRuntime().halt(1);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
