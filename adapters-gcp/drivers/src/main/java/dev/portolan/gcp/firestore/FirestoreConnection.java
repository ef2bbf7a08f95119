package dev.portolan.gcp.firestore;

import com.google.api.core.ApiFuture;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.FixedHeaderProvider;
import com.google.api.gax.rpc.ServerStream;
import com.google.api.gax.rpc.StatusCode;
import com.google.cloud.firestore.v1.FirestoreClient;
import com.google.cloud.firestore.v1.FirestoreSettings;
import com.google.firestore.v1.BatchGetDocumentsRequest;
import com.google.firestore.v1.BatchGetDocumentsResponse;
import com.google.firestore.v1.CommitRequest;
import com.google.firestore.v1.Document;
import com.google.firestore.v1.RunQueryRequest;
import com.google.firestore.v1.RunQueryResponse;
import com.google.firestore.v1.StructuredQuery;
import com.google.firestore.v1.Write;
import com.google.protobuf.Timestamp;
import dev.portolan.failure.Failure.Effect;
import io.grpc.ClientInterceptor;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The requests that a store makes of Firestore, each with a deadline. The client is made for the first of
/// them.
///
/// The client repeats reads that failed, and a commit that was aborted, which did not happen. It repeats no
/// commit of unknown fate: whoever asked for it knows what to look for.
final class FirestoreConnection implements AutoCloseable {

    private static final Set<StatusCode.Code> READ_AGAIN =
            Set.of(StatusCode.Code.UNAVAILABLE, StatusCode.Code.INTERNAL, StatusCode.Code.ABORTED);
    private static final int ATTEMPTS = 5;
    private static final int GOODBYE_SECONDS = 2;

    private final FirestoreCollection where;
    private final List<ClientInterceptor> interceptors;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable FirestoreClient client;
    private volatile boolean closed;

    FirestoreConnection(FirestoreCollection where, List<ClientInterceptor> interceptors) {
        this.where = where;
        this.interceptors = List.copyOf(interceptors);
    }

    /// Makes one write, if its precondition holds.
    ///
    /// @return when it happened
    Timestamp commit(Write write) {
        CommitRequest request = CommitRequest.newBuilder()
                .setDatabase(where.databaseName())
                .addWrites(write)
                .build();
        return await(client().commitCallable().futureCall(request), Effect.UNKNOWN)
                .getWriteResults(0)
                .getUpdateTime();
    }

    /// The document of that name, or null for none. A missing database is a failure, which it would not be
    /// if the document were asked for with `GetDocument`: that answers `NOT_FOUND` to both.
    @Nullable
    Document get(String name) {
        BatchGetDocumentsRequest request = BatchGetDocumentsRequest.newBuilder()
                .setDatabase(where.databaseName())
                .addDocuments(name)
                .build();
        return await(client().batchGetDocumentsCallable().all().futureCall(request), Effect.NONE).stream()
                .filter(BatchGetDocumentsResponse::hasFound)
                .map(BatchGetDocumentsResponse::getFound)
                .findFirst()
                .orElse(null);
    }

    /// Starts a query; [#hasNext] asks for its answers.
    ServerStream<RunQueryResponse> query(StructuredQuery query) {
        RunQueryRequest request = RunQueryRequest.newBuilder()
                .setParent(where.parent())
                .setStructuredQuery(query)
                .build();
        return client().runQueryCallable().call(request);
    }

    /// Waits for the next answer to a query.
    boolean hasNext(Iterator<RunQueryResponse> answers) {
        try {
            return answers.hasNext();
        } catch (RuntimeException e) {
            if (e.getCause() instanceof InterruptedException) {
                throw FirestoreFailures.interrupted(where, Effect.NONE, e);
            }
            throw FirestoreFailures.of(e, where, Effect.NONE);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            FirestoreClient open = client;
            client = null;
            if (open != null) {
                release(open);
            }
        } finally {
            lock.unlock();
        }
    }

    private static void release(FirestoreClient open) {
        open.shutdown();
        try {
            if (!open.awaitTermination(GOODBYE_SECONDS, TimeUnit.SECONDS)) {
                open.shutdownNow();
            }
        } catch (InterruptedException e) {
            open.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private <T> T await(ApiFuture<T> answer, Effect effect) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw FirestoreFailures.of(cause == null ? e : cause, where, effect);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw FirestoreFailures.interrupted(where, effect, e);
        }
    }

    private FirestoreClient client() {
        FirestoreClient open = client;
        if (open != null) {
            return open;
        }
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("the store is closed");
            }
            if (client == null) {
                client = FirestoreClient.create(settings());
            }
            return client;
        } catch (IOException e) {
            throw FirestoreFailures.unauthenticated(where, e);
        } finally {
            lock.unlock();
        }
    }

    private FirestoreSettings settings() throws IOException {
        InstantiatingGrpcChannelProvider.Builder channel =
                FirestoreSettings.defaultGrpcTransportProviderBuilder().setInterceptorProvider(() -> interceptors);
        FirestoreSettings.Builder settings = FirestoreSettings.newBuilder();
        String emulator = where.emulator();
        if (emulator != null) {
            channel.setEndpoint(emulator).setChannelConfigurator(builder -> builder.usePlaintext());
            settings.setCredentialsProvider(NoCredentialsProvider.create())
                    .setHeaderProvider(FixedHeaderProvider.create("Authorization", "Bearer owner"));
        }
        settings.setTransportChannelProvider(channel.build());
        settings.commitSettings().setRetryableCodes(StatusCode.Code.ABORTED).setRetrySettings(patience());
        settings.batchGetDocumentsSettings().setRetryableCodes(READ_AGAIN).setRetrySettings(patience());
        settings.runQuerySettings().setRetryableCodes(READ_AGAIN).setRetrySettings(patience());
        return settings.build();
    }

    private RetrySettings patience() {
        return RetrySettings.newBuilder()
                .setInitialRetryDelayDuration(Duration.ofMillis(20))
                .setRetryDelayMultiplier(2)
                .setMaxRetryDelayDuration(Duration.ofMillis(500))
                .setMaxAttempts(ATTEMPTS)
                .setLogicalTimeout(where.timeout())
                .build();
    }
}
