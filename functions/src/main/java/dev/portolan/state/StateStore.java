package dev.portolan.state;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps small values under keys, with conditional writes: the one thing that Portolan asks of a database.
///
/// Keys have 1 to 1,024 bytes of UTF-8, of any character. Values have at most [#valueLimit] bytes. Instants lie between
/// the years 1970 and 9999 and are kept to the millisecond; finer digits are cut off. An entry whose `expiresAt` has
/// come is absent to every method, whenever the database deletes it.
///
/// [#find] and the conditions of writes see every write that has returned. [#list] sees those that returned before it
/// began. [#due] and [#group] are indexes: they may lag behind, miss an entry, or show one that is gone or has changed;
/// whoever acts on what they show reads the entry again, or lets a conditional write decide.
///
/// Stores are thread-safe. Every method throws [dev.portolan.failure.Failure]: `INVALID` for a key, value, group or
/// instant out of bounds, with what was given and the limit, or for a page token that no page gave; `THROTTLED`,
/// `UNAVAILABLE` or `TIMEOUT` when the database does not do its work, with effect `UNKNOWN` on a write that may have
/// happened; nothing else unless said.
public interface StateStore extends AutoCloseable {

    /// Longest key and group name, in bytes of UTF-8.
    int KEY_LIMIT = 1024;

    /// The entry under a key.
    Optional<Entry> find(String key);

    /// Stores a value under a free key.
    ///
    /// @return the entry as stored
    /// @throws dev.portolan.failure.Failure `CONFLICT` if the key holds an unexpired entry; the store is unchanged
    Entry create(String key, byte[] value, Indexes indexes, @Nullable Instant expiresAt);

    /// Stores a value in place of an entry that was read before, indexes and expiry included.
    ///
    /// @return the entry as stored
    /// @throws dev.portolan.failure.Failure `CONFLICT` if the key has left that revision; the store is unchanged
    Entry replace(Entry read, byte[] value, Indexes indexes, @Nullable Instant expiresAt);

    /// Removes an entry that was read before.
    ///
    /// @throws dev.portolan.failure.Failure `CONFLICT` if the key has left that revision; the store is unchanged
    void delete(Entry read);

    /// The entries whose keys start with a prefix, in no promised order. An entry that is there all the while comes
    /// exactly once. On some databases this reads everything: it is for people and for backups.
    ///
    /// @param prefix empty for all
    Page list(String prefix, Page.Request page);

    /// The entries that are due at or before an instant, the longest overdue first.
    Page due(Instant before, Page.Request page);

    /// The entries of a group at or after an instant, the latest first.
    Page group(String group, Instant since, Page.Request page);

    /// Most bytes that a value may have.
    int valueLimit();

    /// Releases what the store holds on to; it cannot be used afterwards.
    @Override
    void close();
}
