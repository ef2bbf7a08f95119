package dev.portolan.telemetry;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Observer;
import dev.portolan.execution.TraceParent;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Spans of OpenTelemetry: one for each run, which its `traceparent` is the parent of, and in it one for each
/// attempt, whose scope the step runs in.
///
/// Where the caller is within a span already, that one is the parent if it is of the same trace, and linked
/// otherwise. Spans carry names, numbers, codes and details, and no payload.
public final class OpenTelemetryObserver implements Observer {

    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            if (headers == null) {
                return null;
            }
            return name.equals("traceparent") ? TraceParent.in(headers) : headers.first(name);
        }
    };

    private final Tracer tracer;

    /// Spans of the process's own [GlobalOpenTelemetry].
    public OpenTelemetryObserver() {
        this(GlobalOpenTelemetry.get());
    }

    /// Spans of a library that the caller has set up.
    public OpenTelemetryObserver(OpenTelemetry library) {
        this.tracer = library.getTracer("dev.portolan");
    }

    @Override
    public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
        Context here = Context.current();
        Context told = W3CTraceContextPropagator.getInstance().extract(here, headers, GETTER);
        SpanContext current = Span.fromContext(here).getSpanContext();
        boolean same = current.getTraceId()
                .equals(Span.fromContext(told).getSpanContext().getTraceId());
        SpanBuilder run = tracer.spanBuilder(pipeline.name()).setParent(same ? here : told);
        if (!same && current.isValid()) {
            run.addLink(current);
        }
        return new Spans(
                run.setAttribute("portolan.pipeline", pipeline.name())
                        .setAttribute("portolan.execution", id)
                        .startSpan(),
                told);
    }

    private final class Spans implements Run {
        private final Span run;
        private final Context within;
        private @Nullable Attempt attempt;

        /// @param around what the run's own span is put into
        Spans(Span run, Context around) {
            this.run = run;
            this.within = around.with(run);
        }

        @Override
        @SuppressWarnings("MustBeClosedChecker") // the attempt's end closes its scope
        public void started(Step step, int number) {
            Span span = tracer.spanBuilder(step.name())
                    .setParent(within)
                    .setAttribute("portolan.step", step.name())
                    .setAttribute("portolan.attempt", number)
                    .startSpan();
            attempt = new Attempt(span, within.with(span).makeCurrent(), Thread.currentThread());
        }

        @Override
        public void finished(Step step, int number, @Nullable Failure failure) {
            if (attempt != null) {
                attempt.end(failure);
                attempt = null;
            }
        }

        @Override
        public void ended(Outcome outcome, Status status) {
            Failure failure = outcome instanceof Outcome.Failed failed ? failed.failure() : null;
            if (attempt != null) {
                attempt.end(failure);
            }
            run.setAttribute("portolan.status", status.name());
            tell(run, failure);
            run.end();
        }
    }

    /// @param thread the one that the scope is of: no other can leave it
    private record Attempt(Span span, Scope scope, Thread thread) {

        void end(@Nullable Failure failure) {
            if (thread.equals(Thread.currentThread())) {
                scope.close();
            }
            tell(span, failure);
            span.end();
        }
    }

    /// Not as an exception: its message is told, those of its causes may quote the payload.
    private static void tell(Span span, @Nullable Failure failure) {
        if (failure != null) {
            span.setStatus(StatusCode.ERROR, failure.detail());
            span.setAttribute("error.type", failure.code().name());
        }
    }
}
