package dev.portolan.aws.spring;

import com.amazonaws.services.lambda.runtime.events.APIGatewayProxyRequestEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2HTTPEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.ApplicationLoadBalancerRequestEvent;
import com.amazonaws.services.lambda.runtime.events.CloudWatchLogsEvent;
import com.amazonaws.services.lambda.runtime.events.CognitoUserPoolPreSignUpEvent;
import com.amazonaws.services.lambda.runtime.events.DynamodbEvent;
import com.amazonaws.services.lambda.runtime.events.KafkaEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisEvent;
import com.amazonaws.services.lambda.runtime.events.KinesisFirehoseEvent;
import com.amazonaws.services.lambda.runtime.events.S3Event;
import com.amazonaws.services.lambda.runtime.events.SNSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Functions over the event types of `aws-lambda-java-events`, the stock adapter's documented way to whole events. Each
/// records the payloads that it finds in the event, as text.
@Configuration(proxyBeanMethods = false)
public class EventTypes {

    private static <E> Function<E, String> recording(Function<E, List<String>> payloads) {
        return event -> {
            Received.add(payloads.apply(event));
            return "done";
        };
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    @Bean
    public Function<APIGatewayV2HTTPEvent, String> http() {
        return recording(event -> List.of(event.getBody()));
    }

    @Bean
    public Function<APIGatewayProxyRequestEvent, String> rest() {
        return recording(event -> List.of(event.getBody()));
    }

    @Bean
    public Function<ApplicationLoadBalancerRequestEvent, String> alb() {
        return recording(event -> List.of(event.getBody()));
    }

    @Bean
    public Function<APIGatewayV2WebSocketEvent, String> websocket() {
        return recording(event -> List.of(event.getRequestContext().getConnectionId()));
    }

    @Bean
    public Function<SQSEvent, String> sqs() {
        return recording(event ->
                event.getRecords().stream().map(SQSEvent.SQSMessage::getBody).toList());
    }

    @Bean
    public Function<SNSEvent, String> sns() {
        return recording(event -> event.getRecords().stream()
                .map(record -> record.getSNS().getMessage())
                .toList());
    }

    @Bean
    public Function<S3Event, String> s3() {
        return recording(event -> event.getRecords().stream()
                .map(record -> record.getS3().getObject().getKey())
                .toList());
    }

    @Bean
    public Function<DynamodbEvent, String> dynamodb() {
        return recording(event -> event.getRecords().stream()
                .map(record -> record.getDynamodb().getSequenceNumber())
                .toList());
    }

    @Bean
    public Function<ScheduledEvent, String> bus() {
        return recording(event -> List.of(String.valueOf(event.getDetail())));
    }

    @Bean
    public Function<KinesisEvent, String> kinesis() {
        return recording(event -> event.getRecords().stream()
                .map(record -> text(record.getKinesis().getData()))
                .toList());
    }

    @Bean
    public Function<KinesisFirehoseEvent, String> firehose() {
        return recording(event -> event.getRecords().stream()
                .map(record -> text(record.getData()))
                .toList());
    }

    @Bean
    public Function<KafkaEvent, String> kafka() {
        return recording(event -> event.getRecords().values().stream()
                .flatMap(Collection::stream)
                .map(KafkaEvent.KafkaEventRecord::getValue)
                .toList());
    }

    @Bean
    public Function<CognitoUserPoolPreSignUpEvent, String> cognito() {
        return recording(event -> List.of(event.getTriggerSource()));
    }

    @Bean
    public Function<CloudWatchLogsEvent, String> logs() {
        return recording(event -> List.of(event.getAwsLogs().getData()));
    }
}
