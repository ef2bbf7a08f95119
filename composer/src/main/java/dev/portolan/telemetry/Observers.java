package dev.portolan.telemetry;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.JsonLines;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Nearest;
import dev.portolan.invocation.Headers;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Observers by their names, as deployments are told them in `PORTOLAN_TELEMETRY`.
public final class Observers {

    private static final List<String> KNOWN = List.of("json", "micrometer", "none", "opentelemetry");

    private Observers() {}

    /// The observers that names stand for, all of which hear the same: `json` for [JsonLines],
    /// `opentelemetry`, `micrometer`, `none` for nobody, and a class of one's own by its full name, which has
    /// a public constructor without parameters. Nothing is loaded for what is not named.
    ///
    /// @param names separated by commas
    /// @param out where the lines go
    /// @throws Failure `NOT_FOUND` for a name that nobody has; `FAILED_PRECONDITION` if its library is
    ///     missing
    public static Observer named(String names, PrintStream out, InstantSource clock) {
        List<Observer> observers = new ArrayList<>();
        for (String part : names.split(",", -1)) {
            String name = part.strip();
            if (!name.isEmpty() && !name.equals("none")) {
                observers.add(one(name, out, clock));
            }
        }
        if (observers.isEmpty()) {
            return Observer.NONE;
        }
        return observers.size() == 1 ? observers.getFirst() : all(observers);
    }

    /// Several observers as one: all of them hear the same, in their order.
    public static Observer all(List<Observer> observers) {
        return new All(List.copyOf(observers));
    }

    private static Observer one(String name, PrintStream out, InstantSource clock) {
        try {
            return switch (name) {
                case "json" -> new JsonLines(out, clock);
                case "opentelemetry" -> new OpenTelemetryObserver();
                case "micrometer" -> new MicrometerObserver();
                default -> own(name);
            };
        } catch (LinkageError e) {
            throw unusable(name, e);
        }
    }

    private static Observer own(String name) {
        try {
            return Class.forName(name, true, Thread.currentThread().getContextClassLoader())
                    .asSubclass(Observer.class)
                    .getConstructor()
                    .newInstance();
        } catch (ClassNotFoundException e) {
            String hint = Nearest.hint(name, KNOWN);
            throw new Failure(
                    Code.NOT_FOUND,
                    "PORTOLAN_TELEMETRY: no observer '" + name + "'"
                            + (hint.isEmpty()
                                    ? "; there are " + String.join(", ", KNOWN) + ", and classes of your own"
                                    : hint),
                    e);
        } catch (InvocationTargetException e) {
            throw unusable(name, Objects.requireNonNullElse(e.getCause(), e));
        } catch (ReflectiveOperationException | ClassCastException e) {
            throw unusable(name, e);
        }
    }

    private static Failure unusable(String name, Throwable why) {
        String remedy = switch (name) {
            case "opentelemetry" -> "add io.opentelemetry:opentelemetry-api to the class path";
            case "micrometer" -> "add io.micrometer:micrometer-core to the class path";
            default -> "it has a public constructor without parameters, and its libraries on the class path";
        };
        return new Failure(
                Code.FAILED_PRECONDITION,
                "PORTOLAN_TELEMETRY: '" + name + "' cannot be used (" + Failure.describe(why) + "); " + remedy,
                why);
    }

    /// Several observers as one.
    private record All(List<Observer> observers) implements Observer {

        @Override
        public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
            List<Run> runs = new ArrayList<>();
            for (Observer observer : observers) {
                runs.add(observer.begun(pipeline, id, headers, started));
            }
            return new AllRuns(runs);
        }

        @Override
        public void refused(Pipeline pipeline, String id, Failure failure) {
            for (Observer observer : observers) {
                observer.refused(pipeline, id, failure);
            }
        }
    }

    private record AllRuns(List<Observer.Run> runs) implements Observer.Run {

        @Override
        public void started(Step step, int attempt) {
            for (Observer.Run run : runs) {
                run.started(step, attempt);
            }
        }

        @Override
        public void finished(Step step, int attempt, @Nullable Failure failure) {
            for (Observer.Run run : runs) {
                run.finished(step, attempt, failure);
            }
        }

        @Override
        public void ended(Outcome outcome, Status status) {
            for (Observer.Run run : runs) {
                run.ended(outcome, status);
            }
        }
    }
}
