package dev.portolan.composer.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.intake.ProfileDirectory;
import dev.portolan.intake.StoredProfiles;
import dev.portolan.json.Json;
import dev.portolan.state.InMemoryStateStore;
import dev.portolan.state.Indexes;
import dev.portolan.state.StateStore;
import dev.portolan.testing.ProfileDirectoryContract;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoredProfilesTest extends ProfileDirectoryContract {

    private final StateStore store = new InMemoryStateStore(InstantSource.fixed(Instant.EPOCH));

    @Override
    protected ProfileDirectory directory() {
        return new StoredProfiles(store, new Json());
    }

    @Test
    void keepsAProfileAsJsonUnderItsAddress() {
        directory().put("Ada@Example.com", Map.of("name", "Ada"));

        assertThat(store.find("profile:ada@example.com").orElseThrow().value())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("{\"name\":\"Ada\"}");
    }

    @Test
    void anEntryThatIsNoObjectIsNoProfile() {
        store.create("profile:ada@example.com", "7".getBytes(StandardCharsets.UTF_8), Indexes.NONE, null);

        Failure failure = catchThrowableOfType(Failure.class, () -> directory().find("ada@example.com"));

        assertThat(failure.code()).isEqualTo(Failure.Code.FAILED_PRECONDITION);
    }

    @Test
    void triesAgainAfterALostRace() {
        new StoredProfiles(losing(19), new Json()).put("ada@example.com", Map.of("name", "Ada"));

        assertThat(directory().find("ada@example.com")).contains(Map.of("name", "Ada"));
    }

    @Test
    void givesUpAfterTwentyLostRacesWithoutNamingTheAddress() {
        StoredProfiles contended = new StoredProfiles(losing(20), new Json());

        Failure failure =
                catchThrowableOfType(Failure.class, () -> contended.put("ada@example.com", Map.of("name", "Ada")));

        assertThat(failure.code()).isEqualTo(Failure.Code.CONFLICT);
        assertThat(failure.retryable()).isTrue();
        assertThat(failure).hasMessage("others keep changing the same profile; try again");
    }

    /// The store, to whose keys somebody else is always quicker for a while.
    private StateStore losing(int races) {
        AtomicInteger left = new AtomicInteger(races);
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("create") && left.getAndDecrement() > 0) {
                        throw new Failure(Failure.Code.CONFLICT, "profile:ada@example.com is taken");
                    }
                    return method.invoke(store, arguments);
                });
    }
}
