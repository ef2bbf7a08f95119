package dev.portolan.aws.dynamodb;

import dev.portolan.proofs.KilledWorkerContract;
import dev.portolan.proofs.StoreOpener;
import dev.portolan.testing.Moto;
import java.net.URI;
import java.nio.file.Path;

final class MotoKilledWorkerTest extends KilledWorkerContract {

    @Override
    protected Class<? extends StoreOpener> opener() {
        return TableOpener.class;
    }

    @Override
    protected String address(Path folder) {
<<<<<<< HEAD
        URI emulator = Moto.server().address();
=======
        URI emulator = Moto.address();
>>>>>>> 1b5e1a7 (Kill proof and contention over DynamoDB: moto and DynamoDB Local)
        return emulator + "/" + TableOpener.table(emulator);
    }

    @Override
    protected boolean distant() {
        return true;
    }
}
