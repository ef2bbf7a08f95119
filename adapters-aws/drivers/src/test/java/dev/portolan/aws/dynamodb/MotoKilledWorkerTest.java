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
        URI emulator = Moto.server().address();
        return emulator + "/" + TableOpener.table(emulator);
    }

    @Override
    protected boolean distant() {
        return true;
    }
}
