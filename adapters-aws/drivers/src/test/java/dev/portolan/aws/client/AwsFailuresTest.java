package dev.portolan.aws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Resource.Service;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.failure.Failure.Scope;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sesv2.SesV2Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.ssm.SsmClient;

/// What each service's errors become, by the table `failures.csv`.
class AwsFailuresTest {

    private static final Resource TABLE = new Resource(Service.DYNAMODB, "table", "orders");

    @ParameterizedTest
    @CsvFileSource(resources = "failures.csv", numLinesToSkip = 1)
    void whatAServiceSaysBecomesAFailure(
            Service service,
            int status,
            String provider,
            String said,
            Code code,
            Scope scope,
            Effect effect,
            String detail) {
        Failure failure =
                failure(service, Faults.refused(status, provider, said == null ? "secret payload" : said, Map.of()));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.scope()).isEqualTo(scope);
        assertThat(failure.effect()).isEqualTo(effect);
        assertThat(failure.providerCode()).isEqualTo(provider);
        assertThat(failure.requestId()).isEqualTo("REQUEST-7");
        assertThat(failure.retryAfter()).isEqualTo(code == Code.THROTTLED ? Duration.ofSeconds(2) : null);
        assertThat(failure.detail()).contains(detail).doesNotContain("secret payload", "arn:", "{");
    }

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, 7, 7",
        "503, ServiceUnavailable, 30, 30",
        "400, ThrottlingException, 'Wed, 21 Oct 2026 07:28:00 GMT', 2",
        "400, ThrottlingException, 999999999, 3600",
        "400, ThrottlingException, 99999999999, 2",
        "400, ThrottlingException, ٧, 2",
        "400, AccessDeniedException, 7,"
    })
    void aServiceSaysWhenToComeBack(int status, String provider, String header, Integer seconds) {
        Failure failure =
                failure(Service.DYNAMODB, Faults.refused(status, provider, "", Map.of("Retry-After", header)));

        assertThat(failure.retryAfter()).isEqualTo(seconds == null ? null : Duration.ofSeconds(seconds));
    }

    static Stream<Arguments> ends() {
        return Stream.of(
                Arguments.of(new ConnectException("Connection refused"), Effect.NONE),
                Arguments.of(new UnknownHostException("sqs.example"), Effect.NONE),
                Arguments.of(new NoRouteToHostException("No route to host"), Effect.NONE),
                Arguments.of(new SocketTimeoutException("Connect timed out"), Effect.NONE),
                Arguments.of(new SSLHandshakeException("certificate expired"), Effect.NONE),
                Arguments.of(new SocketTimeoutException("Read timed out"), Effect.UNKNOWN),
                Arguments.of(new SocketException("Connection reset"), Effect.UNKNOWN),
                Arguments.of(new EOFException(), Effect.UNKNOWN));
    }

    @ParameterizedTest
    @MethodSource("ends")
    void whatReachedNobodyLeftNothingBehind(IOException end, Effect effect) {
        Failure failure = failure(Service.SQS, request -> {
            throw end;
        });

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(effect);
        assertThat(failure.detail()).isEqualTo("SQS could not be reached for the queue wake");
    }

    @Test
    void aLaterAttemptThatReachesNobodyDoesNotTakeBackAnEarlierOne() {
        Faults faults =
                new Faults("PutItem", Faults.refused(500, "InternalServerError"), refused(), refused(), refused());

        Failure failure = write(
                TABLE,
                () -> faults.under(light(DynamoDbClient.builder())),
                (client, attempts) -> client.putItem(
                        put -> put.tableName("orders").item(Map.of()).overrideConfiguration(attempts.watched())));

        assertThat(faults.requests()).isEqualTo(4);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    private static Faults.Fault refused() {
        return request -> {
            throw new ConnectException("Connection refused");
        };
    }

    @Test
    void withoutARegionNoClientIsMade() {
        Failure failure = write(
                TABLE,
                () -> {
                    throw SdkClientException.create("Unable to load region from any of the providers in the chain");
                },
                (DynamoDbClient client, Attempts attempts) -> "");

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains("set AWS_REGION");
    }

    private static Failure failure(Service service, Faults.Fault fault) {
        return switch (service) {
            case DYNAMODB ->
                write(
                        TABLE,
                        () -> over("PutItem", fault, DynamoDbClient.builder()),
                        (client, attempts) -> client.putItem(put ->
                                put.tableName("orders").item(Map.of()).overrideConfiguration(attempts.watched())));
            case SQS ->
                write(
                        new Resource(service, "queue", "wake"),
                        () -> over("SendMessage", fault, SqsClient.builder()),
                        (client, attempts) -> client.sendMessage(message -> message.queueUrl("http://127.0.0.1/1/wake")
                                .messageBody("x")
                                .overrideConfiguration(attempts.watched())));
            case SES ->
                write(
                        new Resource(service, "sender", "ada@example.com"),
                        () -> over("SendEmail", fault, SesV2Client.builder()),
                        (client, attempts) -> client.sendEmail(mail -> mail.overrideConfiguration(attempts.watched())));
            case SECRETS_MANAGER ->
                read(
                        new Resource(service, "secret", "probe-token"),
                        () -> over("GetSecretValue", fault, SecretsManagerClient.builder()),
                        (client, attempts) -> client.getSecretValue(
                                get -> get.secretId("probe-token").overrideConfiguration(attempts.watched())));
            case PARAMETER_STORE ->
                read(
                        new Resource(service, "parameter", "probe-token"),
                        () -> over("GetParameter", fault, SsmClient.builder()),
                        (client, attempts) -> client.getParameter(
                                get -> get.name("probe-token").overrideConfiguration(attempts.watched())));
        };
    }

    private static <C extends SdkClient> Failure write(
            Resource resource, Supplier<? extends SdkClientBuilder<?, C>> maker, Calls.Call<C, ?> call) {
        try (Calls<C> calls = new Calls<>(resource, maker)) {
            return catchThrowableOfType(Failure.class, () -> calls.write(call));
        }
    }

    private static <C extends SdkClient> Failure read(
            Resource resource, Supplier<? extends SdkClientBuilder<?, C>> maker, Calls.Call<C, ?> call) {
        try (Calls<C> calls = new Calls<>(resource, maker)) {
            return catchThrowableOfType(Failure.class, () -> calls.read(call));
        }
    }

    private static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B over(
            String operation, Faults.Fault fault, B builder) {
        return new Faults(operation, fault).under(nowhere(LightClients.once(builder)));
    }

    private static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B light(B builder) {
        return nowhere(LightClients.light(builder));
    }

    private static <C, B extends AwsClientBuilder<B, C>> B nowhere(B builder) {
        return builder.region(Region.EU_CENTRAL_1)
                .endpointOverride(URI.create("http://127.0.0.1:9"))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b")));
    }
}
