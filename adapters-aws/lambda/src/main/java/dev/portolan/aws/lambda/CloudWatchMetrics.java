package dev.portolan.aws.lambda;

import dev.portolan.composer.Outcome;
import dev.portolan.composer.Pipeline;
import dev.portolan.execution.Execution.Status;
import dev.portolan.execution.Observer;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts what fails, as lines that CloudWatch takes metrics from: `AWS/Lambda Errors` counts neither answers
/// of HTTP nor failed items of a batch.
///
/// `Failed` counts runs that failed, and work that could not even begin; `Stuck` executions that rest where
/// they failed; `Refused` what is its sender's affair (bad input, a key in use). Each for all of them, by
/// pipeline, and by pipeline and code. What succeeds, waits or was over already leaves no line.
///
/// Format: Amazon CloudWatch User Guide, "Specification: Embedded metric format".
///
/// @param namespace of the metrics, as `Portolan/my-stack`
record CloudWatchMetrics(String namespace, PrintStream out, InstantSource clock) implements Observer {

    @Override
    public Run begun(Pipeline pipeline, String id, Headers headers, Instant started) {
        return new Run() {
            @Override
            public void ended(Outcome outcome, Status status) {
                if (outcome instanceof Outcome.Failed failed) {
                    count(
                            status == Status.STUCK ? "Stuck" : counted(failed.failure()),
                            pipeline,
                            failed.failure().code());
                }
            }
        };
    }

    @Override
    public void refused(Pipeline pipeline, String id, Failure failure) {
        count(counted(failure), pipeline, failure.code());
    }

    private static String counted(Failure failure) {
        return switch (failure.code()) {
            case INVALID, NOT_FOUND, CONFLICT, KEY_REUSED, UNSUPPORTED -> "Refused";
            default -> "Failed";
        };
    }

    private void count(String metric, Pipeline pipeline, Code code) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put(
                "_aws",
                Map.of(
                        "Timestamp",
                        clock.millis(),
                        "CloudWatchMetrics",
                        List.of(Map.of(
                                "Namespace",
                                namespace,
                                "Dimensions",
                                List.of(List.of(), List.of("pipeline"), List.of("pipeline", "code")),
                                "Metrics",
                                List.of(Map.of("Name", metric, "Unit", "Count"))))));
        line.put("pipeline", pipeline.name());
        line.put("code", code.name());
        line.put(metric, 1);
        byte[] json = new Json().encode(line);
        byte[] whole = Arrays.copyOf(json, json.length + 1);
        whole[json.length] = '\n';
        out.write(whole, 0, whole.length);
        out.flush();
    }
}
