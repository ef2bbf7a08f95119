package dev.portolan.execution;

import static dev.portolan.execution.Scene.ID;
import static dev.portolan.execution.Scene.INPUT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.Event;
import dev.portolan.composer.Pipeline;
import dev.portolan.composer.StepListener;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.invocation.Invocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TraceParentTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";
    private static final String FORM = "00-[0-9a-f]{32}-[0-9a-f]{16}-01";

    private final Scene scene = new Scene();
    private final List<Headers> seen = new ArrayList<>();

    TraceParentTest() {
        scene.functions.add("see", Map.class, Map.class, input -> {
            seen.add(Invocation.current().headers());
            return input;
        });
    }

    private static Headers kept(Headers headers) {
        return TraceParent.kept(headers, new Random(1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                PARENT,
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later"
            })
    void whatIsWellFormedStaysWithItsState(String parent) {
        Headers headers = Headers.NONE.with("TraceParent", parent).with("tracestate", "vendor=1");

        assertThat(kept(headers)).isSameAs(headers);
        assertThat(TraceParent.trace(headers)).isEqualTo(TRACE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-1-2-01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
                "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01more",
                "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
                "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
                "00_0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331_01",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x"
            })
    void whatIsMalformedIsReplacedAndItsStateGoesToo(String parent) {
        Headers headers = Headers.NONE
                .with("traceparent", parent)
                .with("tracestate", "vendor=1")
                .with("tenant", "acme");

        assertThat(TraceParent.in(headers)).isNull();
        assertThat(TraceParent.trace(headers)).isNull();
        assertThat(kept(headers).all("traceparent")).singleElement().asString().matches(FORM);
        assertThat(kept(headers).names()).containsExactly("tenant", "traceparent");
    }

    @Test
    void twoParentsAreNone() {
        Headers headers = Headers.NONE.with("traceparent", PARENT).with("traceparent", PARENT);

        assertThat(TraceParent.in(headers)).isNull();
        assertThat(kept(headers).all("traceparent")).singleElement().isNotEqualTo(PARENT);
    }

    @ParameterizedTest
    @CsvSource({
        "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1,"
                + " 00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-01",
        "Sampled=0; Parent=53995c3f42cd8ad8; Root=1-5759e988-bd862e3fe1be46a994272793; Lineage=1:a87bd80c:1,"
                + " 00-5759e988bd862e3fe1be46a994272793-53995c3f42cd8ad8-00",
        "Self=1-67891234-12456789abcdef012345678;Root=1-5759e988-bd862e3fe1be46a994272793,"
                + " 00-5759e988bd862e3fe1be46a994272793-e1be46a994272793-00"
    })
    void whatXraySaysIsTakenWhereThereIsNoOther(String xray, String parent) {
        Headers headers = Headers.NONE.with("X-Amzn-Trace-Id", xray).with("tracestate", "vendor=1");

        assertThat(TraceParent.in(headers)).isEqualTo(parent);
        assertThat(kept(headers).first("traceparent")).isEqualTo(parent);
        assertThat(kept(headers).first("X-Amzn-Trace-Id")).isEqualTo(xray);
        assertThat(kept(headers).first("tracestate")).isNull();
        assertThat(TraceParent.in(headers.with("traceparent", PARENT))).isEqualTo(PARENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";;=",
                "Root=1-5bef",
                "Root=1-5759e988_bd862e3fe1be46a994272793",
                "Root=1-5759e988-bd862e3fe1be46a99427279Z;Parent=53995c3f42cd8ad8",
                "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8ff",
                "Parent=53995c3f42cd8ad8;Sampled=1"
            })
    void whatXrayNeverSaysIsNoParent(String xray) {
        assertThat(TraceParent.in(Headers.NONE.with("x-amzn-trace-id", xray))).isNull();
    }

    @Test
    void everyStepSeesTheParentThatCameAlsoAfterAHandOverToAnotherProcess() {
        Pipeline pipeline = scene.pipeline("'see', {'one': {'retry': {'attempts': 2, 'delay': '1ms'}}}, 'see'");
        scene.executions().accept(pipeline, scene.event());
        scene.failing("one", new Failure(Code.UNAVAILABLE, "later").withRetryAfter(Duration.ofHours(1)));
        scene.resume();
        scene.now = scene.now.plusSeconds(3600);

        scene.resume();

        assertThat(seen)
                .hasSize(2)
                .extracting(headers -> headers.all("traceparent"))
                .containsOnly(List.of(PARENT));
    }

    @Test
    void anExecutionThatComesWithoutAParentIsGivenOneForAllOfItsSteps() {
        Heard heard = new Heard();
        Event bare = new Event(ID, INPUT, Headers.NONE);
        Pipeline pipeline = scene.pipeline("'see', 'one', 'see'");
        scene.failing("one", new Failure(Code.UNAVAILABLE, "later"));
        scene.executions(heard).run(pipeline, bare, null, StepListener.NONE);

        scene.executions(heard).run(pipeline, bare, null, StepListener.NONE);

        String made = seen.getFirst().first("traceparent");
        assertThat(made).matches(FORM);
        assertThat(seen)
                .hasSize(2)
                .extracting(headers -> headers.all("traceparent"))
                .containsOnly(List.of(made));
        assertThat(heard.headers).containsOnly(Headers.NONE.with("traceparent", made));
    }

    @Test
    void twoExecutionsAreTwoTraces() {
        Pipeline pipeline = scene.pipeline("'see'");
        Executions executions = scene.executions();
        executions.run(pipeline, new Event("test:a", INPUT, Headers.NONE), null, StepListener.NONE);
        executions.run(pipeline, new Event("test:b", INPUT, Headers.NONE), null, StepListener.NONE);

        assertThat(seen).extracting(TraceParent::trace).doesNotHaveDuplicates().hasSize(2);
    }
}
