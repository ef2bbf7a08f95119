package dev.portolan.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.portolan.composer.Pipeline;
import dev.portolan.execution.Observer;
import dev.portolan.invocation.Headers;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OpenTelemetryObserverTest {

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
    private final OpenTelemetrySdk library = OpenTelemetrySdk.builder()
            .setTracerProvider(SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build();
    private final Observer observer = new OpenTelemetryObserver(library);
    private final Stage stage = new Stage();

    @AfterEach
    void close() {
        library.close();
    }

    /// The spans of a name, in the order of their end.
    private List<SpanData> spans(String name) {
        return exporter.getFinishedSpanItems().stream()
                .filter(span -> span.getName().equals(name))
                .toList();
    }

    private static Map<String, Object> attributes(SpanData span) {
        Map<String, Object> attributes = new HashMap<>();
        span.getAttributes().forEach((key, value) -> attributes.put(key.getKey(), value));
        return attributes;
    }

    @Test
    void aRunIsASpanOfItsTraceAndEachAttemptOneInIt() {
        stage.run(observer, stage.durable("'fine', {'flaky': {'retry': {'attempts': 2, 'delay': '1ms'}}}"));

        SpanData run = spans("test").getFirst();
        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getName)
                .containsExactly("fine", "flaky", "flaky", "test");
        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getTraceId)
                .containsOnly(Stage.TRACE);
        assertThat(run.getParentSpanId()).isEqualTo(Stage.PARENT);
        assertThat(run.getParentSpanContext().isRemote()).isTrue();
        assertThat(run.getStatus()).isEqualTo(StatusData.unset());
        assertThat(attributes(run))
                .isEqualTo(Map.of(
                        "portolan.pipeline", "test",
                        "portolan.execution", "test:o-1",
                        "portolan.status", "DONE"));
        assertThat(spans("flaky")).extracting(SpanData::getParentSpanId).containsOnly(run.getSpanId());
        assertThat(spans("flaky").getFirst().getStatus()).isEqualTo(StatusData.create(StatusCode.ERROR, "not yet"));
        assertThat(attributes(spans("flaky").getFirst()))
                .isEqualTo(Map.of("portolan.step", "flaky", "portolan.attempt", 1L, "error.type", "UNAVAILABLE"));
        assertThat(spans("flaky").getLast().getStatus()).isEqualTo(StatusData.unset());
        assertThat(attributes(spans("flaky").getLast()))
                .isEqualTo(Map.of("portolan.step", "flaky", "portolan.attempt", 2L));
    }

    @Test
    void anExecutionThatFailsIsAnErrorWithoutThePayloadInItsCauses() {
        stage.run(observer, stage.durable("'wrong'"));

        assertThat(exporter.getFinishedSpanItems())
                .hasSize(2)
                .allSatisfy(span ->
                        assertThat(span.getStatus()).isEqualTo(StatusData.create(StatusCode.ERROR, "/sku: missing")));
        assertThat(exporter.getFinishedSpanItems().toString())
                .contains("portolan.status=FAILED")
                .doesNotContain("4111 1111")
                .doesNotContain("secret");
    }

    @Test
    void workersOfOneExecutionAreSpansOfOneTraceThatTheExecutionKeeps() {
        Pipeline pipeline = stage.durable("'fine', 'flaky'");
        stage.run(observer, pipeline);

        stage.run(observer, pipeline, Headers.NONE);

        assertThat(spans("test")).hasSize(2).extracting(SpanData::getTraceId).containsOnly(Stage.TRACE);
        assertThat(spans("test")).extracting(SpanData::getParentSpanId).containsOnly(Stage.PARENT);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void spansThatAStepMakesAreInItsOwnAndNothingOfThemStaysBehind(boolean durable) {
        Tracer tracer = library.getTracer("user");
        stage.functions.add("call", Map.class, Map.class, input -> {
            tracer.spanBuilder("GET /stock").startSpan().end();
            return input;
        });

        stage.run(observer, durable ? stage.durable("'call'") : stage.inMemory("'call'"));

        assertThat(spans("GET /stock").getFirst().getParentSpanId())
                .isEqualTo(spans("call").getFirst().getSpanId());
        assertThat(Context.current()).isSameAs(Context.root());
    }

    @Test
    void aHostsSpanOfTheSameTraceIsTheParent() {
        SpanContext host =
                SpanContext.create(Stage.TRACE, "00f067aa0ba902b7", TraceFlags.getSampled(), TraceState.getDefault());
        Context.root()
                .with(Span.wrap(host))
                .wrap(() -> {
                    stage.run(observer, stage.inMemory("'fine'"));
                })
                .run();

        assertThat(spans("test").getFirst().getParentSpanId()).isEqualTo(host.getSpanId());
        assertThat(spans("test").getFirst().getLinks()).isEmpty();
    }

    @Test
    void aHostsSpanOfAnotherTraceIsLinked() {
        SpanContext host = SpanContext.create(
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "00f067aa0ba902b7",
                TraceFlags.getSampled(),
                TraceState.getDefault());
        Context.root()
                .with(Span.wrap(host))
                .wrap(() -> {
                    stage.run(observer, stage.inMemory("'fine'"));
                })
                .run();

        assertThat(spans("test").getFirst().getParentSpanId()).isEqualTo(Stage.PARENT);
        assertThat(spans("test").getFirst().getLinks())
                .extracting(LinkData::getSpanContext)
                .containsExactly(host);
    }

    @Test
    void aRunInMemoryWithoutAParentIsATraceOfItsOwn() {
        stage.run(observer, stage.inMemory("'fine'"), Headers.NONE.with("traceparent", "00-1-2-01"));

        assertThat(spans("test").getFirst().getParentSpanContext().isValid()).isFalse();
    }

    @Test
    void whatXraySaysIsTheParentToo() {
        String xray = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1";
        stage.run(observer, stage.inMemory("'fine'"), Headers.NONE.with("x-amzn-trace-id", xray));

        assertThat(spans("test").getFirst().getTraceId()).isEqualTo("5759e988bd862e3fe1be46a994272793");
        assertThat(spans("test").getFirst().getParentSpanId()).isEqualTo("53995c3f42cd8ad8");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anAbandonedAttemptEndsAndTheCallersContextIsWhatItWas(boolean durable) {
        String steps = "{'deaf': {'timeout': '10ms'}}";
        Span callers = library.getTracer("user").spanBuilder("caller").startSpan();
        List<Context> after = new ArrayList<>();
        Context.root()
                .with(callers)
                .wrap(() -> {
                    stage.run(observer, durable ? stage.durable(steps) : stage.inMemory(steps));
                    after.add(Context.current());
                })
                .run();
        stage.released.countDown();

        assertThat(after).extracting(Span::fromContext).containsExactly(callers);
        assertThat(spans("deaf"))
                .singleElement()
                .satisfies(span -> assertThat(attributes(span)).containsEntry("error.type", "TIMEOUT"));
        assertThat(spans("test")).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWorkerThatDiesLeavesNoSpanOpenAndNoContext(boolean durable) {
        Pipeline pipeline = durable ? stage.durable("'deadly'") : stage.inMemory("'deadly'");

        assertThatThrownBy(() -> stage.run(observer, pipeline)).isInstanceOf(Stage.Crash.class);

        assertThat(exporter.getFinishedSpanItems())
                .extracting(SpanData::getName, span -> span.getStatus().getStatusCode())
                .containsExactly(tuple("deadly", StatusCode.ERROR), tuple("test", StatusCode.ERROR));
        assertThat(Context.current()).isSameAs(Context.root());
    }
}
