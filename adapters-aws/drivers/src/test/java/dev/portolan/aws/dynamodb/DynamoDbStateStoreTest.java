package dev.portolan.aws.dynamodb;

import dev.portolan.state.StateStore;
import dev.portolan.testing.StateStoreContract;
import java.security.SecureRandom;
import java.time.InstantSource;

final class DynamoDbStateStoreTest extends StateStoreContract {

    @Override
    protected StateStore open(InstantSource clock) {
        return new DynamoDbStateStore(LocalDynamoDb.table(), LocalDynamoDb::client, clock, new SecureRandom());
    }
}
