package dev.portolan.composer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Violation;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProblemTest {

    @ParameterizedTest
    @CsvSource({
        "INVALID, 400, Bad Request",
        "UNAUTHENTICATED, 401, Unauthorized",
        "DENIED, 403, Forbidden",
        "NOT_FOUND, 404, Not Found",
        "CONFLICT, 409, Conflict",
        "FAILED_PRECONDITION, 412, Precondition Failed",
        "KEY_REUSED, 422, Unprocessable Content",
        "THROTTLED, 429, Too Many Requests",
        "UNKNOWN, 500, Internal Server Error",
        "UNSUPPORTED, 501, Not Implemented",
        "QUOTA, 503, Service Unavailable",
        "CAPACITY, 503, Service Unavailable",
        "UNAVAILABLE, 503, Service Unavailable",
        "TIMEOUT, 504, Gateway Timeout"
    })
    void everyCodeHasItsStatusAndItsTitle(Code code, int status, String title) {
        Problem problem = Problem.of(new Failure(code, "why"));

        assertThat(problem.status()).isEqualTo(status);
        assertThat(problem.body())
                .containsEntry("type", "about:blank")
                .containsEntry("title", title)
                .containsEntry("status", status)
                .containsEntry("code", code.name());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNKNOWN")
    void whatWasForeseenIsTold(Code code) {
        assertThat(Problem.of(new Failure(code, "why")).body()).containsEntry("detail", "why");
    }

    @Test
    void whatNobodyForesawIsNotTold() {
        Failure failure = new Failure(Code.UNKNOWN, "hunter2", new IllegalStateException("hunter2"))
                .withProvider("hunter2", "hunter2");

        assertThat(Problem.of(failure).body()).containsOnlyKeys("type", "title", "status", "code");
    }

    @Test
    void violationsOfAPayloadAreErrorsAtPointers() {
        Failure failure = Failure.invalid(List.of(new Violation("/email", "missing"), new Violation("", "too large")));

        assertThat(Problem.of(failure).body())
                .containsEntry("detail", "/email: missing; too large")
                .containsEntry(
                        "errors",
                        List.of(
                                Map.of("pointer", "/email", "detail", "missing"),
                                Map.of("pointer", "", "detail", "too large")));
    }

    @Test
    void violationsOfADefinitionAreErrorsAtPlaces() {
        Failure failure = Failure.invalid("welcome.yaml:3", "unknown key");

        assertThat(Problem.of(failure).body())
                .containsEntry("errors", List.of(Map.of("place", "welcome.yaml:3", "detail", "unknown key")));
    }

    @Test
    void whatHasNoViolationsHasNoErrors() {
        assertThat(Problem.of(new Failure(Code.INVALID, "not JSON")).body()).doesNotContainKey("errors");
    }
}
