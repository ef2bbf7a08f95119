package dev.portolan.failure;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How often, and how far apart, a retryable call is repeated.
///
/// @param attempts calls in total, the first included, 1 to 100; 1 means no retry
/// @param delay longest pause before the second attempt; not negative
/// @param factor what each later pause is multiplied by; at least 1
/// @param cap longest pause, whatever the attempt; not below `delay`
public record Retry(int attempts, Duration delay, double factor, Duration cap) {

    private static final int MOST_ATTEMPTS = 100;
    private static final Duration LONGEST = Duration.ofDays(1);

    /// One call, no repetition.
    public static final Retry NONE = new Retry(1, Duration.ZERO, 1, Duration.ZERO);

    public Retry {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts must be 1 to " + MOST_ATTEMPTS + ", not " + attempts);
        }
        if (delay.isNegative()) {
            throw new IllegalArgumentException("delay must not be negative");
        }
        if (!(factor >= 1) || factor > 1000) {
            throw new IllegalArgumentException("factor must be 1 to 1000, not " + factor);
        }
        if (cap.compareTo(delay) < 0 || cap.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("cap must be at least delay, and at most " + LONGEST);
        }
    }

    /// The pause after a failed attempt, with full jitter: evenly spread between nothing and
    /// `min(cap, delay × factor^(attempt-1))`.
    ///
    /// @param attempt the attempt that failed, from 1
    /// @see <a href="https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/">Exponential Backoff
    ///     And Jitter</a>
    public Duration pause(int attempt, RandomGenerator random) {
        double ceiling = Math.min((double) cap.toNanos(), delay.toNanos() * Math.pow(factor, attempt - 1.0));
        return Duration.ofNanos((long) (random.nextDouble() * ceiling));
    }
}
