package dev.portolan.aws.lambda;

import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Lets the first invocation find loaded what all invocations need.
final class WarmUp {

    private WarmUp() {}

    /// Answers an event with a pipeline that does nothing, watched and stored as the deployment's own is. The
    /// deployment's own functions are not called, and its store is not touched.
    static void with(String event, Deployment deployment) {
        Step step = new Step(
                "warm-up",
                Shape.Anything.IT,
                Shape.Anything.IT,
                value -> value,
                Retry.NONE,
                timeout(deployment.pipeline()),
                false);
        boolean durable = deployment.pipeline() != null && deployment.pipeline().durable();
        Pipeline pipeline = new Pipeline("warm-up", null, null, List.of(step), "", durable ? "{}" : null);
        Deployment stage = durable ? deployment.rehearsal() : deployment;
        new LambdaEntryPoint(stage.http(), pipeline, stage.executions(), null, stage.clock())
                .answer(
                        new Json().decode(event),
                        "warm-up",
                        deployment.clock().instant().plusSeconds(60),
                        Headers.NONE);
    }

    private static @Nullable Duration timeout(@Nullable Pipeline pipeline) {
        if (pipeline != null) {
            for (Step step : pipeline.steps()) {
                if (step.timeout() != null) {
                    return step.timeout();
                }
            }
        }
        return null;
    }
}
