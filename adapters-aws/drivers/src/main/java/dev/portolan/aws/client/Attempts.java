package dev.portolan.aws.client;

import dev.portolan.failure.Failure.Effect;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.http.SdkHttpResponse;

/// What became of one call's attempts, the SDK's own repetitions included: a write may have happened unless
/// each of them was refused, or reached nobody.
public final class Attempts {

    private static final ExecutionAttribute<Attempts> OF_CALL = new ExecutionAttribute<>("portolan.attempts");
    private static final String RETRY_AFTER = "Retry-After";
    private static final int CLIENT_ERROR = 400;
    private static final int SERVER_ERROR = 500;

    private String operation = "";
    private int sent;
    private int refused;

    /// Counts the attempts of each call that carries [#watched], and takes from their answers what the SDK
    /// cannot read.
    static final class Watch implements ExecutionInterceptor {

        @Override
        public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
            String name = attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME);
            attributes.getAttribute(OF_CALL).operation = name == null ? "" : name;
        }

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

        /// The SDK takes a negative time to come back for a mistake of its caller.
        @Override
        public SdkHttpResponse modifyHttpResponse(Context.ModifyHttpResponse context, ExecutionAttributes attributes) {
            SdkHttpResponse answer = context.httpResponse();
            return answer.firstMatchingHeader(RETRY_AFTER).orElse("").startsWith("-")
                    ? answer.toBuilder().removeHeader(RETRY_AFTER).build()
                    : answer;
        }
    }

    /// What a request must carry for its attempts to be counted here.
    public Consumer<AwsRequestOverrideConfiguration.Builder> watched() {
        return request -> request.putExecutionAttribute(OF_CALL, this);
    }

    /// What a write that has failed so far left behind.
    public Effect effect() {
        return sent > refused ? Effect.UNKNOWN : Effect.NONE;
    }

    /// What a write left behind whose last attempt ended so.
    Effect effect(Throwable end) {
        int unreached = unreached(end) ? 1 : 0;
        return sent > refused + unreached ? Effect.UNKNOWN : Effect.NONE;
    }

    /// Whether anything left this process.
    boolean sent() {
        return sent > 0;
    }

    /// What the SDK calls the operation; empty before it was begun.
    String operation() {
        return operation;
    }

    /// Whether no connection was made, so that no request can have arrived.
    private static boolean unreached(Throwable end) {
        for (@Nullable Throwable cause = end; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof NoRouteToHostException
                    || cause instanceof UnknownHostException
                    || cause instanceof SSLHandshakeException
                    || (cause instanceof SocketTimeoutException && "Connect timed out".equals(cause.getMessage()))) {
                return true;
            }
        }
        return false;
    }
}
