package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.composer.DefinitionFolder;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Invocation;
import dev.portolan.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What follows work through every trigger: whose trace it is part of, and what it is called.
class TraceAndKeyTest {

    private static final String TRACE = "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0";

    private final Host host = new Host();
    private final List<Invocation> seen = new ArrayList<>();

    TraceAndKeyTest() {
        host.functions().add("see", Object.class, Map.class, input -> {
            seen.add(Invocation.current());
            return Map.of();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http-api",
                "function-url",
                "rest-api",
                "alb",
                "sns",
                "s3",
                "dynamodb",
                "eventbridge",
                "scheduler",
                "schedule-rule"
            })
    void theTraceOfTheInvocationReachesTheFunction(String event) {
        Host.invoke(host.entryPoint("see", null), Host.event(event), TRACE);

        assertThat(seen)
                .isNotEmpty()
                .allSatisfy(invocation ->
                        assertThat(invocation.headers().all("X-Amzn-Trace-Id")).containsExactly(TRACE));
    }

    @Test
    void aDirectInvocationIsTracedToo() {
        Host.invoke(host.entryPoint("see", null), Map.of(), TRACE);

        assertThat(seen.getFirst().headers().all("X-Amzn-Trace-Id")).containsExactly(TRACE);
    }

    @Test
    void whatAMessageOrARequestSaysOfItsTraceCountsMore() {
        Map<Object, Object> request = new LinkedHashMap<>(Host.event("function-url"));
        request.put("headers", Map.of("x-amzn-trace-id", "Root=1-own", "traceparent", "00-own"));

        Host.invoke(host.entryPoint("see", null), Host.event("sqs"), TRACE);
        Host.invoke(host.entryPoint("see", null), request, TRACE);

        assertThat(seen.getFirst().headers().all("X-Amzn-Trace-Id")).containsExactly("Root=1-5f");
        assertThat(seen.getLast().headers().all("X-Amzn-Trace-Id")).containsExactly("Root=1-own");
        assertThat(seen.getLast().headers().all("TraceParent")).containsExactly("00-own");
    }

    /// The wake-up that goes on with an execution is traced by itself; the execution's steps stay in its own
    /// trace.
    @Test
    void aDurableExecutionStaysInTheTraceThatItBeganInAlsoInLaterInvocations(@TempDir Path definitions)
            throws IOException {
        Files.writeString(
                definitions.resolve("voyage.yaml"),
                "{pipeline: voyage, durable: true, steps: [see, {later: {retry: {attempts: 2, delay: 1ms}}}]}");
        host.functions().add("later", Object.class, Map.class, input -> {
            seen.add(Invocation.current());
            if (seen.size() == 2) {
                throw new Failure(Failure.Code.THROTTLED, "slow down").withRetryAfter(Duration.ofHours(1));
            }
            return Map.of();
        });
        LambdaEntryPoint entryPoint = host.entryPoint("voyage", null, DefinitionFolder.read(definitions));
        Host.invoke(entryPoint, Map.of(), TRACE.replace(";", ";Parent=53995c3f42cd8ad8;"));
        host.pass(Duration.ofHours(1));

        host.wakeUp(entryPoint);

        assertThat(seen)
                .extracting(invocation -> invocation.step() + " " + invocation.attempt())
                .containsExactly("see 1", "later 1", "later 2");
        assertThat(seen)
                .extracting(invocation -> invocation.headers().all("traceparent"))
                .containsOnly(List.of("00-5bef4de7ad49b0e87f6ef6c87fc2e700-53995c3f42cd8ad8-00"));
    }

    /// A second delivery differs in its receipt, its count and the invocation, and in nothing that names the
    /// work.
    @ParameterizedTest
    @CsvSource({
        "sqs, see:order-7",
        "sqs-redriven, see:order \uffff",
        "sns, see::sns:n-1",
        "s3, see::s3:harbour/charts/a.png/0055AED6DCD90281E5",
        "dynamodb, see::dynamodb:e-1",
        "eventbridge, see::event:ev-1",
        "schedule-rule, see::schedule:arn:aws:events:eu-west-1:1:rule/probe@2026-01-01T00:00:00Z",
        "scheduler, see::schedule:arn:aws:scheduler:eu-west-1:1:schedule/default/probe@2026-01-01T00:00:00Z"
    })
    void workKeepsItsKeyWhenItIsDeliveredAgain(String event, String id) {
        String text = new String(new Json().encode(Host.event(event)), StandardCharsets.UTF_8);
        String again = text.replace("\"receiptHandle\":\"r\"", "\"receiptHandle\":\"r-2\"")
                .replace("\"ApproximateReceiveCount\":\"1\"", "\"ApproximateReceiveCount\":\"2\"");

        Host.invoke(host.entryPoint("see", null), new Json().decode(text), TRACE);
        Host.invoke(host.entryPoint("see", null), new Json().decode(again), "Root=1-another");

        List<String> ids = seen.stream().map(Invocation::id).toList();
        assertThat(ids.getFirst()).isEqualTo(id);
        assertThat(ids.subList(ids.size() / 2, ids.size())).isEqualTo(ids.subList(0, ids.size() / 2));
    }

    /// A scheduled event fires under a new id when it is tried again.
    @ParameterizedTest
    @ValueSource(strings = {"schedule-rule", "scheduler"})
    void aScheduleKeepsItsKeyUnderANewId(String event) {
        Map<Object, Object> again = new LinkedHashMap<>(Host.event(event));
        again.put("id", "another");

        Host.invoke(host.entryPoint("see", null), Host.event(event));
        Host.invoke(host.entryPoint("see", null), again);

        assertThat(seen.getLast().id()).isEqualTo(seen.getFirst().id());
    }
}
