package dev.portolan.aws.client;

import dev.portolan.aws.client.Resource.Service;
import dev.portolan.failure.Failure.Code;
import java.util.Locale;

/// What may be wrong with a call, by the error codes of AWS's services, and what to do about it.
///
/// In a remedy `{service}`, `{resource}` and `{action}` stand for what the call was about.
enum Trouble {
    THROTTLED(Code.THROTTLED, "{service} has too many calls for the {resource}"),
    QUOTA_SPENT(
            Code.QUOTA,
            "a quota of {service} is used up for the {resource}: ask AWS for a higher one, or wait until it is renewed"),
    STRANGER(
            Code.UNAUTHENTICATED,
            "{service} does not know the caller: check the credentials, their expiry and the clock"),
    EXPIRED(
            Code.UNAUTHENTICATED,
            "the credentials that {service} was given have expired: get new ones, or let a role give them"),
    FORBIDDEN(Code.DENIED, "the caller may not do this: allow {action} on the {resource}"),
    NOT_DEPLOYED(
            Code.FAILED_PRECONDITION,
            "there is no {resource} in this region and account, or it is being made: deploy it, or name another"),
    NOT_THERE(Code.NOT_FOUND, "there is no {resource} in this region and account: store it, or name another"),
    OTHER_FORM(
            Code.FAILED_PRECONDITION,
            "{service} refuses the request as invalid: the {resource} has other keys or indexes than Portolan's; "
                    + "deploy one of its own"),
    TOO_LARGE(Code.INVALID, "it is larger than the {resource} takes"),
    MALFORMED(Code.INVALID, "{service} refuses the request for the {resource} as invalid"),
    UNFIT(
            Code.FAILED_PRECONDITION,
            "{service} does not do this with the {resource} as it is: see its settings, and whether it is being deleted"),
    KEY_UNUSABLE(
            Code.FAILED_PRECONDITION,
            "the KMS key of the {resource} cannot be used: enable it, or give the {resource} another"),
    REJECTED(
            Code.FAILED_PRECONDITION,
            "{service} refuses the mail: verify the {resource} or its domain in this region, and the recipient too "
                    + "while the account is in SES's sandbox"),
    PAUSED(
            Code.FAILED_PRECONDITION,
            "{service} has stopped sending for this account: see its reputation in SES, and have it enabled again"),
    UNAVAILABLE(Code.UNAVAILABLE, "{service} cannot serve the {resource} now"),
    UNFORESEEN(Code.UNKNOWN, "{service} failed on the {resource}");

    private final Code code;
    private final String remedy;

    Trouble(Code code, String remedy) {
        this.code = code;
        this.remedy = remedy;
    }

    Code code() {
        return code;
    }

    /// For a person.
    ///
    /// @param action as policies name it: `dynamodb:PutItem`
    String remedy(Resource resource, String action) {
        return remedy.replace("{service}", resource.service().title())
                .replace("{resource}", resource.toString())
                .replace("{action}", action);
    }

    /// What an error code means.
    ///
    /// @param said the service's own words, which tell some cases of one code apart; they are shown to nobody
    static Trouble of(Service service, String code, int status, String said) {
        return switch (code) {
            case "RequestLimitExceeded",
                    "ProvisionedThroughputExceededException",
                    "ThrottlingException",
                    "ThrottledException",
                    "Throttling",
                    "RequestThrottled",
                    "RequestThrottledException",
                    "AWS.SimpleQueueService.RequestThrottled",
                    "KmsThrottled",
                    "KMS.ThrottlingException",
                    "TooManyUpdates",
                    "TooManyRequestsException" -> spent(said) ? QUOTA_SPENT : THROTTLED;
            case "LimitExceededException", "OverLimit" -> QUOTA_SPENT;
            case "ExpiredToken", "ExpiredTokenException" -> EXPIRED;
            case "UnrecognizedClientException",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "InvalidClientTokenId",
                    "InvalidAccessKeyId",
                    "IncompleteSignature",
                    "IncompleteSignatureException",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "RequestExpired",
                    "RequestTimeTooSkewed",
                    "AuthFailure",
                    "InvalidSecurity" -> STRANGER;
            case "AccessDenied",
                    "AccessDeniedException",
                    "KmsAccessDenied",
                    "KMS.AccessDeniedException",
                    "NotAuthorized" -> FORBIDDEN;
            case "KmsDisabled",
                    "KMS.DisabledException",
                    "KmsInvalidState",
                    "KMS.InvalidStateException",
                    "KmsInvalidKeyUsage",
                    "KmsNotFound",
                    "KMS.NotFoundException",
                    "KmsOptInRequired",
                    "KMS.OptInRequired",
                    "DecryptionFailure",
                    "InvalidKeyId" -> KEY_UNUSABLE;
            case "ResourceNotFoundException" -> service == Service.SECRETS_MANAGER ? NOT_THERE : NOT_DEPLOYED;
            case "QueueDoesNotExist",
                    "AWS.SimpleQueueService.NonExistentQueue",
                    "QueueDeletedRecently",
                    "AWS.SimpleQueueService.QueueDeletedRecently",
                    "NotFoundException" -> NOT_DEPLOYED;
            case "ParameterNotFound", "ParameterVersionNotFound" -> NOT_THERE;
            case "MessageRejected", "MailFromDomainNotVerifiedException" -> REJECTED;
            case "SendingPausedException", "AccountSuspendedException" -> PAUSED;
            case "ValidationException", "InvalidParameterValue", "InvalidParameterException" ->
                outsized(said) ? TOO_LARGE : service == Service.DYNAMODB ? OTHER_FORM : MALFORMED;
            case "InvalidMessageContents", "BadRequestException", "InvalidParameterCombination" -> MALFORMED;
            case "UnsupportedOperation",
                    "AWS.SimpleQueueService.UnsupportedOperation",
                    "InvalidAddress",
                    "InvalidRequestException" -> UNFIT;
            default -> status >= 500 ? UNAVAILABLE : UNFORESEEN;
        };
    }

    /// SES calls its daily quota a throttling too.
    private static boolean spent(String said) {
        return said.toLowerCase(Locale.ROOT).contains("quota exceeded");
    }

    private static boolean outsized(String said) {
        return said.contains("size has exceeded") || said.contains("must be shorter than");
    }
}
