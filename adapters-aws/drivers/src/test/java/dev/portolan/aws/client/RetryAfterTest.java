package dev.portolan.aws.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.sun.net.httpserver.HttpServer;
import dev.portolan.aws.client.Resource.Service;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// Over HTTP, what a service, or a proxy before it, may say of when to come back.
@Timeout(60)
class RetryAfterTest {

    private final AtomicInteger requests = new AtomicInteger();
    private final HttpServer server;
    private String retryAfter = "";

    RetryAfterTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            requests.incrementAndGet();
            exchange.getRequestBody().readAllBytes();
            byte[] body = "{\"__type\":\"com.amazonaws#ServiceUnavailable\"}".getBytes(UTF_8);
            exchange.getResponseHeaders().add("Retry-After", retryAfter);
            exchange.sendResponseHeaders(503, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-1",
                "-2147483648",
                "-99999999999",
                "--1",
                "0",
                "+0",
                "-0",
                "",
                "soon",
                "99999999999",
                "1e3",
                "NaN"
            })
    void whatIsNoTimeIsPassedOver(String said) {
        retryAfter = said;

        Failure failure = failure(patient(LightClients.light(DynamoDbClient.builder())));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.providerCode()).isEqualTo("ServiceUnavailable");
        assertThat(failure.retryAfter()).isIn(null, Duration.ZERO);
        assertThat(requests).as("it is tried again as if nothing was said").hasValue(4);
    }

    @Test
    void aCallThatIsNotRepeatedFailsAsTheServiceSaid() {
        retryAfter = "-1";

        Failure failure = failure(patient(LightClients.once(DynamoDbClient.builder())));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(requests).hasValue(1);
    }

    @Test
    void longAfterTheCallsTimeIsAFailureToo() {
        retryAfter = String.valueOf(Integer.MAX_VALUE);

        Failure failure = failure(LightClients.light(DynamoDbClient.builder()));

        assertThat(failure.retryable()).isTrue();
    }

    /// The machine may be busy.
    private static DynamoDbClientBuilder patient(DynamoDbClientBuilder client) {
        Duration patience = Duration.ofSeconds(50);
        return client.httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(patience)
                        .socketTimeout(patience))
                .overrideConfiguration(client.overrideConfiguration().toBuilder()
                        .apiCallTimeout(patience)
                        .apiCallAttemptTimeout(patience)
                        .build());
    }

    private Failure failure(DynamoDbClientBuilder client) {
        URI here = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
        try (Calls<DynamoDbClient> calls = new Calls<>(
                new Resource(Service.DYNAMODB, "table", "orders"),
                () -> client.region(Region.EU_CENTRAL_1)
                        .endpointOverride(here)
                        .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b"))))) {
            Throwable thrown = catchThrowable(() -> calls.write(
                    (made, attempts) -> made.listTables(list -> list.overrideConfiguration(attempts.watched()))));
            assertThat(thrown).isInstanceOf(Failure.class);
            return (Failure) thrown;
        }
    }
}
