package dev.portolan.aws.dynamodb;

import dev.portolan.proofs.ExecutionsContract;
import dev.portolan.state.StateStore;
import java.security.SecureRandom;
import java.time.InstantSource;

final class DynamoDbExecutionsTest extends ExecutionsContract {

    @Override
    protected StateStore open(InstantSource clock) {
        return new DynamoDbStateStore(LocalDynamoDb.table(), LocalDynamoDb::client, clock, new SecureRandom());
    }
}
