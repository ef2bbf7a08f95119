package dev.portolan.aws.dynamodb;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Effect;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;

/// Calls of one table, by a client that is made for the first of them.
final class Calls {

    /// One call.
    interface Call<T> {
        T by(DynamoDbClient client, Attempts attempts);
    }

    private final String table;
    private final Supplier<DynamoDbClientBuilder> maker;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable DynamoDbClient client;

    Calls(String table, Supplier<DynamoDbClientBuilder> maker) {
        this.table = table;
        this.maker = maker;
    }

    String table() {
        return table;
    }

    /// Makes a call that changes nothing.
    <T> T read(Call<T> call) {
        Attempts attempts = new Attempts();
        try {
            return call.by(client(), attempts);
        } catch (SdkException e) {
            throw DynamoDbFailures.of(e, table, attempts.sent(), Effect.NONE);
        }
    }

    /// Makes a call that changes something.
    ///
    /// @throws Failure with effect `UNKNOWN` unless all of its attempts were refused
    <T> T write(Call<T> call) {
        Attempts attempts = new Attempts();
        try {
            return call.by(client(), attempts);
        } catch (SdkException e) {
            throw DynamoDbFailures.of(e, table, attempts.sent(), attempts.effect());
        }
    }

    void close() {
        lock.lock();
        try {
            if (client != null) {
                client.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private DynamoDbClient client() {
        DynamoDbClient made = client;
        if (made != null) {
            return made;
        }
        lock.lock();
        try {
            made = client;
            if (made == null) {
                DynamoDbClientBuilder builder = maker.get();
                made = builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                                .addExecutionInterceptor(new Attempts.Watch())
                                .build())
                        .build();
                client = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }
}
