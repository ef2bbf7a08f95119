package dev.portolan.aws.dynamodb;

import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// Clients of DynamoDB that start fast and give up in time.
public final class DynamoDbClients {

    /// All attempts of a call, and the pauses between them. A step's timeout should be longer.
    public static final Duration CALL_TIMEOUT = Duration.ofSeconds(8);

    static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(3);
    static final int ATTEMPTS = 4;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);
    private static final Duration DELAY = Duration.ofMillis(25);
    private static final Duration THROTTLED_DELAY = Duration.ofMillis(100);
    private static final Duration CAP = Duration.ofSeconds(1);

    private DynamoDbClients() {}

    /// A client over the JDK's own HTTP connections, which load the fewest classes.
    public static DynamoDbClientBuilder light(Region region, AwsCredentialsProvider credentials) {
        return DynamoDbClient.builder()
                .region(region)
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT_TIMEOUT)
                        .socketTimeout(ATTEMPT_TIMEOUT))
                .overrideConfiguration(call -> call.apiCallTimeout(CALL_TIMEOUT)
                        .apiCallAttemptTimeout(ATTEMPT_TIMEOUT)
                        .retryStrategy(AwsRetryStrategy.standardRetryStrategy().toBuilder()
                                .maxAttempts(ATTEMPTS)
                                .backoffStrategy(BackoffStrategy.exponentialDelay(DELAY, CAP))
                                .throttlingBackoffStrategy(BackoffStrategy.exponentialDelay(THROTTLED_DELAY, CAP))
                                .build()));
    }
}
