package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import dev.portolan.state.Codec;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Where a run came to rest. Adapters turn it into their own kind of answer; nothing else does.
public sealed interface Outcome {

    /// Every step ran, or one ended the chain.
    ///
    /// @param value what the last step gave; null only after a step that gives nothing
    /// @param headers what came in, and what steps added
    record Completed(@Nullable Object value, Headers headers) implements Outcome {

        /// The value in JSON. What a step gives and JSON has not is a mistake of the step's, and not of whoever
        /// sent the input.
        ///
        /// @throws Failure `UNKNOWN` if the codec refuses the value
        public byte[] encoded(Codec json) {
            try {
                return json.encode(value);
            } catch (Failure failure) {
                throw new Failure(
                        Failure.Code.UNKNOWN, "the last step gave what JSON has not: " + failure.detail(), failure);
            }
        }
    }

    /// A step failed for good; later steps did not run.
    ///
    /// @param step the step's name
    /// @param attempt which attempt it was, from 1; 0 if the step was not even begun
    record Failed(Failure failure, String step, int attempt) implements Outcome {}

    /// The execution goes on without its caller: another attempt comes later, or another worker has it now.
    ///
    /// @param id the execution's
    /// @param due when it goes on, at the earliest
    record Waiting(String id, Instant due) implements Outcome {}
}
