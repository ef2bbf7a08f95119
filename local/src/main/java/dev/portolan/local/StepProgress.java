package dev.portolan.local;

import dev.portolan.composer.Step;
import dev.portolan.composer.StepListener;
import dev.portolan.failure.Failure;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/// Shows a person each step with the time that it took.
final class StepProgress implements StepListener {

    private final PrintWriter err;
    private final Ansi ansi;
    private final InstantSource clock;
    private Instant began;

    StepProgress(CommandLine commandLine, InstantSource clock) {
        this.err = commandLine.getErr();
        this.ansi = commandLine.getColorScheme().ansi();
        this.clock = clock;
        this.began = clock.instant();
    }

    @Override
    public void started(Step step, int attempt) {
        began = clock.instant();
    }

    @Override
    public void finished(Step step, int attempt, @Nullable Failure failure) {
        double millis = Duration.between(began, clock.instant()).toNanos() / 1e6;
        String mark = failure == null ? "@|green ✓|@" : "@|red ✗|@";
        String again = attempt > 1 ? "  attempt " + attempt : "";
        String code = failure == null ? "" : "  " + failure.code();
        err.println(ansi.string("  " + mark)
                + String.format(Locale.ROOT, " %-24s %8.1f ms%s%s", step.name(), millis, again, code));
        err.flush();
    }
}
