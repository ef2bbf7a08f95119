package dev.portolan.execution;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// Random values that JSON has, and names that a careless record would mix up with its own.
final class RandomJson {

    private RandomJson() {}

    static Object something(Random random) {
        Object value = value(random, 1);
        return value == null ? "none" : value;
    }

    static @Nullable Object value(Random random, int depth) {
        return switch (random.nextInt(depth < 3 ? 9 : 7)) {
            case 0 -> null;
            case 1 -> random.nextBoolean();
            case 2 -> random.nextInt();
            case 3 -> random.nextLong();
            case 4 -> new BigDecimal(BigInteger.valueOf(random.nextInt()), random.nextInt(-3, 30));
            case 5 -> new BigInteger(random.nextInt(70, 200), random).setBit(65);
            case 6 -> Program.one(random, "", "a", "\"\\\n\u0000", "\u2028\ufeff", "\ud83d\ude00", "-0", "1e3");
            case 7 -> object(random, depth + 1);
            default -> Arrays.asList(value(random, depth + 1), value(random, depth + 1));
        };
    }

    static Map<String, @Nullable Object> object(Random random, int depth) {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            object.put(Program.one(random, "a", "b", "", "format", "status", "\"", "\u00e9"), value(random, depth + 1));
        }
        return object;
    }
}
