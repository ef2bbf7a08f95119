package dev.portolan.local.sqlite;

import dev.portolan.proofs.StoreOpener;
import dev.portolan.state.StateStore;
import java.nio.file.Path;
import java.time.InstantSource;

/// Opens the embedded store by its file's path.
final class SqliteOpener implements StoreOpener {

    @Override
    public StateStore open(String address, InstantSource clock) {
        return SqliteStateStore.open(Path.of(address), clock);
    }
}
