package dev.portolan.execution;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.invocation.Headers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far an execution has come, as it is stored. Immutable: each step forward or back is a new one. Values
/// are JSON texts, just as steps will read them.
///
/// @param id `pipeline:key`
/// @param undo what is to be taken back if it fails, in the order in which it was done
/// @param failure why it failed, or is going back; null unless it does
/// @param trouble why it is stuck; null unless it is. With a `failure` too it got stuck on the way back.
public record Execution(
        String id,
        Origin origin,
        Status status,
        Position at,
        List<Done> undo,
        Lease lease,
        @Nullable Failed failure,
        @Nullable Failed trouble,
        History history) {

    public Execution {
        undo = List.copyOf(undo);
    }

    /// Where an execution stands.
    public enum Status {
        /// It has steps to run, whether or not a worker is at it.
        RUN,
        /// The next attempt at its step has a time to wait for.
        WAIT,
        /// It failed, and what it did is being taken back.
        UNDO,
        /// Its last step is committed, or one ended the chain.
        DONE,
        /// A step failed for good, and everything that can be taken back is.
        FAILED,
        /// It goes no further by itself: its work must come again, or a person must look.
        STUCK
    }

    /// What it was started with.
    ///
    /// @param definition the hash of the definition that it keeps to; null in records of format 1
    /// @param hash of the input: the same key with another input is other work
    public record Origin(@Nullable String definition, String hash, String input, Instant started) {}

    /// Where it is within its pipeline.
    ///
    /// @param cursor how many steps are behind it
    /// @param value what the last of them gave; at first the input
    /// @param headers what came with the input, and what steps added
    /// @param attempts how many attempts at the next step, or at the next undo, have failed
    /// @param begun whether the next step, which is called once, may have been called
    /// @param doubt whether the next step may have left an effect
    /// @param claims how often workers took it up since the cursor moved, and were lost or gave up
    public record Position(
            int cursor, String value, Headers headers, int attempts, boolean begun, boolean doubt, int claims) {

        /// Before the first attempt at a step.
        static Position before(int cursor, String value, Headers headers) {
            return new Position(cursor, value, headers, 0, false, false, 0);
        }

        Position tried(int attempts) {
            return new Position(cursor, value, headers, attempts, begun, doubt, claims);
        }

        Position begun(boolean begun) {
            return new Position(cursor, value, headers, attempts, begun, doubt, claims);
        }

        Position doubtful(boolean more) {
            return new Position(cursor, value, headers, attempts, begun, doubt || more, claims);
        }

        Position claimed(int claims) {
            return new Position(cursor, value, headers, attempts, begun, doubt, claims);
        }
    }

    /// A step whose effect can be taken back.
    ///
    /// @param value what the step gave; what it took where nobody knows how far it came
    public record Done(int step, String value) {}

    /// Who has it.
    ///
    /// @param owner the worker that has it; null for nobody
    /// @param until when the owner's time is over; with nobody, when it goes on; null for not by itself
    public record Lease(@Nullable String owner, @Nullable Instant until) {}

    /// Why an execution failed, or is stuck.
    ///
    /// @param step empty where it was no step
    public record Failed(Failure.Code code, String detail, List<Violation> violations, String step, int attempt) {

        private static final int LONGEST_DETAIL = 1_000;
        private static final int MOST_VIOLATIONS = 20;

        static Failed of(Failure failure, String step, int attempt) {
            List<Violation> violations = failure.violations();
            boolean many =
                    violations.size() > MOST_VIOLATIONS || failure.detail().length() > LONGEST_DETAIL;
            return new Failed(
                    failure.code(),
                    cut(failure.detail(), LONGEST_DETAIL),
                    many ? List.of() : whole(violations),
                    step,
                    attempt);
        }

        /// The same in few words.
        Failed brief() {
            return new Failed(code, cut(detail, 80), List.of(), step, attempt);
        }

        private static String cut(String detail, int length) {
            return whole(detail.length() <= length ? detail : detail.substring(0, length - 1) + "…");
        }

        private static List<Violation> whole(List<Violation> violations) {
            List<Violation> all = new ArrayList<>();
            for (Violation violation : violations) {
                all.add(new Violation(whole(violation.place()), whole(violation.reason())));
            }
            return all;
        }

        /// A text that JSON takes: half of a surrogate pair becomes a question mark.
        private static String whole(String text) {
            return new String(text.getBytes(UTF_8), UTF_8);
        }

        /// The failure again: it is not retryable, since the execution has ended.
        public Failure failure() {
            Failure failure = violations.isEmpty() ? new Failure(code, detail) : Failure.invalid(violations);
            return failure.withoutRetry();
        }
    }

    /// What was tried, the oldest first.
    ///
    /// @param dropped how many earlier attempts are no longer told
    public record History(List<Attempt> attempts, int dropped) {

        /// Most attempts that are told.
        static final int MOST = 50;

        static final History NONE = new History(List.of(), 0);

        public History {
            attempts = List.copyOf(attempts);
        }

        /// The last attempt alone: it tells whether the execution was taken back.
        History brief() {
            int told = attempts.size();
            return told < 2 ? this : new History(List.of(attempts.getLast()), dropped + told - 1);
        }

        History with(Attempt attempt) {
            int surplus = Math.max(0, attempts.size() + 1 - MOST);
            List<Attempt> all = new ArrayList<>(attempts.subList(surplus, attempts.size()));
            all.add(attempt);
            return new History(all, dropped + surplus);
        }
    }

    /// One attempt at a step.
    ///
    /// @param size how many bytes of JSON the step gave; 0 if it failed
    /// @param code why it failed; null if it did not
    public record Attempt(
            String step, int attempt, Instant began, Duration took, int size, Failure.@Nullable Code code) {}

    /// A new execution that nobody has, and that goes on now.
    static Execution accepted(String id, String definition, String hash, String input, Headers headers, Instant now) {
        return new Execution(
                id,
                new Origin(definition, hash, input, now),
                Status.RUN,
                Position.before(0, input, headers),
                List.of(),
                new Lease(null, now),
                null,
                null,
                History.NONE);
    }

    Execution in(Status status) {
        return new Execution(id, origin, status, at, undo, lease, failure, trouble, history);
    }

    Execution at(Position at) {
        return new Execution(id, origin, status, at, undo, lease, failure, trouble, history);
    }

    Execution leased(@Nullable String owner, @Nullable Instant until) {
        return new Execution(id, origin, status, at, undo, new Lease(owner, until), failure, trouble, history);
    }

    Execution undoing(List<Done> undo) {
        return new Execution(id, origin, status, at, undo, lease, failure, trouble, history);
    }

    Execution because(@Nullable Failed failure, @Nullable Failed trouble) {
        return new Execution(id, origin, status, at, undo, lease, failure, trouble, history);
    }

    Execution told(Attempt attempt) {
        return new Execution(id, origin, status, at, undo, lease, failure, trouble, history.with(attempt));
    }

    /// The same in few words and with its last attempt alone, where there is no room for more.
    Execution brief() {
        return new Execution(
                id,
                origin,
                status,
                at,
                undo,
                lease,
                failure == null ? null : failure.brief(),
                trouble == null ? null : trouble.brief(),
                history.brief());
    }

    /// The name of its pipeline.
    public String pipeline() {
        return id.substring(0, id.indexOf(':'));
    }

    /// Why it goes no further or back: what got it stuck, before what made it fail. Null for neither.
    public @Nullable Failed reason() {
        return trouble == null ? failure : trouble;
    }

    /// Whether it goes no further by itself or because its work comes again; people may take it back or try it
    /// again.
    public boolean over() {
        return status == Status.DONE || status == Status.FAILED;
    }
}
