package dev.portolan.gcp.firestore;

import dev.portolan.proofs.ExecutionsContract;
import dev.portolan.state.StateStore;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FirestoreEmulator.class)
final class FirestoreExecutionsTest extends ExecutionsContract {

    @Override
    protected StateStore open(InstantSource clock) {
        return new FirestoreStateStore(FirestoreEmulator.collection(), clock, new SecureRandom());
    }
}
