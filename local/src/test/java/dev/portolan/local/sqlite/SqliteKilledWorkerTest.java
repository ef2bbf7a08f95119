package dev.portolan.local.sqlite;

import dev.portolan.proofs.KilledWorkerContract;
import dev.portolan.proofs.StoreOpener;
import java.nio.file.Path;

final class SqliteKilledWorkerTest extends KilledWorkerContract {

    @Override
    protected Class<? extends StoreOpener> opener() {
        return SqliteOpener.class;
    }

    @Override
    protected String address(Path folder) {
        return folder.resolve("state.db").toString();
    }
}
