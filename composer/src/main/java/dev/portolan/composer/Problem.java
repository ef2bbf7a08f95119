package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A failure as a problem document (RFC 9457), the same on every host.
///
/// @param status the HTTP status
/// @param body its members, as plain JSON; nothing in it comes from a payload
public record Problem(int status, Map<String, Object> body) {

    /// The problem document of a failure. One that nobody foresaw says no more than that: its details are for the log.
    public static Problem of(Failure failure) {
        return of(failure, status(failure.code()));
    }

    /// The same with a status that HTTP has and no code has, such as 415.
    public static Problem of(Failure failure, int status) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", title(status));
        body.put("status", status);
        body.put("code", failure.code().name());
        if (failure.code() != Failure.Code.UNKNOWN) {
            body.put("detail", failure.detail());
        }
        List<Map<String, Object>> errors =
                failure.violations().stream().map(Problem::error).toList();
        if (!errors.isEmpty()) {
            body.put("errors", errors);
        }
        return new Problem(status, body);
    }

    private static Map<String, Object> error(Violation violation) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put(
                violation.place().isEmpty() || violation.place().startsWith("/") ? "pointer" : "place",
                violation.place());
        error.put("detail", violation.reason());
        return error;
    }

    private static int status(Failure.Code code) {
        return switch (code) {
            case INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case DENIED -> 403;
            case NOT_FOUND -> 404;
            case CONFLICT -> 409;
            case FAILED_PRECONDITION -> 412;
            case KEY_REUSED -> 422;
            case THROTTLED -> 429;
            case UNKNOWN -> 500;
            case UNSUPPORTED -> 501;
            case QUOTA, CAPACITY, UNAVAILABLE -> 503;
            case TIMEOUT -> 504;
        };
    }

    /// The reason phrases of RFC 9110, which RFC 9457 asks for where the type is `about:blank`.
    private static String title(int status) {
        return switch (status) {
            case 400 -> "Bad Request";
            case 401 -> "Unauthorized";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 409 -> "Conflict";
            case 412 -> "Precondition Failed";
            case 413 -> "Content Too Large";
            case 415 -> "Unsupported Media Type";
            case 422 -> "Unprocessable Content";
            case 429 -> "Too Many Requests";
            case 501 -> "Not Implemented";
            case 503 -> "Service Unavailable";
            case 504 -> "Gateway Timeout";
            default -> "Internal Server Error";
        };
    }
}
