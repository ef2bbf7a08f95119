package dev.portolan.aws.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/// HTTP whose answers can be left in the midst, whatever the other side does.
///
/// The JDK's connections cannot: who closes one waits for whoever reads from it, its own cleaner too, and an
/// endpoint that sends a byte now and then keeps that one reading. The SDK's timer would wait there, and the
/// caller for the timer. So what is given up is closed by a thread of its own, and its reader stops at the
/// next byte.
final class LeavableHttp implements SdkHttpClient {

    private final SdkHttpClient http;

    LeavableHttp(SdkHttpClient http) {
        this.http = http;
    }

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        return new Exchange(http.prepareRequest(request));
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
    }

    private static final class Exchange implements ExecutableHttpRequest {

        private final ExecutableHttpRequest request;
        private volatile boolean left;

        Exchange(ExecutableHttpRequest request) {
            this.request = request;
        }

        @Override
        public HttpExecuteResponse call() throws IOException {
            HttpExecuteResponse answer = request.call();
            return answer.responseBody()
                    .map(body -> HttpExecuteResponse.builder()
                            .response(answer.httpResponse())
                            .responseBody(AbortableInputStream.create(new Body(body), this))
                            .build())
                    .orElse(answer);
        }

        @Override
        public void abort() {
            if (!left) {
                left = true;
                Thread.ofVirtual().start(request::abort);
            }
        }

        private final class Body extends FilterInputStream {

            Body(InputStream body) {
                super(body);
            }

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                if (left) {
                    throw new IOException("the answer was given up");
                }
                return super.read(bytes, from, length);
            }

            /// What was given up is closed by whoever gave it up.
            @Override
            public void close() throws IOException {
                if (!left) {
                    super.close();
                }
            }
        }
    }
}
