package dev.portolan.gcp.firestore;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The collection that a store keeps its entries in, and how to reach it. The collection is the store's
/// alone.
///
/// @param database its id; `(default)` for the one that a project has without asking
/// @param collection its id: letters, digits, `-` and `_`, at most 100 of them
/// @param emulator `host:port` of Firestore's emulator, as `FIRESTORE_EMULATOR_HOST` names it; null for
///     Google Cloud
/// @param timeout how long one request may take, repetitions included. A write that is answered at once is
///     one request; one that must look up what became of it is at most six.
public record FirestoreCollection(
        String project,
        String database,
        String collection,
        @Nullable String emulator,
        Duration timeout) {

    private static final Pattern ID = Pattern.compile("(?!__.*__)[A-Za-z0-9_-]{1,100}");

    public FirestoreCollection {
        if (project.isEmpty() || database.isEmpty()) {
            throw new IllegalArgumentException("a Firestore collection needs a project and a database");
        }
        if (!ID.matcher(collection).matches()) {
            throw new IllegalArgumentException(
                    "a collection has up to 100 letters, digits, - and _, and is not __*__: " + collection);
        }
        if (!timeout.isPositive()) {
            throw new IllegalArgumentException("timeout must be positive, not " + timeout);
        }
    }

    /// A collection of a project's default database in Google Cloud; a request may take five seconds.
    public static FirestoreCollection of(String project, String collection) {
        return new FirestoreCollection(project, "(default)", collection, null, Duration.ofSeconds(5));
    }

    /// The same in another place, or back in Google Cloud.
    public FirestoreCollection withEmulator(@Nullable String emulator) {
        return new FirestoreCollection(project, database, collection, emulator, timeout);
    }

    /// The same with another patience.
    public FirestoreCollection withTimeout(Duration timeout) {
        return new FirestoreCollection(project, database, collection, emulator, timeout);
    }

    String databaseName() {
        return "projects/" + project + "/databases/" + database;
    }

    String parent() {
        return databaseName() + "/documents";
    }

    /// The full name of a document.
    String document(String id) {
        return parent() + "/" + collection + "/" + id;
    }

    @Override
    public String toString() {
        return parent() + "/" + collection;
    }
}
