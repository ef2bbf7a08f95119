package dev.portolan.aws.client;

import dev.portolan.testing.Moto;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;

/// Clients that speak to moto.
public final class OnMoto {

    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private OnMoto() {}

    /// A client as it is shipped, except for where it goes, and that it is patient: the machine may be busy.
    public static <C, B extends AwsClientBuilder<B, C> & AwsSyncClientBuilder<B, C>> B at(B client) {
        return client.httpClientBuilder(UrlConnectionHttpClient.builder().socketTimeout(PATIENCE))
                .overrideConfiguration(client.overrideConfiguration().toBuilder()
                        .apiCallTimeout(PATIENCE)
                        .apiCallAttemptTimeout(PATIENCE)
                        .build())
                .region(Region.of(Moto.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("moto", "moto")))
                .endpointOverride(Moto.server().address());
    }
}
