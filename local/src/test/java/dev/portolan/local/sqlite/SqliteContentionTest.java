package dev.portolan.local.sqlite;

import dev.portolan.proofs.ContentionContract;
import dev.portolan.proofs.StoreOpener;
import java.nio.file.Path;

final class SqliteContentionTest extends ContentionContract {

    @Override
    protected Class<? extends StoreOpener> opener() {
        return SqliteOpener.class;
    }

    @Override
    protected String address(Path folder) {
        return folder.resolve("state.db").toString();
    }
}
