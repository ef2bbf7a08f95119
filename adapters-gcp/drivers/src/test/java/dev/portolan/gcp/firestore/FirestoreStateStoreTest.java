package dev.portolan.gcp.firestore;

import dev.portolan.state.StateStore;
import dev.portolan.testing.StateStoreContract;
import java.security.SecureRandom;
import java.time.InstantSource;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(FirestoreEmulator.class)
final class FirestoreStateStoreTest extends StateStoreContract {

    private static final SecureRandom RANDOM = new SecureRandom();

    @Override
    protected StateStore open(InstantSource clock) {
        return new FirestoreStateStore(FirestoreEmulator.collection(), clock, RANDOM);
    }
}
