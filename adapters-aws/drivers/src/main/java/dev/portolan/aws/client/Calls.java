package dev.portolan.aws.client;

import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.client.builder.SdkClientBuilder;
import software.amazon.awssdk.core.exception.SdkException;

/// Calls for one resource, by a client that is made for the first of them. Thread-safe.
///
/// @param <C> the client
public final class Calls<C extends SdkClient> implements AutoCloseable {

    /// One call.
    ///
    /// @param <C> the client
    /// @param <T> the answer
    public interface Call<C, T> {

        /// Makes the call. Its request carries [Attempts#watched].
        T by(C client, Attempts attempts);
    }

    private final Resource resource;
    private final Supplier<? extends SdkClientBuilder<?, C>> maker;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable C client;

    /// @param maker how to make the client, once it is needed
    public Calls(Resource resource, Supplier<? extends SdkClientBuilder<?, C>> maker) {
        this.resource = resource;
        this.maker = maker;
    }

    /// Makes a call that changes nothing.
    ///
    /// @throws Failure with effect `NONE`
    public <T> T read(Call<C, T> call) {
        return read(resource, call);
    }

    /// As [#read(Call)], of another resource of the service, for whoever reads the failure.
    public <T> T read(Resource read, Call<C, T> call) {
        Attempts attempts = new Attempts();
        C made = client();
        try {
            return call.by(made, attempts);
        } catch (SdkException e) {
            throw AwsFailures.of(e, read, attempts).withEffect(Effect.NONE);
        }
    }

    /// Makes a call that changes something.
    ///
    /// @throws Failure with effect `UNKNOWN` unless each of its attempts was refused, or reached nobody
    public <T> T write(Call<C, T> call) {
        Attempts attempts = new Attempts();
        C made = client();
        try {
            return call.by(made, attempts);
        } catch (SdkException e) {
            throw AwsFailures.of(e, resource, attempts).withEffect(attempts.effect(e));
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (client != null) {
                client.close();
            }
        } finally {
            lock.unlock();
        }
    }

    private C client() {
        C made = client;
        if (made != null) {
            return made;
        }
        lock.lock();
        try {
            made = client;
            if (made == null) {
                made = make();
                client = made;
            }
            return made;
        } finally {
            lock.unlock();
        }
    }

    private C make() {
        try {
            SdkClientBuilder<?, C> builder = maker.get();
            builder.overrideConfiguration(builder.overrideConfiguration().toBuilder()
                    .addExecutionInterceptor(new Attempts.Watch())
                    .build());
            return builder.build();
        } catch (SdkException e) {
            throw new Failure(
                    Code.FAILED_PRECONDITION,
                    "no client for the " + resource + " can be made: most likely no region is set; set AWS_REGION",
                    e);
        }
    }
}
