package dev.portolan.aws.dynamodb;

import dev.portolan.state.Place;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import software.amazon.awssdk.core.SdkBytes;

/// Where an entry stands in an index: 8 bytes of a rank, then 16 of its key's hash.
///
/// An index's sort key has at most 1,024 bytes, as a key of ours may have alone; the hash stands for it, so
/// that entries of one instant have an order of their own, and a page can begin behind any of them.
final class Order {

    private static final int HASH_BYTES = 16;

    private Order() {}

    /// The place of a key in an index.
    ///
    /// @param place not negative, and less than the largest number
    static SdkBytes of(Place place) {
        return SdkBytes.fromByteArrayUnsafe(ByteBuffer.allocate(Long.BYTES + HASH_BYTES)
                .putLong(place.milli())
                .put(hash(place.key()), 0, HASH_BYTES)
                .array());
    }

    /// Before all entries of a rank, and behind all that rank less.
    static SdkBytes before(long rank) {
        return SdkBytes.fromByteArrayUnsafe(
                ByteBuffer.allocate(Long.BYTES).putLong(rank).array());
    }

    /// Right behind a place, with nothing in between.
    static SdkBytes behind(SdkBytes order) {
        byte[] bytes = order.asByteArrayUnsafe();
        return SdkBytes.fromByteArrayUnsafe(Arrays.copyOf(bytes, bytes.length + 1));
    }

    static long rank(SdkBytes order) {
        return order.asByteBuffer().getLong();
    }

    static int compare(SdkBytes one, SdkBytes other) {
        return Arrays.compareUnsigned(one.asByteArrayUnsafe(), other.asByteArrayUnsafe());
    }

    /// The shard of a key, in both indexes: one character.
    static String shard(String key) {
        return shard(Math.floorMod(hash(key)[HASH_BYTES], DynamoDbTable.SHARDS));
    }

    static String shard(int number) {
        return Integer.toString(number, Character.MAX_RADIX);
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
