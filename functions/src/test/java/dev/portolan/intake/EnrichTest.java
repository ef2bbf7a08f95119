package dev.portolan.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Violation;
import dev.portolan.state.Codec;
import dev.portolan.state.InMemoryStateStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnrichTest {

    private final ProfileDirectory profiles =
            new StoredProfiles(new InMemoryStateStore(InstantSource.fixed(Instant.EPOCH)), new SerializingCodec());
    private final Enrich enrich = new Enrich(profiles, Enrich.Config.USUAL);

    @Test
    void whatTheProfileHasWins() {
        profiles.put("ada@example.com", Map.of("city", "London", "name", "Ada"));

        assertThat(enrich.apply(Map.of("email", "ada@example.com", "city", "Paris", "order", 7)))
                .isEqualTo(Map.of("email", "ada@example.com", "city", "London", "order", 7, "name", "Ada"));
    }

    @Test
    void aNullInTheProfileWinsToo() {
        profiles.put("ada@example.com", Collections.singletonMap("city", null));

        assertThat(enrich.apply(Map.of("email", "ada@example.com", "city", "Paris")))
                .containsEntry("city", null);
    }

    @Test
    void fieldsKeepTheirOrderAndNewOnesFollow() {
        profiles.put("ada@example.com", new LinkedHashMap<>(Map.of("city", "London")));
        Map<String, Object> payload = new LinkedHashMap<>();
        payload.put("z", 1);
        payload.put("email", "ada@example.com");
        payload.put("a", null);

        assertThat(enrich.apply(payload).keySet()).containsExactly("z", "email", "a", "city");
    }

    @Test
    void leavesItsInputAsItWas() {
        profiles.put("ada@example.com", Map.of("city", "London"));
        Map<String, Object> payload =
                Collections.unmodifiableMap(new LinkedHashMap<>(Map.of("email", "ada@example.com")));

        enrich.apply(payload);

        assertThat(payload).containsExactly(Map.entry("email", "ada@example.com"));
    }

    @Test
    void anUnknownAddressIsNotFoundAndNotNamed() {
        Failure failure = catchThrowableOfType(Failure.class, () -> enrich.apply(Map.of("email", "ada@example.com")));

        assertThat(failure.code()).isEqualTo(Failure.Code.NOT_FOUND);
        assertThat(failure)
                .hasMessage("no profile is stored for the address at /email; store one, or set unknown-profile: pass");
    }

    @Test
    void anUnknownAddressPassesWhereThatIsConfigured() {
        Enrich passing = new Enrich(profiles, new Enrich.Config(Enrich.UnknownProfile.PASS));

        assertThat(passing.apply(Map.of("email", "ada@example.com", "order", 7)))
                .isEqualTo(Map.of("email", "ada@example.com", "order", 7));
    }

    @Test
    void aKnownAddressIsEnrichedWhereUnknownOnesPass() {
        profiles.put("ada@example.com", Map.of("city", "London"));
        Enrich passing = new Enrich(profiles, new Enrich.Config(Enrich.UnknownProfile.PASS));

        assertThat(passing.apply(Map.of("email", "ada@example.com"))).containsEntry("city", "London");
    }

    @Test
    void refusesAPayloadWithoutAddress() {
        assertThat(catchThrowableOfType(Failure.class, () -> enrich.apply(Map.of()))
                        .violations())
                .containsExactly(new Violation("/email", "missing"));
    }

    @Test
    void refusesAnAddressThatIsNoStringEvenWhereUnknownOnesPass() {
        Enrich passing = new Enrich(profiles, new Enrich.Config(Enrich.UnknownProfile.PASS));

        assertThatThrownBy(() -> passing.apply(Map.of("email", List.of()))).hasMessage("/email: must be a string");
    }

    /// JSON is the composer's; this one is enough for maps of the JDK.
    private static final class SerializingCodec implements Codec {

        @Override
        public byte[] encode(Object value) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream objects = new ObjectOutputStream(bytes)) {
                objects.writeObject(value);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
            return bytes.toByteArray();
        }

        @Override
        public Object decode(byte[] bytes) {
            try (ObjectInputStream objects = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
                return objects.readObject();
            } catch (IOException | ClassNotFoundException e) {
                throw new AssertionError(e);
            }
        }
    }
}
