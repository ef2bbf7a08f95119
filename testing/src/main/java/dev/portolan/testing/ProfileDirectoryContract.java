package dev.portolan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.portolan.intake.ProfileDirectory;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every [ProfileDirectory] must keep.
public abstract class ProfileDirectoryContract {

    private ProfileDirectory profiles;

    /// An empty directory.
    protected abstract ProfileDirectory directory();

    @BeforeEach
    void open() {
        profiles = directory();
    }

    @Test
    void nobodyIsKnownAtFirst() {
        assertThat(profiles.find("ada@example.com")).isEmpty();
    }

    @Test
    void findsWhatWasPutInItsOrder() {
        Map<String, Object> profile = new LinkedHashMap<>();
        profile.put("name", "Zoë");
        profile.put("address", Map.of("city", "Łódź"));
        profile.put("credit", new BigDecimal("19.90"));
        profile.put("tags", List.of("new", 7, true));
        profile.put("birthday", null);

        profiles.put("ada@example.com", profile);

        assertThat(profiles.find("ada@example.com").orElseThrow()).containsExactlyEntriesOf(profile);
    }

    @Test
    void addressesThatDifferInCaseAreOne() {
        profiles.put("Ada@Example.com", Map.of("name", "Ada"));

        assertThat(profiles.find("aDA@eXAMPLE.COM")).contains(Map.of("name", "Ada"));
    }

    @Test
    void otherAddressesAreOthers() {
        profiles.put("ada@example.com", Map.of("name", "Ada"));

        assertThat(profiles.find("ada@example.co")).isEmpty();
    }

    @Test
    void aProfileTakesThePlaceOfTheOneBefore() {
        profiles.put("ada@example.com", Map.of("name", "Ada", "city", "London"));
        profiles.put("ADA@example.com", Map.of("name", "Countess"));

        assertThat(profiles.find("ada@example.com")).contains(Map.of("name", "Countess"));
    }

    @Test
    void oneOfManyWritersAtOnceStands() throws Exception {
        List<Callable<Boolean>> writers = IntStream.range(0, 8)
                .mapToObj(n -> (Callable<Boolean>) () -> {
                    profiles.put("ada@example.com", Map.of("writer", n));
                    return true;
                })
                .toList();

        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (Future<Boolean> written : threads.invokeAll(writers)) {
                assertThat(written.get()).isTrue();
            }
        }

        assertThat((Integer) profiles.find("ada@example.com").orElseThrow().get("writer"))
                .isBetween(0, 7);
    }
}
