package dev.portolan.aws.client;

import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/// Which operations were called: `sqs.SendMessage`.
public final class Recorded implements ExecutionInterceptor {

    private final Set<String> operations = new TreeSet<>();

    /// Records what a client calls.
    public <B extends SdkClientBuilder<B, C>, C> B by(B client) {
        return client.overrideConfiguration(client.overrideConfiguration().toBuilder()
                .addExecutionInterceptor(this)
                .build());
    }

    public Set<String> operations() {
        return operations;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String service = context.request()
                .getClass()
                .getPackageName()
                .replace("software.amazon.awssdk.services.", "")
                .replace(".model", "");
        operations.add(service + "." + attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
    }
}
