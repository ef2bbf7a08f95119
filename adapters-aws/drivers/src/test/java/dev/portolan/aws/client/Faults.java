package dev.portolan.aws.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.core.client.builder.SdkSyncClientBuilder;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;

/// The HTTP client that ships, with a wire that does to the next requests of one operation what a test says.
public final class Faults implements SdkHttpClient {

    /// What becomes of a request.
    public interface Fault {
        /// Answers it, or not.
        HttpExecuteResponse of(ExecutableHttpRequest request) throws IOException;
    }

    private final SdkHttpClient wire = UrlConnectionHttpClient.create();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final AtomicInteger requests = new AtomicInteger();
    private final String operation;

    public Faults(String operation, Fault... faults) {
        this.operation = operation;
        this.faults.addAll(List.of(faults));
    }

    /// The service refuses the request, or fails at it.
    public static Fault refused(int status, String code) {
        return refused(status, code, "secret payload", Map.of());
    }

    /// As [#refused(int, String)], in words and with headers of its own. SES tells the code by a header, SQS by
    /// one of another form, and the others in the body.
    public static Fault refused(int status, String code, String said, Map<String, String> headers) {
        Map<String, String> all = new HashMap<>(headers);
        all.put("x-amzn-ErrorType", code);
        all.put("x-amzn-query-error", code + ";Sender");
        return answered(status, "{\"__type\":\"com.amazonaws#" + code + "\",\"message\":\"" + said + "\"}", all);
    }

    /// The service answers something of its own.
    public static Fault answered(int status, String body, Map<String, String> headers) {
        SdkHttpResponse.Builder response = SdkHttpResponse.builder()
                .statusCode(status)
                .putHeader("x-amzn-RequestId", "REQUEST-7")
                .putHeader("Content-Type", "application/x-amz-json-1.0");
        headers.forEach(response::putHeader);
        return request -> HttpExecuteResponse.builder()
                .response(response.build())
                .responseBody(AbortableInputStream.create(new ByteArrayInputStream(body.getBytes(UTF_8))))
                .build();
    }

    /// The service does what is asked, and its answer never arrives.
    public static Fault lost() {
        return lostBefore(() -> {});
    }

    /// As [#lost]; something happens before anybody can try again.
    public static Fault lostBefore(Runnable then) {
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
    public static Fault unreached() {
        return request -> {
            throw new IOException("no route to host");
        };
    }

    /// Nothing comes back until the caller gives up.
    public static Fault silent() {
        return request -> {
            while (!Thread.currentThread().isInterrupted()) {
                LockSupport.park();
            }
            throw new IOException("interrupted");
        };
    }

    /// Something happens before the request arrives.
    public static Fault after(Runnable first) {
        return request -> {
            first.run();
            return request.call();
        };
    }

    /// One fault for as many requests as come.
    public static Faults always(String operation, Fault fault) {
        return new Faults(operation, Collections.nCopies(1000, fault).toArray(Fault[]::new));
    }

    /// A client that speaks over this wire.
    public <C, B extends SdkSyncClientBuilder<B, C>> B under(B client) {
        return client.httpClientBuilder(null).httpClient(this);
    }

    /// How many requests of the operation were made.
    public int requests() {
        return requests.get();
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest real = wire.prepareRequest(request);
        if (!meant(request.httpRequest())) {
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

    /// SES alone tells its operations by paths.
    private boolean meant(SdkHttpRequest request) {
        return request.firstMatchingHeader("X-Amz-Target")
                .map(target -> target.endsWith("." + operation))
                .orElseGet(() ->
                        operation.equals("SendEmail") && request.encodedPath().endsWith("/v2/email/outbound-emails"));
    }

    @Override
    public void close() {
        wire.close();
    }
}
