package dev.portolan.aws.dynamodb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.portolan.aws.client.Faults;
import dev.portolan.aws.client.Faults.Fault;
import dev.portolan.failure.Failure;
import dev.portolan.failure.Failure.Code;
import dev.portolan.failure.Failure.Effect;
import dev.portolan.failure.Failure.Scope;
import dev.portolan.state.Entry;
import dev.portolan.state.Indexes;
import dev.portolan.state.Page;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClientBuilder;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

@Timeout(60)
final class DynamoDbFaultsTest {

    private static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
    private static final byte[] OLD = "old".getBytes(UTF_8);
    private static final byte[] NEW = "new".getBytes(UTF_8);
    private static final String KEY = "customer@example.com";

    private final String table = LocalDynamoDb.table();
    private final DynamoDbStateStore calm = store(LocalDynamoDb::client);

    @AfterEach
    void close() {
        calm.close();
    }

    @Test
    void aCreateWhoseAnswerWasLostIsNoConflict() {
        Faults faults = new Faults("PutItem", Faults.lost());

        Entry created;
        try (DynamoDbStateStore store = store(over(faults))) {
            created = store.create(KEY, NEW, Indexes.NONE, null);
        }

        assertThat(faults.requests()).isEqualTo(2);
        assertThat(calm.find(KEY).orElseThrow().revision()).isEqualTo(created.revision());
    }

    @Test
    void aReplaceWhoseAnswerWasLostIsNoConflict() {
        Entry read = calm.create(KEY, OLD, Indexes.NONE, null);
        Faults faults = new Faults("PutItem", Faults.lost());

        Entry replaced;
        try (DynamoDbStateStore store = store(over(faults))) {
            replaced = store.replace(read, NEW, Indexes.NONE, null);
        }

        assertThat(faults.requests()).isEqualTo(2);
        assertThat(calm.find(KEY).orElseThrow().revision()).isEqualTo(replaced.revision());
    }

    @Test
    void aReplaceThatIsOvertakenAfterItsAnswerWasLostMayHaveHappened() {
        Entry read = calm.create(KEY, OLD, Indexes.NONE, null);
        Fault overtaken = Faults.lostBefore(() -> calm.replace(calm.find(KEY).orElseThrow(), OLD, Indexes.NONE, null));

        Failure failure =
                failure(new Faults("PutItem", overtaken), store -> store.replace(read, NEW, Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.CONFLICT);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void aDeleteWhoseAnswerWasLostIsNoConflict() {
        Entry read = calm.create(KEY, OLD, Indexes.NONE, null);

        Failure failure = failure(new Faults("DeleteItem", Faults.lost()), store -> store.delete(read));

        assertThat(failure.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(calm.find(KEY)).isEmpty();
    }

    @Test
    void aConflictAfterARefusalLeftNothingBehind() {
        Entry read = calm.create(KEY, OLD, Indexes.NONE, null);
        calm.delete(read);
        Fault throttled = Faults.refused(400, "ThrottlingException");

        Failure failure = failure(new Faults("DeleteItem", throttled), store -> store.delete(read));

        assertThat(failure.code()).isEqualTo(Code.CONFLICT);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aWriteIsRepeatedUntilItIsDone() {
        Fault failed = Faults.refused(500, "InternalServerError");
        Faults faults = new Faults("PutItem", failed, Faults.unreached(), Faults.refused(400, "ThrottlingException"));

        try (DynamoDbStateStore store = store(over(faults))) {
            store.create(KEY, NEW, Indexes.NONE, null);
        }

        assertThat(faults.requests()).isEqualTo(4);
        assertThat(calm.find(KEY).orElseThrow().value()).isEqualTo(NEW);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ThrottlingException, THROTTLED, NONE",
        "400, ProvisionedThroughputExceededException, THROTTLED, NONE",
        "400, RequestLimitExceeded, THROTTLED, NONE",
        "400, AccessDeniedException, DENIED, NONE",
        "400, UnrecognizedClientException, UNAUTHENTICATED, NONE",
        "400, ExpiredTokenException, UNAUTHENTICATED, NONE",
        "400, InvalidSignatureException, UNAUTHENTICATED, NONE",
        "400, MissingAuthenticationTokenException, UNAUTHENTICATED, NONE",
        "400, ResourceNotFoundException, FAILED_PRECONDITION, NONE",
        "400, ValidationException, FAILED_PRECONDITION, NONE",
        "400, SomethingNewException, UNKNOWN, NONE",
        "500, InternalServerError, UNAVAILABLE, UNKNOWN",
        "503, ServiceUnavailable, UNAVAILABLE, UNKNOWN",
    })
    void whatDynamoDbSaysBecomesAFailure(int status, String said, Code code, Effect effect) {
        Failure write = failure(
                Faults.always("PutItem", Faults.refused(status, said)),
                store -> store.create(KEY, NEW, Indexes.NONE, null));
        Failure read = failure(Faults.always("GetItem", Faults.refused(status, said)), store -> store.find(KEY));

        assertThat(write.code()).isEqualTo(code);
        assertThat(write.effect()).isEqualTo(effect);
        assertThat(write.providerCode()).isEqualTo(said);
        assertThat(write.requestId()).isEqualTo("REQUEST-7");
        assertThat(write.detail()).doesNotContain("secret").doesNotContain(KEY);
        assertThat(read.code()).isEqualTo(code);
        assertThat(read.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aCallIsTriedFourTimes() {
        Faults faults = Faults.always("GetItem", Faults.refused(400, "ThrottlingException"));

        failure(faults, store -> store.find(KEY));

        assertThat(faults.requests()).isEqualTo(4);
    }

    @Test
    void whatCannotBeReachedIsUnavailable() {
        Failure write = failure(
                Faults.always("PutItem", Faults.unreached()), store -> store.create(KEY, NEW, Indexes.NONE, null));
        Failure read =
                failure(Faults.always("Scan", Faults.unreached()), store -> store.list("", Page.Request.first(7)));

        assertThat(write.code()).isEqualTo(Code.UNAVAILABLE);
        assertThat(write.scope()).isEqualTo(Scope.REGION);
        assertThat(write.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(write.detail()).contains(table);
        assertThat(read.effect()).isEqualTo(Effect.NONE);
    }

    @Test
    void aCallThatTakesTooLongMayHaveHappened() {
        Faults faults = Faults.always("PutItem", Faults.silent());

        Failure failure = failure(() -> hasty(over(faults).get()), store -> store.create(KEY, NEW, Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
    }

    @Test
    void anInterruptedCallMayHaveHappenedAndTheThreadStaysInterrupted() throws InterruptedException {
        Thread caller = Thread.currentThread();
        Faults faults = Faults.always("PutItem", request -> {
            caller.interrupt();
            return Faults.silent().of(request);
        });

        Failure failure = failure(faults, store -> store.create(KEY, NEW, Indexes.NONE, null));

        assertThat(Thread.interrupted()).isTrue();
        assertThat(failure.code()).isEqualTo(Code.TIMEOUT);
        assertThat(failure.effect()).isEqualTo(Effect.UNKNOWN);
    }

    @Test
    void withoutCredentialsNothingIsSent() {
        Supplier<DynamoDbClientBuilder> anonymous = () -> LocalDynamoDb.client().credentialsProvider(() -> {
            throw SdkClientException.create("no credentials");
        });

        Failure failure = failure(anonymous, store -> store.create(KEY, NEW, Indexes.NONE, null));

        assertThat(failure.code()).isEqualTo(Code.UNAUTHENTICATED);
        assertThat(failure.effect()).isEqualTo(Effect.NONE);
        assertThat(failure.detail()).contains("credentials");
    }

    @Test
    void aMissingTableIsNamedWithTheRemedy() {
        try (DynamoDbStateStore store = new DynamoDbStateStore(
                "elsewhere", LocalDynamoDb::client, InstantSource.fixed(NOW), new SecureRandom())) {
            Failure failure = failureOf(() -> store.find(KEY));

            assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
            assertThat(failure.detail()).contains("there is no table elsewhere", "deploy it");
        }
    }

    @Test
    void aTableOfAnotherFormIsRefused() {
        String theirs = table + "-theirs";
        try (DynamoDbClient client = LocalDynamoDb.client().build()) {
            client.createTable(create -> create.tableName(theirs)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(AttributeDefinition.builder()
                            .attributeName("id")
                            .attributeType(ScalarAttributeType.S)
                            .build())
                    .keySchema(KeySchemaElement.builder()
                            .attributeName("id")
                            .keyType(KeyType.HASH)
                            .build()));
        }
        try (DynamoDbStateStore store =
                new DynamoDbStateStore(theirs, LocalDynamoDb::client, InstantSource.fixed(NOW), new SecureRandom())) {
            for (ThrowingCallable call : new ThrowingCallable[] {
                () -> store.find(KEY),
                () -> store.create(KEY, NEW, Indexes.NONE, null),
                () -> store.due(NOW, Page.Request.first(7))
            }) {
                Failure failure = failureOf(call);
                assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
                assertThat(failure.detail()).contains(theirs, "deploy one of its own");
            }
        }
    }

    @Test
    void anotherProgramsItemIsRefused() {
        try (DynamoDbClient client = LocalDynamoDb.client().build()) {
            client.putItem(put -> put.tableName(table).item(Map.of(DynamoDbTable.KEY, AttributeValue.fromS(KEY))));
        }

        Failure failure = failureOf(() -> calm.find(KEY));

        assertThat(failure.code()).isEqualTo(Code.FAILED_PRECONDITION);
        assertThat(failure.detail()).contains("another program").doesNotContain(KEY);
    }

    @Test
    void theClientIsMadeOnceAndNotBeforeItIsNeeded() {
        AtomicInteger made = new AtomicInteger();
        Supplier<DynamoDbClientBuilder> counted = () -> {
            made.incrementAndGet();
            return LocalDynamoDb.client();
        };

        store(counted).close();
        assertThat(made).hasValue(0);

        try (DynamoDbStateStore store = store(counted)) {
            store.find(KEY);
            store.find(KEY);
        }
        assertThat(made).hasValue(1);
    }

    private DynamoDbStateStore store(Supplier<DynamoDbClientBuilder> client) {
        return new DynamoDbStateStore(table, client, InstantSource.fixed(NOW), new SecureRandom());
    }

    private static Supplier<DynamoDbClientBuilder> over(Faults faults) {
        return () -> faults.under(LocalDynamoDb.client());
    }

    private static DynamoDbClientBuilder hasty(DynamoDbClientBuilder client) {
        return client.overrideConfiguration(client.overrideConfiguration().toBuilder()
                .apiCallTimeout(Duration.ofMillis(300))
                .build());
    }

    private Failure failure(Faults faults, Work work) {
        return failure(over(faults), work);
    }

    private Failure failure(Supplier<DynamoDbClientBuilder> client, Work work) {
        try (DynamoDbStateStore store = store(client)) {
            return failureOf(() -> work.with(store));
        }
    }

    private static Failure failureOf(ThrowingCallable call) {
        Failure failure = catchThrowableOfType(Failure.class, call);
        assertThat(failure).isNotNull();
        return failure;
    }

    /// What is done with a store.
    private interface Work {
        void with(DynamoDbStateStore store);
    }
}
