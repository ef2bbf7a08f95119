package dev.portolan.benchmarks;

import dev.portolan.aws.client.LightClients;
import dev.portolan.aws.dynamodb.DynamoDbStateStore;
import dev.portolan.aws.dynamodb.DynamoDbTable;
import dev.portolan.state.StateStore;
import java.net.URI;
import java.time.InstantSource;
import java.util.random.RandomGenerator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// A table of state at an endpoint, by the client that Portolan ships.
record StateTable(URI endpoint, String name) {

    /// Makes the table.
    static StateTable create(URI endpoint, String name) {
        StateTable table = new StateTable(endpoint, name);
        // Making a table takes seconds on a busy machine, and cannot be asked for twice.
        try (DynamoDbClient client = table.client()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(call -> call.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build()) {
            client.createTable(DynamoDbTable.create(name));
        }
        return table;
    }

    DynamoDbClientBuilder client() {
        return LightClients.light(DynamoDbClient.builder())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .endpointOverride(endpoint);
    }

    StateStore open() {
        return new DynamoDbStateStore(name, this::client, InstantSource.system(), RandomGenerator.getDefault());
    }
}
