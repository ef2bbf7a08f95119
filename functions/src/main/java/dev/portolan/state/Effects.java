package dev.portolan.state;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A ledger of effects in a store: each is recorded once under its key, and none after it was taken back.
///
/// Whatever undoes takes the key back first, also where nothing was recorded yet: that is the tombstone which a
/// late worker meets, whose lease was over while it still meant to act. An effect outside of the store (a
/// virtual machine, a mail) is as safe as what its maker does between recording and acting. Thread-safe.
public final class Effects {

    /// For how long a key is remembered; longer than any execution lives.
    private static final Duration KEPT = Duration.ofDays(180);

    private static final String PREFIX = "effect:";

    private static final byte RECORDED = 'R';
    private static final byte TAKEN_BACK = 'T';

    private final StateStore store;
    private final InstantSource clock;

    /// A ledger in a store that stays the caller's to close.
    public Effects(StateStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    /// Records an effect.
    ///
    /// @param effect what the effect is, for whoever takes it back; at least one byte
    /// @return whether this call did; false if the same effect was recorded under the key before
    /// @throws Failure `FAILED_PRECONDITION` if the key was taken back; `KEY_REUSED` if it holds another effect
    public boolean record(String key, byte[] effect) {
        if (effect.length == 0) {
            throw new IllegalArgumentException("an effect has at least one byte");
        }
        byte[] value = marked(RECORDED, effect);
        while (true) {
            Entry there = store.find(PREFIX + key).orElse(null);
            if (there != null) {
                if (mark(there) == TAKEN_BACK) {
                    throw new Failure(Code.FAILED_PRECONDITION, "the effect was taken back before it was made");
                }
                if (!Arrays.equals(there.value(), value)) {
                    throw new Failure(Code.KEY_REUSED, "another effect is recorded under the key");
                }
                return false;
            }
            if (written(null, PREFIX + key, value)) {
                return true;
            }
        }
    }

    /// What is recorded under a key; empty if nothing is, or it was taken back.
    public Optional<byte[]> find(String key) {
        return store.find(PREFIX + key).filter(entry -> mark(entry) == RECORDED).map(entry -> unmarked(entry.value()));
    }

    /// Takes a key back: from now on nothing is recorded under it.
    ///
    /// @return what was recorded, also where it was taken back before; empty if nothing ever was
    public Optional<byte[]> takeBack(String key) {
        while (true) {
            Entry there = store.find(PREFIX + key).orElse(null);
            if (there != null && mark(there) == TAKEN_BACK) {
                return Optional.of(unmarked(there.value())).filter(effect -> effect.length > 0);
            }
            byte[] effect = there == null ? new byte[0] : unmarked(there.value());
            if (written(there, PREFIX + key, marked(TAKEN_BACK, effect))) {
                return Optional.of(effect).filter(recorded -> recorded.length > 0);
            }
        }
    }

    /// Whether the write was the first; if not, or nobody can tell, the caller looks again.
    private boolean written(@Nullable Entry before, String key, byte[] value) {
        Instant expiresAt = clock.instant().plus(KEPT);
        try {
            if (before == null) {
                store.create(key, value, Indexes.NONE, expiresAt);
            } else {
                store.replace(before, value, Indexes.NONE, expiresAt);
            }
            return true;
        } catch (Failure failure) {
            if (failure.code() == Code.CONFLICT) {
                return false;
            }
            throw failure;
        }
    }

    private static byte mark(Entry entry) {
        if (entry.value().length == 0) {
            throw new Failure(Code.FAILED_PRECONDITION, "the record of an effect is torn: " + entry.key());
        }
        return entry.value()[0];
    }

    private static byte[] marked(byte mark, byte[] effect) {
        byte[] value = new byte[effect.length + 1];
        value[0] = mark;
        System.arraycopy(effect, 0, value, 1, effect.length);
        return value;
    }

    private static byte[] unmarked(byte[] value) {
        return Arrays.copyOfRange(value, 1, value.length);
    }
}
