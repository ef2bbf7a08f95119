package dev.portolan.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.portolan.failure.Failure;
import dev.portolan.state.Entry;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import dev.portolan.testing.StateStoreContract;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ObservedStateStoreTest extends StateStoreContract {

    @Override
    protected StateStore open(InstantSource clock) {
        return new ObservedStateStore(new InMemoryStateStore(clock), key -> {});
    }

    @Test
    void everyWriteIsHeardOfThatHappened() {
        List<String> heard = new ArrayList<>();
        try (StateStore store = new ObservedStateStore(new InMemoryStateStore(InstantSource.system()), heard::add)) {
            Entry first = store.create("a", new byte[1], Indexes.NONE, null);
            Entry second = store.replace(first, new byte[2], Indexes.NONE, null);
            assertThatThrownBy(() -> store.replace(first, new byte[3], Indexes.NONE, null))
                    .isInstanceOf(Failure.class);
            store.create("b", new byte[1], Indexes.NONE, null);
            store.delete(second);
        }

        assertThat(heard).containsExactly("a", "a", "b", "a");
    }
}
