package dev.portolan.local;

import dev.portolan.execution.Execution;
import dev.portolan.execution.Execution.Attempt;
import dev.portolan.execution.Execution.Failed;
import dev.portolan.execution.Execution.Status;
import dev.portolan.invocation.Invocation;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/// An execution as a person looks at it: a line for every attempt at a step, with a bar for when it ran, then
/// why it stands where it stands, and what can be done about it.
final class ExecutionPicture {

    private static final int BAR = 24;

    private final ExecutionView view;
    private final Execution execution;
    private final Ansi ansi;
    private final UnaryOperator<String> command;
    private final Instant end;
    private final int width;

    /// @param command makes a command of a verb: how this execution would be retried, for one
    ExecutionPicture(ExecutionView view, Ansi ansi, UnaryOperator<String> command) {
        this.view = view;
        this.execution = view.execution();
        this.ansi = ansi;
        this.command = command;
        Instant latest = execution.origin().started();
        int longest = 8;
        for (Attempt attempt : execution.history().attempts()) {
            Instant ended = attempt.began().plus(attempt.took());
            latest = ended.isAfter(latest) ? ended : latest;
            longest = Math.max(longest, attempt.step().length());
        }
        for (String step : view.steps()) {
            longest = Math.max(longest, step.length());
        }
        this.end = latest;
        this.width = longest;
    }

    /// Its lines.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(ansi.string("@|bold " + execution.status() + "|@") + "  " + execution.id());
        Instant started = execution.origin().started();
        Duration age = Duration.between(started, view.now());
        lines.add("began " + Spoken.dayAndTime(started) + ", " + Spoken.span(age) + " ago, with "
                + size(execution.origin().input()));
        if (execution.history().dropped() > 0) {
            lines.add("earlier attempts no longer told: " + execution.history().dropped());
        }
        lines.add("");
        List<Attempt> told = new ArrayList<>(execution.history().attempts());
        for (int step = 0; step < view.steps().size(); step++) {
            step(step, told, lines);
        }
        told.forEach(attempt -> lines.add(attempt(attempt)));
        if (Status.UNDO == execution.status() || (execution.failure() != null && execution.trouble() != null)) {
            for (Execution.Done done : execution.undo().reversed()) {
                lines.add(line("yellow ↶", view.name(done.step()) + Invocation.UNDO, "to be undone"));
            }
        }
        lines.add("");
        explain(lines);
        return lines;
    }

    /// A step's lines. What it tells is taken out of what is told.
    private void step(int step, List<Attempt> told, List<String> lines) {
        String name = view.name(step);
        List<Attempt> own =
                told.stream().filter(attempt -> attempt.step().equals(name)).toList();
        own.forEach(attempt -> lines.add(attempt(attempt)));
        told.removeAll(own);
        int cursor = execution.at().cursor();
        boolean forth = execution.failure() == null && execution.trouble() == null;
        if (step < cursor) {
            if (own.isEmpty() && execution.history().dropped() == 0) {
                lines.add(line("faint ○", name, "passed over"));
            }
        } else if (step == cursor && forth && !execution.over()) {
            lines.add(line("cyan " + (view.running() ? "▶" : "◷"), name, here()));
        } else if (own.isEmpty()) {
            lines.add(line("faint ·", name, forth && !execution.over() ? "" : "not run"));
        }
    }

    /// What is going on at the step that is next.
    private String here() {
        String attempt = "attempt " + (execution.at().attempts() + 1);
        Instant until = execution.lease().until();
        if (until == null) {
            return attempt;
        }
        if (view.running()) {
            return attempt + ", running";
        }
        if (execution.lease().owner() != null) {
            return attempt + ", its worker was lost";
        }
        return attempt
                + (view.now().isBefore(until)
                        ? " at " + Spoken.time(until) + ", " + view.due()
                        : ", as soon as somebody takes it up");
    }

    private String attempt(Attempt attempt) {
        boolean failed = attempt.code() != null;
        String mark = failed ? "red ✗" : attempt.step().endsWith(Invocation.UNDO) ? "yellow ↶" : "green ✓";
        StringBuilder line = new StringBuilder()
                .append(bar(attempt))
                .append("  ")
                .append(Spoken.time(attempt.began()))
                .append(padded(Spoken.span(attempt.took()), 9))
                .append(padded(attempt.size() == 0 ? "" : Spoken.size(attempt.size()), 9));
        if (failed) {
            line.append("  ").append(attempt.code());
        }
        if (attempt.attempt() > 1) {
            line.append("  attempt ").append(attempt.attempt());
        }
        return line(mark, attempt.step(), line.toString());
    }

    private String line(String mark, String name, String rest) {
        return (ansi.string("  @|" + mark + "|@ ") + name + " ".repeat(width - name.length()) + "  " + rest)
                .stripTrailing();
    }

    private static String padded(String text, int width) {
        return " ".repeat(Math.max(1, width - text.length())) + text;
    }

    /// When an attempt ran, between the beginning of the execution and the end of its last attempt.
    private String bar(Attempt attempt) {
        Instant began = execution.origin().started();
        double whole = Math.max(1, Duration.between(began, end).toMillis());
        double before = Math.max(0, Duration.between(began, attempt.began()).toMillis());
        int from = (int) Math.min(BAR - 1, BAR * before / whole);
        int to = (int) Math.ceil(BAR * (before + attempt.took().toMillis()) / whole);
        int filled = Math.min(BAR, Math.max(from + 1, to)) - from;
        return "▕" + " ".repeat(from) + "█".repeat(filled) + " ".repeat(BAR - from - filled) + "▏";
    }

    private void explain(List<String> lines) {
        if (execution.status() == Status.DONE) {
            lines.add("gave " + size(execution.at().value()));
        }
        why("failed: ", execution.failure(), lines);
        why("stuck: ", execution.trouble(), lines);
        if (view.running()) {
            lines.add(view.owner());
        } else if (execution.status() == Status.UNDO) {
            lines.add("the way back goes on: " + view.due());
        }
        if (execution.at().doubt() && !execution.over()) {
            lines.add("the step at hand may have taken effect already");
        }
        boolean back = execution.failure() != null;
        if (!execution.undo().isEmpty() && !back) {
            List<String> steps = new ArrayList<>();
            execution.undo().reversed().forEach(done -> steps.add(view.name(done.step())));
            lines.add("can be undone: " + String.join(", ", steps));
        }
        switch (execution.status()) {
            case DONE -> advise(!execution.undo().isEmpty(), "take it back", "undo", lines);
            case FAILED -> advise(!tookBack(), "run it again", "retry", lines);
            case STUCK -> {
                advise(true, "run it again", "retry", lines);
                advise(!back, "give it up", "cancel", lines);
            }
            case RUN, WAIT, UNDO -> {
                advise(!view.running(), "go on now", "resume", lines);
                advise(!back, "give it up", "cancel", lines);
            }
        }
    }

    private boolean tookBack() {
        List<Attempt> told = execution.history().attempts();
        return !told.isEmpty() && told.getLast().step().endsWith(Invocation.UNDO);
    }

    private void advise(boolean possible, String what, String verb, List<String> lines) {
        if (possible) {
            lines.add(what + ": " + command.apply(verb));
        }
    }

    private static void why(String word, @Nullable Failed failed, List<String> lines) {
        if (failed != null) {
            String at = failed.step().isEmpty() ? "" : " at '" + failed.step() + "', attempt " + failed.attempt();
            lines.add(word + failed.code() + at + ": " + failed.detail());
        }
    }

    private static String size(String value) {
        return Spoken.size(value.getBytes(StandardCharsets.UTF_8).length) + " of JSON";
    }
}
