package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Composer;
import dev.portolan.composer.FunctionRegistry;
import dev.portolan.composer.Step;
import dev.portolan.failure.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class StepProgressTest {

    private final StringWriter err = new StringWriter();
    private Instant now = Instant.EPOCH;

    @Test
    void showsEachAttemptWithItsTimeAndItsCode() {
        InstantSource clock = () -> now;
        CommandLine commandLine = new CommandLine(CommandLine.Model.CommandSpec.create())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setErr(new PrintWriter(err, true));
        StepProgress progress = new StepProgress(commandLine, clock);
        FunctionRegistry functions = new FunctionRegistry();
        functions.add("greet", String.class, String.class, name -> name);
        Step step = new Composer(functions).compose("greet").steps().getFirst();

        progress.started(step, 1);
        now = now.plusMillis(5);
        progress.finished(step, 1, new Failure(Failure.Code.THROTTLED, "too fast"));
        progress.started(step, 2);
        now = now.plusMillis(1200);
        progress.finished(step, 2, null);

        assertThat(err.toString().lines())
                .containsExactly(
                        "  ✗ greet                         5.0 ms  THROTTLED",
                        "  ✓ greet                      1200.0 ms  attempt 2");
    }
}
