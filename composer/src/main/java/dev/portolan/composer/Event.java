package dev.portolan.composer;

import dev.portolan.failure.Failure;
import dev.portolan.invocation.Headers;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Work, as every adapter hands it over.
///
/// @param id names the work, not the delivery: the same when it is delivered again. Effects are keyed by it.
/// @param body a plain JSON tree, or a value that the first step takes as it is
/// @param headers what came with it
public record Event(String id, @Nullable Object body, Headers headers) {

    /// Most bytes that a body may come in: what AWS Lambda takes. A pipeline that runs on one host runs on all.
    public static final int BODY_LIMIT = 6 * 1024 * 1024;

    private static final int KEY_LIMIT = 255;

    /// Work for a pipeline under a key: the same key in another pipeline is other work.
    ///
    /// @throws Failure `INVALID` if the key is none: 1 to 255 printable characters
    public static Event of(Pipeline pipeline, String key, @Nullable Object body, Headers headers) {
        if (key.isBlank() || key.length() > KEY_LIMIT || hasControl(key)) {
            throw new Failure(Failure.Code.INVALID, "a key has 1 to " + KEY_LIMIT + " printable characters");
        }
        return new Event(pipeline.name() + ":" + key, body, headers);
    }

    private static boolean hasControl(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (Character.isISOControl(key.charAt(i))) {
                return true;
            }
        }
        return false;
    }

    /// A key that somebody outside chose. Those that hosts make of a message's id begin with `:`, so that no
    /// caller can take one for its own.
    ///
    /// @throws Failure `INVALID` if it begins with `:`
    public static String chosen(String key) {
        if (key.startsWith(":")) {
            throw new Failure(Failure.Code.INVALID, "a key does not begin with ':'; those of hosts do");
        }
        return key;
    }

    /// A key that nobody has used: 128 random bits.
    public static String freshKey(RandomGenerator random) {
        byte[] bytes = new byte[16];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /// The failure of a body that is larger than [#BODY_LIMIT].
    public static Failure tooLarge() {
        return new Failure(
                Failure.Code.INVALID,
                "the input has more than " + BODY_LIMIT + " bytes, the most that every host takes;"
                        + " keep large data in an object store and pass its name");
    }
}
