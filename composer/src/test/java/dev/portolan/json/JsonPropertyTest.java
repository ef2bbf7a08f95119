package dev.portolan.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Every tree that JSON can hold comes back as it was, order and scale of numbers included.
final class JsonPropertyTest {

    private static final int TREES = 5_000;
    private static final int DEEPEST = 5;

    private final Json json = new Json();

    @Test
    void randomTreesRoundTrip() {
        for (long seed = 1; seed <= TREES; seed++) {
            Object tree = tree(new SplittableRandom(seed), 0);

            byte[] bytes = json.encode(tree);

            assertThat(json.decode(bytes)).as("seed %d", seed).isEqualTo(tree);
            assertThat(json.encode(json.decode(bytes)))
                    .as("order, seed %d", seed)
                    .isEqualTo(bytes);
            assertThat(json.decode(json.pretty(tree)))
                    .as("pretty, seed %d", seed)
                    .isEqualTo(tree);
        }
    }

    private static @Nullable Object tree(SplittableRandom random, int depth) {
        return switch (random.nextInt(depth < DEEPEST ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> narrowest(BigInteger.valueOf(random.nextLong()));
            case 4 -> narrowest(new BigInteger(random.nextInt(1, 200), new java.util.Random(random.nextLong())));
            case 5 -> new BigDecimal(BigInteger.valueOf(random.nextLong()), scale(random));
            case 6 -> text(random);
            case 7 -> {
                List<@Nullable Object> array = new ArrayList<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    array.add(tree(random, depth + 1));
                }
                yield array;
            }
            default -> {
                Map<String, @Nullable Object> object = new LinkedHashMap<>();
                for (int i = random.nextInt(5); i > 0; i--) {
                    object.put(text(random), tree(random, depth + 1));
                }
                yield object;
            }
        };
    }

    /// Never 0: a decimal without fraction and exponent is read as a whole number.
    private static int scale(SplittableRandom random) {
        return random.nextBoolean() ? random.nextInt(1, 400) : -random.nextInt(1, 400);
    }

    private static Object narrowest(BigInteger number) {
        if (number.bitLength() < Integer.SIZE) {
            return number.intValue();
        }
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    private static String text(SplittableRandom random) {
        int[] characters = random.ints(random.nextInt(12), 0, Character.MAX_CODE_POINT + 1)
                .map(c -> random.nextBoolean() ? c % 0x80 : c)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .toArray();
        return new String(characters, 0, characters.length);
    }
}
