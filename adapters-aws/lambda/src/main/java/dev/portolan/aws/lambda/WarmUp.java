package dev.portolan.aws.lambda;

import dev.portolan.composer.Pipeline;
import dev.portolan.composer.Step;
import dev.portolan.failure.Retry;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import dev.portolan.json.Shape;
import java.util.List;

/// Lets the first invocation find loaded what all invocations need.
final class WarmUp {

    private WarmUp() {}

    /// Answers an event with a pipeline that does nothing. The deployment's own functions are not called.
    static void with(String event, Deployment deployment) {
        Step step = new Step("warm-up", Shape.Anything.IT, Shape.Anything.IT, value -> value, Retry.NONE, null, false);
        Pipeline pipeline = new Pipeline("warm-up", null, null, List.of(step), "");
        new LambdaEntryPoint(deployment.http(), pipeline, deployment.runner(), null, deployment.clock())
                .answer(
                        new Json().decode(event),
                        "warm-up",
                        deployment.clock().instant().plusSeconds(60),
                        Headers.NONE);
    }
}
