package dev.portolan.execution;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Status;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes a line of JSON for each attempt that fails, for each piece of work that is turned away before a run
/// of it, and one when a durable execution comes to rest. Each line is one write. No payload is in any.
///
/// A line has `timestamp`, `level` (`INFO`, `WARN`, or `ERROR` for what nobody foresaw), `event` (`attempt`,
/// `refused` or `execution`), `execution`, `pipeline`, and where they are known `trace`, `status`, `step`, `attempt`,
/// `code` and `detail`. `ms` is how long the attempt took, or how old the execution is; `steps` and
/// `attempts` are those of the worker that says so.
public final class JsonLines implements Observer {

    /// Most characters of an id or a detail that are told.
    private static final int MOST = 2_000;

    private final PrintStream out;
    private final InstantSource clock;
    private final Json json = new Json();

    /// Lines on a stream, which is flushed after each.
    public JsonLines(PrintStream out, InstantSource clock) {
        this.out = out;
        this.clock = clock;
    }

    @Override
    public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
        return new Lines(pipeline, id, headers, started);
    }

    @Override
    public void refused(Pipeline pipeline, String id, Failure failure) {
        Map<String, Object> line = line("refused", pipeline, id, null, failure, clock.instant());
        tell(line, failure, "", 0);
        write(line);
    }

    private final class Lines implements Run {
        private final Pipeline pipeline;
        private final String id;
        private final Headers headers;
        private final Instant started;
        private Instant began;
        private int steps;
        private int attempts;

        Lines(Pipeline pipeline, String id, Headers headers, Instant started) {
            this.pipeline = pipeline;
            this.id = id;
            this.headers = headers;
            this.started = started;
            this.began = started;
        }

        @Override
        public void started(Step step, int attempt) {
            began = clock.instant();
            attempts++;
        }

        @Override
        public void finished(Step step, int attempt, @Nullable Failure failure) {
            if (failure == null) {
                steps++;
                return;
            }
            Instant now = clock.instant();
            Map<String, Object> line = line("attempt", failure, now);
            tell(line, failure, step.name(), attempt);
            line.put("ms", Duration.between(began, now).toMillis());
            write(line);
        }

        @Override
        public void ended(Outcome outcome, Status status) {
            if (!pipeline.durable()) {
                return;
            }
            Outcome.Failed failed = outcome instanceof Outcome.Failed end ? end : null;
            Instant now = clock.instant();
            Map<String, Object> line = line("execution", failed == null ? null : failed.failure(), now);
            line.put("status", status.name());
            if (failed != null) {
                tell(line, failed.failure(), failed.step(), failed.attempt());
            }
            line.put("ms", Duration.between(started, now).toMillis());
            line.put("steps", steps);
            line.put("attempts", attempts);
            write(line);
        }

        private Map<String, Object> line(String event, @Nullable Failure failure, Instant now) {
            return JsonLines.line(event, pipeline, id, TraceParent.trace(headers), failure, now);
        }
    }

    /// As RFC 3339 has it, to the millisecond. The JDK's own formatter would cost a cold start
    /// milliseconds.
    private static String timestamp(Instant now) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(now.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder text = new StringBuilder(24).append(time.toLocalDate());
        digits(text.append('T'), 100 + time.getHour());
        digits(text.append(':'), 100 + time.getMinute());
        digits(text.append(':'), 100 + time.getSecond());
        digits(text.append('.'), 1000 + now.getNano() / 1_000_000);
        return text.append('Z').toString();
    }

    /// @param number with a digit before it, so that no zero is lost
    private static void digits(StringBuilder text, int number) {
        text.append(String.valueOf(number), 1, number < 1000 ? 3 : 4);
    }

    private static Map<String, Object> line(
            String event,
            Pipeline pipeline,
            String id,
            @Nullable String trace,
            @Nullable Failure failure,
            Instant now) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", timestamp(now));
        line.put("level", failure == null ? "INFO" : failure.code() == Code.UNKNOWN ? "ERROR" : "WARN");
        line.put("event", event);
        line.put("execution", told(id));
        line.put("pipeline", told(pipeline.name()));
        if (trace != null) {
            line.put("trace", trace);
        }
        return line;
    }

    private static void tell(Map<String, Object> line, Failure failure, String step, int attempt) {
        if (!step.isEmpty()) {
            line.put("step", step);
            line.put("attempt", attempt);
        }
        line.put("code", failure.code().name());
        line.put("detail", told(failure.detail()));
    }

    /// A text that can stand in a line: short enough, and without what some reader takes for the line's end.
    /// JSON's own rules take care of the usual control characters.
    private static String told(String text) {
        StringBuilder told = new StringBuilder(text.length() > MOST ? text.substring(0, MOST) + "…" : text);
        for (int i = 0; i < told.length(); i++) {
            char c = told.charAt(i);
            boolean pair = i + 1 < told.length() && Character.isSurrogatePair(c, told.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c) || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029) {
                told.setCharAt(i, '\ufffd');
            }
        }
        return told.toString();
    }

    private void write(Map<String, Object> line) {
        byte[] text = json.encode(line);
        byte[] whole = new byte[text.length + 1];
        System.arraycopy(text, 0, whole, 0, text.length);
        whole[text.length] = '\n';
        out.write(whole, 0, whole.length);
        out.flush();
    }
}
