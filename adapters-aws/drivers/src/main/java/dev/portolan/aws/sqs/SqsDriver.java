package dev.portolan.aws.sqs;

import dev.portolan.deadletter.DeadLetters;
import dev.portolan.driver.Driver;
import dev.portolan.execution.Continuation;

/// Wake-ups and dead letters in a queue of SQS, `sqs:QUEUE_URL`: with the credentials and at the endpoint that
/// AWS's own tools would take.
public final class SqsDriver implements Driver {

    @Override
    public String scheme() {
        return "sqs";
    }

    @Override
    public Continuation continuation(String url, Host host) {
        return SqsContinuation.open(url);
    }

    @Override
    public DeadLetters deadLetters(String url, Host host) {
        return SqsDeadLetters.open(url);
    }
}
