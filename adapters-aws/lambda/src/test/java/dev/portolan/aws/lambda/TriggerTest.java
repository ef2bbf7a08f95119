package dev.portolan.aws.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import java.util.LinkedHashMap;
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alarmData",
                "invocationSchemaVersion",
                "getObjectContext",
                "invokingEvent",
                "CodePipeline.job",
                "raw_path",
                "methodArn",
                "routeArn"
            })
    void eventsThatBearAnotherServicesMarkAreRefused(String mark) {
        assertThatThrownBy(() -> Trigger.of(Map.of(mark, "x"))).hasMessageContaining("not understood");
    }

    @Test
    void anAuthorizersRequestIsNoRequest() {
        Map<Object, Object> event = new LinkedHashMap<>(Host.event("http-api"));
        event.put("type", "REQUEST");
        event.put("routeArn", "arn:aws:execute-api:eu-west-1:1:api/live/GET/");

        assertThatThrownBy(() -> Trigger.of(event)).hasMessageContaining("an authorizer's request is not understood");
    }

    @Test
    void aBareListOfRecordsIsRefused() {
        assertThatThrownBy(() -> Trigger.of(List.of(Map.of("eventSource", "aws:sqs", "body", "{}"))))
                .hasMessageContaining("a bare list of records is not understood");
    }

    @Test
    void whatIsLeftIsADirectInvocation() {
        assertThat(Trigger.of(Map.of("email", "a@example.com"))).isEqualTo(Trigger.DIRECT);
        assertThat(Trigger.of("text")).isEqualTo(Trigger.DIRECT);
        assertThat(Trigger.of(null)).isEqualTo(Trigger.DIRECT);
    }
}
