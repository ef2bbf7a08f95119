package dev.portolan.failure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The one exception that is thrown on purpose: what went wrong, whether to try again, and what is left behind.
///
/// Its message names the place and the remedy and never carries a payload or a secret, so it may be logged and
/// shown. A failure is immutable: each `with…` method answers a copy with the same cause and stack trace.
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /// What went wrong. The same code means the same HTTP status and the same fate of a queue message on every
    /// host.
    public enum Code {
        /// The input is wrong, and will be wrong the next time.
        INVALID(false),
        /// What the input names does not exist.
        NOT_FOUND(false),
        /// Somebody else changed or holds it. With a `retryAfter` it is held only for a while.
        CONFLICT(false),
        /// An idempotency key came again with another input.
        KEY_REUSED(false),
        /// The caller is known and may not do this.
        DENIED(false),
        /// The caller is not known.
        UNAUTHENTICATED(false),
        /// The world is not in the state that the call needs; somebody must act before it can succeed.
        FAILED_PRECONDITION(false),
        /// A limit that was agreed with a provider is used up.
        QUOTA(true),
        /// The provider has none left to give at this place.
        CAPACITY(true),
        /// Too many calls in too short a time.
        THROTTLED(true),
        /// The other side did not answer, or said that it cannot now.
        UNAVAILABLE(true),
        /// It took longer than it may.
        TIMEOUT(true),
        /// This is not offered here, and trying again changes nothing.
        UNSUPPORTED(false),
        /// Nobody foresaw it; a defect, until shown otherwise.
        UNKNOWN(true);

        private final boolean retryable;

        Code(boolean retryable) {
            this.retryable = retryable;
        }
    }

    /// How far the trouble reaches, and so what another try should avoid.
    public enum Scope {
        REQUEST,
        ZONE,
        REGION,
        PROVIDER
    }

    /// What the failed call left behind.
    public enum Effect {
        /// Nothing happened.
        NONE,
        /// It happened all the same.
        APPLIED,
        /// It may have happened.
        UNKNOWN
    }

    private final Code code;
    private final Scope scope;
    private final Effect effect;
    private final boolean last;
    private final @Nullable Duration retryAfter;
    private final @Nullable String providerCode;
    private final @Nullable String requestId;
    /// Not serialized: a failure that was is one without them.
    private final transient @Nullable List<Violation> violations;

    /// A failure of this request alone that left nothing behind; a [Code#TIMEOUT] or [Code#UNKNOWN] may have
    /// left something.
    public Failure(Code code, String message) {
        this(code, message, null);
    }

    /// As [#Failure(Code, String)], with what caused it. The cause is for people with a debugger; it is never
    /// shown.
    public Failure(Code code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.scope = Scope.REQUEST;
        this.effect = code == Code.TIMEOUT || code == Code.UNKNOWN ? Effect.UNKNOWN : Effect.NONE;
        this.last = false;
        this.retryAfter = null;
        this.providerCode = null;
        this.requestId = null;
        this.violations = List.of();
    }

    private Failure(
            Failure from,
            Scope scope,
            Effect effect,
            boolean last,
            @Nullable Duration retryAfter,
            @Nullable String providerCode,
            @Nullable String requestId,
            @Nullable List<Violation> violations) {
        super(from.getMessage(), from.getCause());
        this.code = from.code;
        this.scope = scope;
        this.effect = effect;
        this.last = last;
        this.retryAfter = retryAfter;
        this.providerCode = providerCode;
        this.requestId = requestId;
        this.violations = violations;
        setStackTrace(from.getStackTrace());
    }

    /// An [Code#INVALID] that lists everything that is wrong.
    ///
    /// @throws IllegalArgumentException if nothing is
    public static Failure invalid(List<Violation> violations) {
        if (violations.isEmpty()) {
            throw new IllegalArgumentException("no violations");
        }
        String message = violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
        return new Failure(
                new Failure(Code.INVALID, message),
                Scope.REQUEST,
                Effect.NONE,
                false,
                null,
                null,
                null,
                List.copyOf(violations));
    }

    /// An [Code#INVALID] with one violation.
    public static Failure invalid(String place, String reason) {
        return invalid(List.of(new Violation(place, reason)));
    }

    /// What may be said of an exception that is no failure: its type and where it was thrown. Its message is
    /// left out, since it may quote a payload or a secret; only a class that is missing is named.
    public static String describe(Throwable thrown) {
        StackTraceElement[] trace = thrown.getStackTrace();
        String missing = thrown instanceof NoClassDefFoundError ? " (" + thrown.getMessage() + ")" : "";
        return thrown.getClass().getName() + missing + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    public Failure withScope(Scope scope) {
        return new Failure(this, scope, effect, last, retryAfter, providerCode, requestId, violations);
    }

    public Failure withEffect(Effect effect) {
        return new Failure(this, scope, effect, last, retryAfter, providerCode, requestId, violations);
    }

    /// A copy that says when to come back.
    ///
    /// @param retryAfter how long to wait before another try; not negative
    public Failure withRetryAfter(Duration retryAfter) {
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter is negative: " + retryAfter);
        }
        return new Failure(this, scope, effect, last, retryAfter, providerCode, requestId, violations);
    }

    /// A copy that is not retryable, whatever its code: what failed has ended, and trying again only tells so
    /// again.
    public Failure withoutRetry() {
        return new Failure(this, scope, effect, true, null, providerCode, requestId, violations);
    }

    /// A copy with what the provider said.
    ///
    /// @param providerCode the provider's own name for it, such as `InsufficientInstanceCapacity`
    /// @param requestId what the provider's support asks for
    public Failure withProvider(String providerCode, @Nullable String requestId) {
        return new Failure(this, scope, effect, last, retryAfter, providerCode, requestId, violations);
    }

    public Code code() {
        return code;
    }

    /// What to tell a person: the place and the remedy.
    public String detail() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }

    /// Whether the same call may succeed later: by its code, or because a [Code#CONFLICT] said when to come
    /// back; never after [#withoutRetry].
    public boolean retryable() {
        return !last && (code.retryable || (code == Code.CONFLICT && retryAfter != null));
    }

    /// How long to wait before another try, or null where nobody said.
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }

    public Scope scope() {
        return scope;
    }

    public Effect effect() {
        return effect;
    }

    public @Nullable String providerCode() {
        return providerCode;
    }

    public @Nullable String requestId() {
        return requestId;
    }

    /// Everything that is wrong with the input; empty unless the code is [Code#INVALID].
    public List<Violation> violations() {
        return violations == null ? List.of() : violations;
    }
}
