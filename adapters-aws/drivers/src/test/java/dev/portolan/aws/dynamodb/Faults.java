package dev.portolan.aws.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// The HTTP client that ships, with a wire that does to the next requests of one operation what a test says.
final class Faults implements SdkHttpClient {

    /// What becomes of a request.
    interface Fault {
        HttpExecuteResponse of(ExecutableHttpRequest request) throws IOException;
    }

    private final SdkHttpClient wire = UrlConnectionHttpClient.create();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final String operation;

    Faults(String operation, Fault... faults) {
        this.operation = operation;
        this.faults.addAll(List.of(faults));
    }

    /// DynamoDB refuses the request, or fails at it.
    static Fault refused(int status, String code) {
        return answered(
                status,
                "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code + "\",\"message\":\"secret payload\"}");
    }

    /// DynamoDB answers something of its own.
    static Fault answered(int status, String body) {
        return request -> HttpExecuteResponse.builder()
                .response(SdkHttpResponse.builder()
                        .statusCode(status)
                        .putHeader("x-amzn-RequestId", "REQUEST-7")
                        .putHeader("Content-Type", "application/x-amz-json-1.0")
                        .build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(UTF_8))))
                .build();
    }

    /// DynamoDB does what is asked, and its answer never arrives.
    static Fault lost() {
        return lostBefore(() -> {});
    }

    /// As [#lost]; something happens before anybody can try again.
    static Fault lostBefore(Runnable then) {
        return request -> {
            HttpExecuteResponse answer = request.call();
            if (answer.responseBody().isPresent()) {
                answer.responseBody().get().readAllBytes();
            }
            then.run();
            throw new IOException("the connection was reset");
        };
    }

    /// The request never arrives.
    static Fault unreached() {
        return request -> {
            throw new IOException("no route to host");
        };
    }

    /// Nothing comes back until the caller gives up.
    static Fault silent() {
        return request -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
            throw new IOException("interrupted");
        };
    }

    /// Something happens before the request arrives.
    static Fault after(Runnable first) {
        return request -> {
            first.run();
            return request.call();
        };
    }

    /// A client that speaks over this wire.
    DynamoDbClientBuilder client() {
        return LocalDynamoDb.client().httpClientBuilder(null).httpClient(this);
    }

    /// How many requests of the operation were made.
    int requests() {
        return requests.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest real = wire.prepareRequest(request);
        boolean meant = request.httpRequest()
                .firstMatchingHeader("X-Amz-Target")
                .orElseThrow()
                .endsWith("." + operation);
        if (!meant) {
            return real;
        }
        requests.incrementAndGet();
        Fault fault = faults.poll();
        return fault == null
                ? real
                : new ExecutableHttpRequest() {
                    @Override
                    public HttpExecuteResponse call() throws IOException {
                        return fault.of(real);
                    }

                    @Override
                    public void abort() {
                        real.abort();
                    }
                };
    }

    @Override
    public void close() {
        wire.close();
    }
}
