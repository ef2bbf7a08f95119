package dev.portolan.gcp.firestore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class DocumentIdTest {

    @Test
    void idsAreInTheOrderOfTheirBytes() {
        Random random = new Random(1);
        for (int i = 0; i < 200_000; i++) {
            byte[] one = bytes(random);
            byte[] other = random.nextBoolean() ? bytes(random) : near(one, random);

            assertThat(Integer.signum(DocumentId.of(one).compareTo(DocumentId.of(other))))
                    .as("%s and %s", Arrays.toString(one), Arrays.toString(other))
                    .isEqualTo(Integer.signum(Arrays.compareUnsigned(one, other)));
        }
    }

    @Test
    void theLongestKeyHasAnIdThatFirestoreTakes() {
        byte[] longest = new byte[1024];
        Arrays.fill(longest, (byte) 0xff);

        assertThat(DocumentId.of(longest))
                .hasSize(1367)
                .matches("[A-Za-z0-9_-]+")
                .doesNotStartWith("__");
    }

    private static byte[] bytes(Random random) {
        byte[] bytes = new byte[random.nextInt(9)];
        random.nextBytes(bytes);
        return bytes;
    }

    /// The same bytes, but for the last, or one more.
    private static byte[] near(byte[] bytes, Random random) {
        byte[] near = Arrays.copyOf(bytes, bytes.length + random.nextInt(2));
        if (near.length > 0) {
            near[near.length - 1] = (byte) random.nextInt();
        }
        return near;
    }
}
