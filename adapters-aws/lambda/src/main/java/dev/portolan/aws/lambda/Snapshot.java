package dev.portolan.aws.lambda;

import java.util.List;
import org.crac.Context;
import org.crac.Core;
import org.crac.Resource;

/// What happens around a snapshot of SnapStart: before it the code of every kind of event, and of a failure, is run
/// once, so that restored environments find it loaded; after it what must not be shared is made anew. Hooks of CRaC,
/// which Lambda's
/// runtime calls: AWS Lambda Developer Guide, "Lambda SnapStart runtime hooks for Java".
final class Snapshot implements Resource {

    private static final List<String> EVENTS = List.of("""
            {"version":"2.0","rawPath":"/","rawQueryString":"a=b","cookies":["a=b"],
             "headers":{"content-type":"application/json","idempotency-key":"warm-up"},
             "requestContext":{"http":{"method":"POST"}},"body":"{}","isBase64Encoded":false}
            """, """
            {"version":"2.0","headers":{"content-type":"application/json"},
             "requestContext":{"http":{"method":"POST"}},"body":"not JSON"}
            """, """
            {"Records":[{"eventSource":"aws:sqs","messageId":"warm-up","body":"{}",
             "attributes":{"SentTimestamp":"0"},"eventSourceARN":"arn:aws:sqs:::warm-up"}]}
            """, """
            {"id":"warm-up","detail-type":"Scheduled Event","source":"aws.events","time":"2026-01-31T12:00:00Z",
             "resources":["arn:aws:events:::rule/warm-up"],"detail":{}}
            """);

    private final Deployment deployment;

    private Snapshot(Deployment deployment) {
        this.deployment = deployment;
    }

    /// Hooks that the runtime calls for as long as somebody keeps them: it does not.
    static Snapshot of(Deployment deployment) {
        Snapshot snapshot = new Snapshot(deployment);
        Core.getGlobalContext().register(snapshot);
        return snapshot;
    }

    @Override
    public void beforeCheckpoint(Context<? extends Resource> context) {
        EVENTS.forEach(event -> WarmUp.with(event, deployment));
    }

    @Override
    public void afterRestore(Context<? extends Resource> context) {
        deployment.restored();
    }
}
