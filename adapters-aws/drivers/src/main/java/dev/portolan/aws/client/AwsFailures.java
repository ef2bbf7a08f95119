package dev.portolan.aws.client;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Scope;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;

/// What AWS's services and their SDK report, as a [Failure] that names the resource and the remedy.
final class AwsFailures {

    /// When to come back to a service that has too many calls and does not say: by then the SDK has tried four
    /// times within about a second.
    private static final Duration THROTTLED = Duration.ofSeconds(2);

    private static final Duration LONGEST = Duration.ofHours(1);

    /// An action in the words of IAM, which may be another than the one called: a key's, for one.
    private static final Pattern REFUSED = Pattern.compile("not authorized to perform: ([a-z0-9-]{1,40}:\\w{1,80})");

    private AwsFailures() {}

    /// The failure of a call, whose effect is left to say.
    static Failure of(SdkException e, Resource resource, Attempts attempts) {
        return e instanceof AwsServiceException service
                ? said(service, resource, attempts)
                : unsaid(e, resource, attempts);
    }

    private static Failure said(AwsServiceException e, Resource resource, Attempts attempts) {
        String code =
                e.awsErrorDetails() == null ? "" : text(e.awsErrorDetails().errorCode());
        String said =
                e.awsErrorDetails() == null ? "" : text(e.awsErrorDetails().errorMessage());
        Trouble trouble = Trouble.of(resource.service(), code, e.statusCode(), said);
        if (trouble == Trouble.UNFORESEEN && e.isThrottlingException()) {
            trouble = Trouble.THROTTLED;
        }
        Failure failure =
                new Failure(trouble.code(), trouble.remedy(resource, action(said, resource, attempts.operation())), e);
        if (trouble == Trouble.UNAVAILABLE) {
            failure = failure.withScope(Scope.REGION);
        }
        Duration after = retryAfter(e);
        if (after == null && trouble == Trouble.THROTTLED) {
            after = THROTTLED;
        }
        if (after != null && failure.retryable()) {
            failure = failure.withRetryAfter(after);
        }
        return code.isEmpty() ? failure : failure.withProvider(code, e.requestId());
    }

    private static Failure unsaid(SdkException e, Resource resource, Attempts attempts) {
        String service = resource.service().title();
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return new Failure(Code.TIMEOUT, service + " did not answer in time for the " + resource, e);
        }
        if (e instanceof AbortedException) {
            return new Failure(
                    Code.TIMEOUT,
                    "the call to " + service + " for the " + resource + " was interrupted before its end",
                    e);
        }
        if (!attempts.sent()) {
            return new Failure(
                    Code.UNAUTHENTICATED,
                    "no request to " + service + " could be signed: most likely there are no credentials",
                    e);
        }
        return new Failure(Code.UNAVAILABLE, service + " could not be reached for the " + resource, e)
                .withScope(Scope.REGION);
    }

    /// What a policy must allow.
    private static String action(String said, Resource resource, String operation) {
        Matcher refused = REFUSED.matcher(said);
        return refused.find() ? refused.group(1) : resource.service().prefix() + ":" + operation;
    }

    /// What the answer says, in whole seconds; a date is passed over.
    private static @Nullable Duration retryAfter(AwsServiceException e) {
        if (e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null) {
            return null;
        }
        String seconds = e.awsErrorDetails()
                .sdkHttpResponse()
                .firstMatchingHeader("Retry-After")
                .orElse("");
        if (seconds.isEmpty() || seconds.length() > 9 || !seconds.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return null;
        }
        Duration after = Duration.ofSeconds(Long.parseLong(seconds));
        return after.compareTo(LONGEST) > 0 ? LONGEST : after;
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }
}
