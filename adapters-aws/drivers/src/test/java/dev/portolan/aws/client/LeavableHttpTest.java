package dev.portolan.aws.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/// Over connections that never let go, as the JDK's do while their cleaner reads from a slow endpoint.
@Timeout(30)
class LeavableHttpTest {

    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final LeavableHttp http = new LeavableHttp(new Clinging());

    @Test
    void anAnswerIsReadWhole() throws IOException {
        try (InputStream body = answer(http.prepareRequest(request()))) {
            assertThat(body.readNBytes(3)).containsExactly(' ', ' ', ' ');
            assertThat(body.read()).isEqualTo(' ');
        }
    }

    @Test
    void whoGivesUpAnAnswerWaitsForNobody() throws Exception {
        ExecutableHttpRequest request = http.prepareRequest(request());
        InputStream body = answer(request);

        request.abort();

        assertThatIOException().isThrownBy(body::read).withMessage("the answer was given up");
        assertThatIOException().isThrownBy(() -> body.read(new byte[9]));
        body.close();
        assertThat(closing.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static InputStream answer(ExecutableHttpRequest request) throws IOException {
        return request.call().responseBody().orElseThrow();
    }

    private static HttpExecuteRequest request() {
        return HttpExecuteRequest.builder()
                .request(SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(URI.create("http://127.0.0.1:9"))
                        .build())
                .build();
    }

    /// Answers blanks without end, and hangs when an answer is given up.
    private final class Clinging implements SdkHttpClient {

        @Override
        public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
            InputStream blanks = new InputStream() {
                @Override
                public int read() {
                    return ' ';
                }
            };
            return new ExecutableHttpRequest() {
                @Override
                public HttpExecuteResponse call() {
                    return HttpExecuteResponse.builder()
                            .response(SdkHttpResponse.builder().statusCode(200).build())
                            .responseBody(AbortableInputStream.create(blanks, this))
                            .build();
                }

                @Override
                public void abort() {
                    closing.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                }
            };
        }

        @Override
        public void close() {}
    }
}
