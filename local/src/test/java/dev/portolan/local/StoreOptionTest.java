package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.driver.Driver;
import dev.portolan.local.sqlite.SqliteStateStore;
import dev.portolan.state.StateStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// State that is kept elsewhere, by the address of a driver.
class StoreOptionTest {

    @TempDir
    private Path folder;

    private Shop shop;

    /// Stores in files, by their paths.
    public static final class Shelf implements Driver {
        @Override
        public String scheme() {
            return "shelf";
        }

        @Override
        public StateStore store(String name, Host host) {
            return SqliteStateStore.open(Path.of(name), host.clock());
        }
    }

    @BeforeEach
    void openTheShop() throws IOException {
        shop = new Shop(folder);
    }

    @Test
    void stateIsInTheStoreOfTheAddressAndNotInTheDataFolder() {
        String store = "shelf:" + folder.resolve("elsewhere.db");
        CommandLineRun run = shop.run("run", "order", "--key", "o-1", "--input", shop.input(), "--store", store);

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(shop.run("execution", "show", "order:o-1", "--store", store).code())
                .isZero();
        assertThat(shop.run("execution", "show", "order:o-1").code()).isEqualTo(1);
    }

    @Test
    void anUnknownDriverIsRefusedWithTheNearest() {
        CommandLineRun run = shop.run("run", "order", "--input", shop.input(), "--store", "shelv:x");

        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains("--store: no driver 'shelv'").contains("did you mean 'shelf'?");
    }
}
