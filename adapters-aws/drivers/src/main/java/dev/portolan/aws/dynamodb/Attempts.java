package dev.portolan.aws.dynamodb;

import dev.portolan.failure.Failure.Effect;
import java.util.function.Consumer;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/// What became of one call's attempts, the SDK's own repetitions included: a write may have happened unless
/// each of them was refused.
final class Attempts {

    private static final ExecutionAttribute<Attempts> OF_CALL = new ExecutionAttribute<>("portolan.attempts");
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private int sent;
    private int refused;

    /// Counts the attempts of each call that carries [#watched].
    static final class Watch implements ExecutionInterceptor {

        @Override
        public void beforeTransmission(Context.BeforeTransmission context, ExecutionAttributes attributes) {
            attributes.getAttribute(OF_CALL).sent++;
        }

        @Override
        public void afterTransmission(Context.AfterTransmission context, ExecutionAttributes attributes) {
            int status = context.httpResponse().statusCode();
            if (status >= CLIENT_ERROR && status < SERVER_ERROR) {
                attributes.getAttribute(OF_CALL).refused++;
            }
        }
    }

    /// What a request must carry for its attempts to be counted here.
    Consumer<AwsRequestOverrideConfiguration.Builder> watched() {
        return request -> request.putExecutionAttribute(OF_CALL, this);
    }

    /// Whether anything left this process.
    boolean sent() {
        return sent > 0;
    }

    /// What a failed write left behind.
    Effect effect() {
        return sent > refused ? Effect.UNKNOWN : Effect.NONE;
    }
}
