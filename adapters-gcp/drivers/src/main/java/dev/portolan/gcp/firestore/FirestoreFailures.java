package dev.portolan.gcp.firestore;

import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.StatusCode;
import com.google.protobuf.util.Durations;
import com.google.rpc.RetryInfo;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What Firestore and its client report, as a [Failure] that names the collection and the remedy.
final class FirestoreFailures {

    /// What Firestore answers when a write's condition does not hold, or it could not look at it: the write
    /// did not happen. `INVALID_ARGUMENT` is its answer to an update time later than the document's.
    private static final Set<String> REFUSALS =
            Set.of("FAILED_PRECONDITION", "INVALID_ARGUMENT", "NOT_FOUND", "ALREADY_EXISTS", "ABORTED");

    private FirestoreFailures() {}

    /// Whether a write failed so that only its document can tell what became of it, and of the condition.
    static boolean settledByReading(Failure failure) {
        return failure.effect() == Effect.UNKNOWN
                || (failure.providerCode() != null && REFUSALS.contains(failure.providerCode()));
    }

    /// The failure of a request.
    ///
    /// @param effect what the request may have left behind, unless Firestore's answer says that it did
    ///     nothing
    static Failure of(Throwable thrown, FirestoreCollection where, Effect effect) {
        if (!(thrown instanceof ApiException e)) {
            return failure(Code.UNKNOWN, where, "the client of Firestore failed: " + Failure.describe(thrown), thrown)
                    .withEffect(effect);
        }
        StatusCode.Code status = e.getStatusCode().getCode();
        Failure failure = switch (status) {
            case UNAVAILABLE, INTERNAL, CANCELLED ->
                failure(Code.UNAVAILABLE, where, "Firestore does not answer now; try again", e)
                        .withEffect(effect);
            case DEADLINE_EXCEEDED ->
                failure(Code.TIMEOUT, where, "Firestore took longer than " + where.timeout(), e)
                        .withEffect(effect);
            case RESOURCE_EXHAUSTED -> exhausted(e, where);
            case ABORTED, ALREADY_EXISTS ->
                failure(Code.THROTTLED, where, "too many write this entry at once; try again", e);
            case PERMISSION_DENIED ->
                failure(
                        Code.DENIED,
                        where,
                        "this may not read and write here: grant its service account roles/datastore.user",
                        e);
            case UNAUTHENTICATED -> unauthenticated(where, e);
            case NOT_FOUND ->
                failure(
                        Code.FAILED_PRECONDITION,
                        where,
                        "there is no such database: make it with gcloud firestore databases create",
                        e);
            case FAILED_PRECONDITION ->
                failure(
                        Code.FAILED_PRECONDITION,
                        where,
                        "Firestore cannot do this here: the database must be in native mode, and the fields"
                                + " dueIndex and groupIndex must be indexed, as they are unless exempted",
                        e);
            case INVALID_ARGUMENT, OUT_OF_RANGE, UNIMPLEMENTED ->
                failure(Code.UNKNOWN, where, "Firestore does not take the request", e)
                        .withEffect(Effect.NONE);
            default -> failure(Code.UNKNOWN, where, "Firestore failed", e).withEffect(effect);
        };
        return failure.withProvider(status.name(), requestId(e));
    }

    static Failure unauthenticated(FirestoreCollection where, Throwable cause) {
        return failure(
                Code.UNAUTHENTICATED,
                where,
                "no valid credentials: run with a service account, or gcloud auth application-default login",
                cause);
    }

    static Failure interrupted(FirestoreCollection where, Effect effect, Throwable cause) {
        return failure(Code.TIMEOUT, where, "interrupted before Firestore answered", cause)
                .withEffect(effect);
    }

    /// A quota that is named is a limit of a day or of a project; without one the calls came too fast.
    private static Failure exhausted(ApiException e, FirestoreCollection where) {
        boolean quota = e.getErrorDetails() != null && e.getErrorDetails().getQuotaFailure() != null;
        Failure failure = quota
                ? failure(Code.QUOTA, where, "a quota of the project is used up: raise it, or wait for the next day", e)
                : failure(Code.THROTTLED, where, "Firestore takes no more of these requests now; try again", e);
        RetryInfo retry =
                e.getErrorDetails() == null ? null : e.getErrorDetails().getRetryInfo();
        return retry == null
                ? failure
                : failure.withRetryAfter(Duration.ofMillis(Math.max(0, Durations.toMillis(retry.getRetryDelay()))));
    }

    private static @Nullable String requestId(ApiException e) {
        return e.getErrorDetails() == null || e.getErrorDetails().getRequestInfo() == null
                ? null
                : e.getErrorDetails().getRequestInfo().getRequestId();
    }

    private static Failure failure(Code code, FirestoreCollection where, String message, Throwable cause) {
        return new Failure(code, where + ": " + message, cause);
    }
}
