package dev.portolan.aws.dynamodb;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.failure.Failure.Scope;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/// What DynamoDB and its SDK report, as a [Failure] that names the table and the remedy.
final class DynamoDbFailures {

    private static final int SERVER_ERROR = 500;

    /// Codes by which AWS says that it does not know the caller. The token that has expired is one of them,
    /// though a fresh one often cures it: whoever holds the work must get that first.
    private static final Set<String> UNKNOWN_CALLER = Set.of(
            "UnrecognizedClientException",
            "InvalidSignatureException",
            "InvalidClientTokenId",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "ExpiredToken",
            "ExpiredTokenException");

    private static final Set<String> THROTTLED =
            Set.of("ProvisionedThroughputExceededException", "RequestLimitExceeded", "ThrottlingException");

    private DynamoDbFailures() {}

    /// The failure of a call.
    ///
    /// @param sent whether any attempt left this process
    /// @param effect what the call may have left behind
    static Failure of(SdkException e, String table, boolean sent, Effect effect) {
        Failure failure = e instanceof AwsServiceException service ? said(service, table) : unsaid(e, table, sent);
        return failure.withEffect(effect);
    }

    private static Failure said(AwsServiceException e, String table) {
        String code = e.awsErrorDetails() == null ? "" : e.awsErrorDetails().errorCode();
        Failure failure = said(code == null ? "" : code, e, table);
        return code == null || code.isEmpty() ? failure : failure.withProvider(code, e.requestId());
    }

    private static Failure said(String code, AwsServiceException e, String table) {
        if (THROTTLED.contains(code) || e.isThrottlingException()) {
            return new Failure(Code.THROTTLED, "DynamoDB has too many calls for the table " + table, e);
        }
        if (UNKNOWN_CALLER.contains(code)) {
            return new Failure(
                    Code.UNAUTHENTICATED,
                    "DynamoDB does not know the caller: check the credentials, their expiry and the clock",
                    e);
        }
        if (e.statusCode() >= SERVER_ERROR) {
            return new Failure(Code.UNAVAILABLE, "DynamoDB cannot serve the table " + table + " now", e)
                    .withScope(Scope.REGION);
        }
        return switch (code) {
            case "ResourceNotFoundException" ->
                new Failure(
                        Code.FAILED_PRECONDITION,
                        "there is no table " + table + " in this region and account, or it is being made: deploy it, "
                                + "or name another",
                        e);
            case "AccessDeniedException" ->
                new Failure(
                        Code.DENIED,
                        "the caller may not use the table " + table + ": allow GetItem, BatchGetItem, PutItem, "
                                + "DeleteItem and Scan on it, and Query on its indexes",
                        e);
            case "ValidationException" ->
                new Failure(
                        Code.FAILED_PRECONDITION,
                        "DynamoDB refuses the request as invalid: the table " + table
                                + " has other keys or indexes than Portolan's; deploy one of its own",
                        e);
            default -> new Failure(Code.UNKNOWN, "DynamoDB failed on the table " + table, e);
        };
    }

    private static Failure unsaid(SdkException e, String table, boolean sent) {
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return new Failure(Code.TIMEOUT, "DynamoDB did not answer in time for the table " + table, e);
        }
        if (e instanceof AbortedException) {
            return new Failure(
                    Code.TIMEOUT, "the call to DynamoDB for the table " + table + " was interrupted before its end", e);
        }
        if (!sent) {
            return new Failure(
                    Code.UNAUTHENTICATED,
                    "no request to DynamoDB could be signed: most likely there are no credentials",
                    e);
        }
        return new Failure(Code.UNAVAILABLE, "DynamoDB could not be reached for the table " + table, e)
                .withScope(Scope.REGION);
    }
}
