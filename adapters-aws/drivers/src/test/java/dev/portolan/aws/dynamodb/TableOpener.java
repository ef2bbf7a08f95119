package dev.portolan.aws.dynamodb;

import dev.portolan.aws.client.LightClients;
import dev.portolan.proofs.StoreOpener;
import dev.portolan.state.StateStore;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// Tables of emulators. One is opened by its URL: the emulator's with the table's name behind it.
final class TableOpener implements StoreOpener {

    private static final AtomicInteger TABLES = new AtomicInteger();

    @Override
    public StateStore open(String address, InstantSource clock) {
        URI url = URI.create(address);
        return new DynamoDbStateStore(
                url.getPath().substring(1), () -> client(url.resolve("/")), clock, new SecureRandom());
    }

    /// A client as it is shipped, except for where it goes.
    static DynamoDbClientBuilder client(URI emulator) {
        return LightClients.light(DynamoDbClient.builder())
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .endpointOverride(emulator);
    }

    /// A fresh table's name.
    static String table(URI emulator) {
        String table = "state-" + TABLES.incrementAndGet();
        // Making a table takes seconds on a busy machine, and cannot be asked for twice.
        try (DynamoDbClient client = client(emulator)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(call -> call.retryStrategy(AwsRetryStrategy.doNotRetry()))
                .build()) {
            client.createTable(DynamoDbTable.create(table));
            client.updateTimeToLive(DynamoDbTable.timeToLive(table));
        }
        return table;
    }
}
