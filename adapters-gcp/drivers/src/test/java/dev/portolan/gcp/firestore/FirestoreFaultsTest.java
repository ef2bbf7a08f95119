package dev.portolan.gcp.firestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Any;
import com.google.protobuf.util.Durations;
import com.google.rpc.QuotaFailure;
import com.google.rpc.RequestInfo;
import com.google.rpc.RetryInfo;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import io.grpc.ClientInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The driver when the network or the service fails, between the real client and the emulator.
@ExtendWith(FirestoreEmulator.class)
@Timeout(120)
final class FirestoreFaultsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final InstantSource CLOCK = InstantSource.fixed(NOW);
    private static final byte[] VALUE = {1, 2, 3};
    private static final byte[] OTHER = {4};
    private static final String SECRET = "secret-key";

    private final FirestoreCollection where = FirestoreEmulator.collection();
    private final Faults faults = new Faults();
    private final FirestoreStateStore store = store(where, List.of(faults));
    private final FirestoreStateStore another = store(where, List.of());

    @AfterEach
    void close() {
        store.close();
        another.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = Status.Code.class,
            names = {"UNAVAILABLE", "DEADLINE_EXCEEDED", "INTERNAL", "CANCELLED", "UNKNOWN"})
    void aWriteWhoseAnswerIsLostIsKnownAgain(Status.Code lost) {
        faults.loseAnswer(lost.toStatus()).loseAnswer(lost.toStatus());

        Entry created = create(store);
        Entry replaced = store.replace(created, OTHER, Indexes.NONE, null);

        assertThat(another.find(SECRET)).get().usingRecursiveComparison().isEqualTo(replaced);
        assertThat(faults.seen()).containsExactly("Commit", "BatchGetDocuments", "Commit", "BatchGetDocuments");
    }

    @Test
    void aWriteThatDidNotArriveIsMadeAgain() {
        faults.refuseCommit(Status.UNAVAILABLE);

        Entry created = create(store);

        assertThat(another.find(SECRET)).get().usingRecursiveComparison().isEqualTo(created);
    }

    /// The twin stands for the first attempt: it writes the same, token included, once the second is on its way.
    @Test
    void aWriteThatArrivesLateIsNoConflictWithItsRepetition() {
        try (FirestoreStateStore first = new FirestoreStateStore(where, CLOCK, new Random(7), List.of(faults));
                FirestoreStateStore twin = new FirestoreStateStore(where, CLOCK, new Random(7))) {
            faults.refuseCommit(Status.UNAVAILABLE).beforeCommit(() -> create(twin));

            Entry created = create(first);

            assertThat(another.find(SECRET)).get().usingRecursiveComparison().isEqualTo(created);
        }
    }

    @Test
    void aLostAnswerThatCannotBeLookedUpIsInDoubt() {
        faults.loseAnswer(Status.UNAVAILABLE).refuseRead(Status.PERMISSION_DENIED);

        Failure failure = failure(() -> create(store));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(another.find(SECRET)).isPresent();
    }

    @Test
    void aRefusalAfterALostAnswerLeavesTheWriteInDoubt() {
        faults.refuseCommit(Status.UNAVAILABLE).refuseCommit(Status.PERMISSION_DENIED);

        Failure failure = failure(() -> create(store));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void aLostAnswerIsInDoubtWhereAnotherHasWrittenSince() {
        Entry created = create(store);
        faults.loseAnswer(
                Status.UNAVAILABLE,
                () -> another.replace(another.find(SECRET).orElseThrow(), VALUE, Indexes.NONE, null));

        Failure failure = failure(() -> store.replace(created, OTHER, Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void aDeletionWhoseAnswerIsLostIsInDoubtAndNoConflict() {
        Entry created = create(store);
        faults.loseAnswer(Status.UNAVAILABLE);

        Failure failure = failure(() -> store.delete(created));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(another.find(SECRET)).isEmpty();
    }

    @Test
    void aDeletionThatDidNotArriveIsMadeAgain() {
        Entry created = create(store);
        faults.refuseCommit(Status.UNAVAILABLE);

        store.delete(created);

        assertThat(another.find(SECRET)).isEmpty();
    }

    @Test
    void contentionThatPassesIsNotSeen() {
        faults.refuseCommit(Status.ABORTED).refuseCommit(Status.ABORTED);

        Entry created = create(store);

        assertThat(another.find(SECRET)).get().usingRecursiveComparison().isEqualTo(created);
        assertThat(faults.seen()).containsExactly("Commit", "Commit", "Commit");
    }

    @Test
    void contentionThatStaysIsThrottledWhileTheEntryIsUnchanged() {
        Entry created = create(store);
        abortCommits();

        Failure failure = failure(() -> store.replace(created, OTHER, Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.THROTTLED);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
        assertThat(failure.providerCode()).isEqualTo("ABORTED");
        assertThat(Collections.frequency(faults.seen(), "Commit")).isLessThanOrEqualTo(16);
    }

    @Test
    void contentionThatStaysIsAConflictOnceTheEntryHasChanged() {
        Entry created = create(store);
        another.replace(created, VALUE, Indexes.NONE, null);
        abortCommits();

        Failure failure = failure(() -> store.replace(created, OTHER, Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.CONFLICT);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "PERMISSION_DENIED, DENIED, NONE",
        "UNAUTHENTICATED, UNAUTHENTICATED, NONE",
        "RESOURCE_EXHAUSTED, THROTTLED, NONE",
        "UNAVAILABLE, UNAVAILABLE, UNKNOWN",
        "DEADLINE_EXCEEDED, TIMEOUT, UNKNOWN",
        "INTERNAL, UNAVAILABLE, UNKNOWN",
        "DATA_LOSS, UNKNOWN, UNKNOWN",
    })
    void whatAWriteMeetsBecomesAFailureThatSaysWhatItLeft(Status.Code status, Code code, Effect effect) {
        for (int i = 0; i < 3; i++) {
            faults.refuseCommit(status.toStatus().withDescription(SECRET));
        }

        Failure failure = failure(() -> create(store));

        assertThat(failure.code()).isEqualTo(code);
        assertThat(failure.effect()).isEqualTo(effect);
        assertThat(failure.providerCode()).isEqualTo(status.name());
        assertThat(failure.detail()).contains(where.toString()).doesNotContain(SECRET);
        assertThat(another.find(SECRET)).isEmpty();
    }

    @Test
    void aQuotaThatIsNamedIsAQuotaAndSaysWhenToComeBack() {
        StatusRuntimeException exhausted = StatusProto.toStatusRuntimeException(com.google.rpc.Status.newBuilder()
                .setCode(Status.Code.RESOURCE_EXHAUSTED.value())
                .addDetails(Any.pack(QuotaFailure.getDefaultInstance()))
                .addDetails(Any.pack(RetryInfo.newBuilder()
                        .setRetryDelay(Durations.fromMillis(7300))
                        .build()))
                .addDetails(Any.pack(
                        RequestInfo.newBuilder().setRequestId("request-1").build()))
                .build());
        faults.refuseCommit(exhausted.getStatus(), exhausted.getTrailers());

        Failure failure = failure(() -> create(store));

        assertThat(failure.code()).isEqualTo(Code.QUOTA);
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(7300));
        assertThat(failure.requestId()).isEqualTo("request-1");
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
    }

    @ParameterizedTest
    @CsvSource({
        "PERMISSION_DENIED, DENIED",
        "DEADLINE_EXCEEDED, TIMEOUT",
        "NOT_FOUND, FAILED_PRECONDITION",
        "FAILED_PRECONDITION, FAILED_PRECONDITION",
    })
    void whatAReadingMeetsBecomesAFailureThatLeftNothing(Status.Code status, Code code) {
        for (ThrowingCallable reading : List.<ThrowingCallable>of(
                () -> store.find(SECRET),
                () -> store.list(SECRET, Page.Request.first(5)),
                () -> store.due(NOW, Page.Request.first(5)),
                () -> store.group(SECRET, NOW, Page.Request.first(5)))) {
            faults.refuseRead(status.toStatus().withDescription(SECRET));

            Failure failure = failure(reading);

            assertThat(failure.code()).isEqualTo(code);
            assertThat(failure.effect()).isEqualTo(Effect.NONE);
            assertThat(failure.detail()).contains(where.toString()).doesNotContain(SECRET);
        }
    }

    @Test
    void aReadingThatFailsForAMomentIsMadeAgain() {
        Entry created = create(store);

        faults.refuseRead(Status.UNAVAILABLE).refuseRead(Status.INTERNAL);
        assertThat(store.find(SECRET)).get().usingRecursiveComparison().isEqualTo(created);
        faults.refuseRead(Status.UNAVAILABLE);
        assertThat(store.list("", Page.Request.first(5)).entries()).hasSize(1);
    }

    @Test
    void aServerThatNeverAnswersIsGivenUpInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FirestoreStateStore waiting = store(
                        where.withEmulator("127.0.0.1:" + silent.getLocalPort()).withTimeout(Duration.ofMillis(300)),
                        List.of())) {
            long start = System.nanoTime();
            Failure read = failure(() -> waiting.find(SECRET));
            Failure written = failure(() -> create(waiting));
            Failure listed = failure(() -> waiting.due(NOW, Page.Request.first(5)));

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
            assertThat(List.of(read, written, listed)).extracting(Failure::code).containsOnly(Code.TIMEOUT);
            assertThat(written.effect()).isEqualTo(Effect.UNKNOWN);
            assertThat(read.effect()).isEqualTo(Effect.NONE);
        }
    }

    @Test
    void whoIsInterruptedDoesNotWaitAndStaysInterrupted() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                FirestoreStateStore waiting =
                        store(where.withEmulator("127.0.0.1:" + silent.getLocalPort()), List.of())) {
            for (ThrowingCallable call : List.<ThrowingCallable>of(
                    () -> waiting.find(SECRET), () -> create(waiting), () -> waiting.list("", Page.Request.first(5)))) {
                Thread.currentThread().interrupt();

                Failure failure = failure(call);

                assertThat(Thread.interrupted()).isTrue();
                assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
                assertThat(failure.detail()).contains("interrupted");
            }
        }
    }

    @Test
    void aClosedStoreSaysSo() {
        store.find(SECRET);
        store.close();

        assertThatThrownBy(() -> store.find(SECRET))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void aStoreThatIsNotUsedConnectsToNothing() {
        store(where.withEmulator("no such host:x"), List.of()).close();
    }

    private void abortCommits() {
        for (int i = 0; i < 50; i++) {
            faults.refuseCommit(Status.ABORTED);
        }
    }

    private static Entry create(FirestoreStateStore store) {
        return store.create(SECRET, VALUE, Indexes.NONE, null);
    }

    private static Failure failure(ThrowingCallable call) {
        return catchThrowableOfType(Failure.class, call);
    }

    private static FirestoreStateStore store(FirestoreCollection where, List<ClientInterceptor> interceptors) {
        return new FirestoreStateStore(where, CLOCK, new SecureRandom(), interceptors);
    }
}
