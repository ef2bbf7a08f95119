package dev.portolan.http;

import dev.portolan.composer.Problem;
import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.json.Json;
import java.time.Duration;

/// The answer to a request.
///
/// @param body empty where there is none
@SuppressWarnings("ArrayRecordComponent") // nothing compares responses
public record HttpResponse(int status, Headers headers, byte[] body) {

    private static final Headers PROBLEM = Headers.NONE.with("Content-Type", "application/problem+json");

    /// The answer for a failure: a problem document (RFC 9457), with `Retry-After` where the failure says when.
    public static HttpResponse of(Failure failure) {
        return of(failure, Problem.of(failure));
    }

    /// The same under a status that HTTP has and no code has, such as 415.
    static HttpResponse of(Failure failure, int status) {
        return of(failure, Problem.of(failure, status));
    }

    private static HttpResponse of(Failure failure, Problem problem) {
        Headers headers = PROBLEM;
        Duration retryAfter = failure.retryAfter();
        if (retryAfter != null) {
            headers = headers.with(
                    "Retry-After",
                    String.valueOf(retryAfter.plusNanos(999_999_999).toSeconds()));
        }
        return new HttpResponse(problem.status(), headers, new Json().encode(problem.body()));
    }
}
