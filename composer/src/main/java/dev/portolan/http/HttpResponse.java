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

    /// The same with a header more.
    HttpResponse with(String name, String value) {
        return new HttpResponse(status, headers.with(name, value), body);
    }

    /// The answer to a request by a method that what it names does not know.
    static HttpResponse notAllowed(String allowed) {
        return of(new Failure(Failure.Code.INVALID, "use " + allowed), 405).with("Allow", allowed);
    }

    private static HttpResponse of(Failure failure, Problem problem) {
        Duration retryAfter = failure.retryAfter();
        return new HttpResponse(
                problem.status(),
                retryAfter == null ? PROBLEM : PROBLEM.with("Retry-After", seconds(retryAfter)),
                new Json().encode(problem.body()));
    }

    /// In whole seconds, rounded up.
    static String seconds(Duration duration) {
        return String.valueOf(duration.plusNanos(999_999_999).toSeconds());
    }
}
