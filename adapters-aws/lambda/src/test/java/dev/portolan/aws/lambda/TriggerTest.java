package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TriggerTest {

    @ParameterizedTest
    @CsvSource({
        "alb, ALB",
        "alb-multi, ALB",
        "http-api, HTTP_API",
        "function-url, HTTP_API",
        "rest-api, REST_API",
        "sqs, SQS",
        "sns, SNS",
        "s3, S3",
        "dynamodb, DYNAMODB",
        "scheduler, SCHEDULER",
        "schedule-rule, EVENTBRIDGE",
        "eventbridge, EVENTBRIDGE"
    })
    void everyShapeIsTold(String event, Trigger trigger) {
        assertThat(Trigger.of(Host.event(event))).isEqualTo(trigger);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kinesis", "kafka", "cognito", "logs", "firehose", "websocket"})
    void otherServicesEventsAreRefusedWithTheRemedy(String event) {
        assertThatThrownBy(() -> Trigger.of(Host.event(event)))
                .isInstanceOfSatisfying(
                        Failure.class, failure -> assertThat(failure.code()).isEqualTo(Failure.Code.UNSUPPORTED))
                .hasMessageContaining(" not understood; connect the source through");
    }

    @Test
    void recordsThatNameNoSourceAreRefused() {
        assertThatThrownBy(() -> Trigger.of(Map.of("Records", List.of(Map.of("a", 1)))))
                .hasMessageContaining("records that name no source");
    }

    @Test
    void whatIsLeftIsADirectInvocation() {
        assertThat(Trigger.of(Map.of("email", "a@example.com"))).isEqualTo(Trigger.DIRECT);
        assertThat(Trigger.of("text")).isEqualTo(Trigger.DIRECT);
        assertThat(Trigger.of(null)).isEqualTo(Trigger.DIRECT);
    }
}
