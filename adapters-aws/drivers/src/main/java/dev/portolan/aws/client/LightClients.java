package dev.portolan.aws.client;

import static software.amazon.awssdk.core.SdkSystemSetting.AWS_REGION;
import static software.amazon.awssdk.core.SdkSystemSetting.AWS_SECRET_ACCESS_KEY;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;

/// Clients that start fast and give up in time: over the JDK's own HTTP connections, which load the fewest
/// classes. Region, credentials and endpoint are where AWS's SDK looks for them.
public final class LightClients {

    /// All attempts of a call, and the pauses between them. A step's timeout should be longer.
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(8);

    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final int ATTEMPTS = 4;
    private static final Duration DELAY = Duration.ofMillis(25);
    private static final Duration THROTTLED_DELAY = Duration.ofMillis(100);
    private static final Duration CAP = Duration.ofSeconds(1);

    private LightClients() {}

    /// For calls that may be repeated: four attempts of three seconds each, within [#CALL_TIMEOUT].
    public static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B light(B builder) {
        return with(
                builder,
                ATTEMPT_TIMEOUT,
                AwsRetryStrategy.standardRetryStrategy().toBuilder()
                        .maxAttempts(ATTEMPTS)
                        .backoffStrategy(BackoffStrategy.exponentialDelay(DELAY, CAP))
                        .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(THROTTLED_DELAY, CAP))
                        .build());
    }

    /// For calls whose repetition would be a second effect: one attempt, which has all of [#CALL_TIMEOUT].
    public static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B once(B builder) {
        return with(builder, CALL_TIMEOUT, AwsRetryStrategy.doNotRetry());
    }

    private static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B with(
            B builder, Duration attempt, RetryStrategy retry) {
        findDirectly(builder);
        return builder.httpClientBuilder(defaults -> new LeavableHttp(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(attempt)
                        .buildWithDefaults(defaults)))
                .overrideConfiguration(call -> call.apiCallTimeout(CALL_TIMEOUT)
                        .apiCallAttemptTimeout(attempt)
                        .retryStrategy(retry));
    }

    /// Sets region and credentials where the environment has them, as on Lambda. AWS's search would find the same,
    /// but makes everybody who may be asked first, which is 60 classes of a cold start.
    private static void findDirectly(AwsClientBuilder<?, ?> builder) {
        AWS_REGION.getStringValue().map(Region::of).ifPresent(builder::region);
        boolean properties = System.getProperty(AWS_SECRET_ACCESS_KEY.property()) != null;
        if (!properties && System.getenv(AWS_SECRET_ACCESS_KEY.environmentVariable()) != null) {
            builder.credentialsProvider(EnvironmentVariableCredentialsProvider.create());
        }
    }
}
