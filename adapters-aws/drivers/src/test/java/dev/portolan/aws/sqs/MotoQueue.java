package dev.portolan.aws.sqs;

import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.client.OnMoto;
import dev.portolan.testing.Moto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.SqsClientBuilder;
import software.amazon.awssdk.services.sqs.model.Message;

/// A fresh queue in moto, as its reader sees it.
final class MotoQueue implements AutoCloseable {

    private final SqsClient reader = client().build();
    private final String url =
            reader.createQueue(create -> create.queueName(Moto.name("queue"))).queueUrl();

    static SqsClientBuilder client() {
        return OnMoto.at(LightClients.light(SqsClient.builder()));
    }

    String url() {
        return url;
    }

    /// What can be received now, which is deleted; waits until there are so many.
    List<Message> receive(int least) throws InterruptedException {
        List<Message> all = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        do {
            List<Message> some = reader.receiveMessage(receive -> receive.queueUrl(url)
                            .maxNumberOfMessages(10)
                            .waitTimeSeconds(0)
                            .messageAttributeNames("All"))
                    .messages();
            for (Message message : some) {
                reader.deleteMessage(delete -> delete.queueUrl(url).receiptHandle(message.receiptHandle()));
            }
            all.addAll(some);
            if (some.isEmpty() && all.size() < least) {
                Thread.sleep(50);
            } else if (some.isEmpty()) {
                return all;
            }
        } while (System.nanoTime() < end);
        return all;
    }

    @Override
    public void close() {
        reader.close();
    }
}
