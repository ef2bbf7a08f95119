package dev.portolan.gcp.firestore;

import com.google.firestore.v1.Document;
import com.google.firestore.v1.Precondition;
import com.google.firestore.v1.Write;
import com.google.protobuf.Timestamp;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import org.jspecify.annotations.Nullable;

/// One conditional write of a document. Where the answer says no, or does not come, the document itself is
/// asked what became of the write: it holds the write's token, or what the condition wants, or what another
/// has written.
///
/// @param token tells this write in the document that it leaves; null if it leaves none
record SettledWrite(
        FirestoreConnection connection,
        String name,
        @Nullable String token,
        Write.Builder write) {

    /// How often the write is sent while its condition holds.
    private static final int ATTEMPTS = 3;

    /// Makes the write.
    ///
    /// @param first what to ask of the document before anybody has looked at it
    /// @param condition what to ask of it once it was read
    /// @param conflict what to say if the condition does not hold
    /// @return when it happened
    Timestamp make(Precondition first, Condition condition, String conflict) {
        Precondition precondition = first;
        Failure doubt = null;
        for (int attempt = 1; ; attempt++) {
            Failure refusal;
            try {
                return connection.commit(write.setCurrentDocument(precondition).build());
            } catch (Failure failure) {
                refusal = failure;
            }
            if (refusal.effect() == Effect.UNKNOWN) {
                doubt = refusal;
            }
            Failure unsettled = doubt == null ? refusal : doubt;
            if (!FirestoreFailures.settledByReading(refusal)) {
                throw unsettled;
            }
            Document now = read(doubt);
            if (now != null && FirestoreDocuments.revision(now).token().equals(token)) {
                return now.getUpdateTime();
            }
            Precondition next = condition.on(now);
            if (next == null && doubt == null) {
                throw new Failure(Code.CONFLICT, conflict);
            }
            if (next == null || attempt == ATTEMPTS) {
                throw unsettled;
            }
            precondition = next;
        }
    }

    private @Nullable Document read(@Nullable Failure doubt) {
        try {
            return connection.get(name);
        } catch (Failure unread) {
            if (doubt == null) {
                throw unread;
            }
            doubt.addSuppressed(unread);
            throw doubt;
        }
    }

    /// What must hold of a document for a write to happen.
    interface Condition {

        /// What to ask of a document that was read, or null if the condition does not hold.
        @Nullable
        Precondition on(@Nullable Document now);
    }
}
