package dev.portolan.aws.lambda;

import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import dev.portolan.failure.Failure;
import dev.portolan.json.ForeignShape;
import dev.portolan.json.ForeignTypes;
import dev.portolan.json.Json;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The classes of `aws-lambda-java-events` as inputs of functions: the whole event of a trigger, or one of its records.
///
/// They are decoded by AWS's own `aws-lambda-java-serialization`, from the class loader of the events' classes: nothing
/// of it is loaded before a function takes one.
public final class AwsEvents implements ForeignTypes {

    private static final String PACKAGE = "com.amazonaws.services.lambda.runtime.events.";

    /// Who sends what, by the class's name within its package.
    private static final Map<String, Trigger> SENDERS = Map.of(
            "SQSEvent$SQSMessage", Trigger.SQS,
            "SNSEvent$SNSRecord", Trigger.SNS,
            "models.s3.S3EventNotification$S3EventNotificationRecord", Trigger.S3,
            "DynamodbEvent$DynamodbStreamRecord", Trigger.DYNAMODB,
            "ScheduledEvent", Trigger.EVENTBRIDGE,
            "APIGatewayV2HTTPEvent", Trigger.HTTP_API,
            "APIGatewayProxyRequestEvent", Trigger.REST_API,
            "ApplicationLoadBalancerRequestEvent", Trigger.ALB);

    private static final String DECODER =
            "com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers";

    private static final Json JSON = new Json();

    private static final ClassValue<PojoSerializer<?>> SERIALIZERS = new ClassValue<>() {
        @Override
        protected PojoSerializer<?> computeValue(Class<?> type) {
            return LambdaEventSerializers.serializerFor(type, type.getClassLoader());
        }
    };

    @Override
    public Optional<ForeignShape> find(Class<?> type) {
        if (!type.getName().startsWith(PACKAGE)) {
            return Optional.empty();
        }
        if (sender(type) == null) {
            for (Class<?> record : type.getClasses()) {
                if (sender(record) != null) {
                    throw new IllegalArgumentException(type.getName()
                            + " is a whole batch, and records are decoded one by one; take " + noun(record));
                }
            }
            throw new IllegalArgumentException(type.getName() + " is nothing that a function can take; take one of an"
                    + " event's records (SQSEvent.SQSMessage), a record of your own or Map<String, Object>");
        }
        try {
            Class.forName(DECODER, false, AwsEvents.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(
                    type.getName() + " needs AWS's decoder; add com.amazonaws:aws-lambda-java-serialization", e);
        }
        return Optional.of(new ForeignShape(type, noun(type), object -> decoded(type, object)));
    }

    private static @Nullable Trigger sender(Class<?> type) {
        return SENDERS.get(type.getName().replace(PACKAGE, ""));
    }

    /// Refuses a trigger whose events are of another class than the function takes.
    ///
    /// @throws Failure `UNSUPPORTED`; no record is touched
    static void refuseOther(@Nullable Trigger trigger, Class<?> type) {
        Trigger sender = sender(type);
        if (sender != (trigger == Trigger.SCHEDULER ? Trigger.EVENTBRIDGE : trigger)) {
            throw new Failure(
                    Failure.Code.UNSUPPORTED,
                    "the pipeline takes " + noun(type) + ", as " + sender + " sends it, and something else came;"
                            + " connect that trigger alone, or let the function take a record of its own");
        }
    }

    private static Object decoded(Class<?> type, Map<?, ?> object) {
        Class<?> batch = type.getDeclaringClass();
        Object event = batch == null ? object : Map.of("Records", List.of(object));
        refuseOther(trigger(event), type);
        try {
            // The serializers are made for whole events: a record is decoded as the only one of its batch.
            Object decoded = SERIALIZERS
                    .get(batch == null ? type : batch)
                    .fromJson(new ByteArrayInputStream(JSON.encode(event)));
            return batch == null
                    ? decoded
                    : ((List<?>) batch.getMethod("getRecords").invoke(decoded)).getFirst();
        } catch (RuntimeException | ReflectiveOperationException e) {
            // What went wrong quotes the event.
            throw new Failure(Failure.Code.INVALID, "this is not " + noun(type) + " as AWS sends it");
        }
    }

    private static @Nullable Trigger trigger(Object event) {
        try {
            return Trigger.of(event);
        } catch (Failure unknown) {
            return null;
        }
    }

    private static String noun(Class<?> type) {
        Class<?> batch = type.getDeclaringClass();
        return "AWS's " + (batch == null ? "" : batch.getSimpleName() + ".") + type.getSimpleName();
    }
}
