package dev.flashstock.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.flashstock.Samples;
import dev.flashstock.dynamodb.FakeDynamoDb.Answer;
import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.GroupCommit.Reason;
import dev.flashstock.inventory.Move;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import io.smallrye.mutiny.helpers.test.UniAssertSubscriber;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What becomes of DynamoDB's answers under load, as it gives them over the wire. */
class ThrottledDynamoDbTest {
    private static final String TABLE = "flashstock";
    private static final Sku SKU = new Sku("console");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String NONE = "{\"Code\":\"None\"}";

    private final ReservationRequest request = Samples.request(SKU, new UserId("alice"), 2);
    private final Reservation hold = Samples.held(request, 3, Duration.ofMinutes(10));
    private final GroupCommit commit = new GroupCommit("token", Samples.NOW, SKU, 3, List.of(hold), List.of());

    // Gathers

    @Test
    void unprocessedKeysAreAskedForAgainUntilEveryShardIsRead() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> someOf(body, 3, 4))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            List<ShardLevel> levels = stock.gather(SKU, 256).await().atMost(PATIENCE);

            // Then
            assertThat(levels)
                    .isEqualTo(IntStream.range(0, 256)
                            .mapToObj(shard -> new ShardLevel(shard, Long.parseLong("1" + shard), shard))
                            .toList());
            assertThat(dynamoDb.calls()).hasSizeGreaterThan(3);
        }
    }

    @Test
    void whatIsAskedForAgainIsReadAsConsistentlyAsBefore() throws IOException {
        // Given
        AtomicInteger weak = new AtomicInteger();
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> {
            if (!body.at("/RequestItems/" + TABLE + "/ConsistentRead").asBoolean()) {
                weak.incrementAndGet();
            }
            return someOf(body, 1, 2);
        })) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            stock.gather(SKU, 10).await().atMost(PATIENCE);

            // Then
            assertThat(weak).hasValue(0);
        }
    }

    @Test
    void shardsThatStayUnreadFailTheGatherAndNeverCountAsZero() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb =
                new FakeDynamoDb((operation, body) -> FakeDynamoDb.someOf(body, TABLE, keys(body) == 10 ? 9 : 0))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            Throwable failure = failureOf(stock.gather(SKU, 10));

            // Then
            assertThat(failure).isInstanceOf(Unavailable.class).hasMessageContaining("1 items unread");
            assertThat(dynamoDb.calls()).hasSize(Gather.MAX_TRIES);
        }
    }

    @Test
    void oneThrottledChunkFailsTheGather() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = new FakeDynamoDb((operation, body) -> keys(body) == 56
                ? Answer.error(400, "ProvisionedThroughputExceededException")
                : FakeDynamoDb.someOf(body, TABLE, 100))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            Throwable failure = failureOf(stock.gather(SKU, 256));

            // Then
            assertThat(failure).isInstanceOf(Unavailable.class);
        }
    }

    // Commits

    @ParameterizedTest
    @ValueSource(strings = {"TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"})
    void aCommitThatMeetsAnotherTransactionOrALimitSaysOnWhat(String code) throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(Answer.cancelled(NONE, NONE, NONE, reason(code)))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            GroupCommit.Result result = stock.commit(commit).await().atMost(PATIENCE);

            // Then
            Reason busy = code.equals("TransactionConflict") ? new Reason.Conflict() : new Reason.Throttled();
            assertThat(result).isEqualTo(cancelled(new Reason.None(), busy));
        }
    }

    @Test
    void aCommitWhoseMovementOrExpiryIsAtALimitIsThrottled() throws IOException {
        // Given
        Answer movement = Answer.cancelled(NONE, reason("ThrottlingError"), NONE, NONE);
        Answer expiry = Answer.cancelled(NONE, NONE, reason("ThrottlingError"), NONE);
        for (Answer answer : List.of(movement, expiry)) {
            try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(answer)) {
                DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

                // When
                GroupCommit.Result result = stock.commit(commit).await().atMost(PATIENCE);

                // Then
                assertThat(result).isEqualTo(cancelled(new Reason.Throttled(), new Reason.None()));
            }
        }
    }

    private static GroupCommit.Result cancelled(Reason shard, Reason hold) {
        return new GroupCommit.Result.Cancelled(shard, List.of(hold), List.of());
    }

    @Test
    void aCommitWhoseReservationIsThereAlreadyIsRefusedWithIt() throws IOException {
        // Given
        String exists = "{\"Code\":\"ConditionalCheckFailed\",\"Message\":\"The conditional request failed\",\"Item\":"
                + "{\"PK\":{\"S\":\"USER#alice\"},\"SK\":{\"S\":\"RESERVATION#" + hold.id()
                + "\"},\"status\":{\"S\":\"CONFIRMED\"},\"quantity\":{\"N\":\"2\"},\"shard\":{\"N\":\"7\"},"
                + "\"createdAt\":{\"N\":\"" + Samples.NOW.toEpochMilli() + "\"},\"expiresAt\":{\"N\":\""
                + hold.expiresAt().toEpochMilli() + "\"}}}";
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(Answer.cancelled(NONE, NONE, NONE, exists))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            GroupCommit.Result result = stock.commit(commit).await().atMost(PATIENCE);

            // Then
            Reservation earlier =
                    Samples.held(request, 7, Duration.ofMinutes(10)).as(Reservation.Status.CONFIRMED);
            assertThat(result).isEqualTo(cancelled(new Reason.None(), new Reason.Exists(earlier)));
        }
    }

    @Test
    void aCommitOnAShardWithTooFewUnitsIsRefusedWithoutAnEarlierReservation() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb =
                FakeDynamoDb.transactions(Answer.cancelled(reason("ConditionalCheckFailed"), NONE, NONE, NONE))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            GroupCommit.Result result = stock.commit(commit).await().atMost(PATIENCE);

            // Then
            assertThat(result).isEqualTo(cancelled(new Reason.TooFew(0), new Reason.None()));
        }
    }

    @Test
    void whatComesOfACommitThatIsStillUnderWayIsNotKnown() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(Answer.error(400, "TransactionInProgressException"))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            Throwable failure = failureOf(stock.commit(commit));

            // Then
            assertThat(failure).isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void aCommitThatDynamoDbFindsInvalidIsAFaultOfOurs() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb =
                FakeDynamoDb.transactions(Answer.cancelled(NONE, NONE, NONE, reason("ValidationError")))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            Throwable failure = failureOf(stock.commit(commit));

            // Then
            assertThat(failure).isInstanceOf(TransactionCanceledException.class);
        }
    }

    // Other writes

    @ParameterizedTest
    @CsvSource({
        "TransactionConflict, BUSY",
        "ProvisionedThroughputExceeded, BUSY",
        "ThrottlingError, BUSY",
        "ConditionalCheckFailed, CHANGED"
    })
    void anAdjustmentsCancellationReasonsSayWhatToDo(String code, Attempt expected) throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(Answer.cancelled(NONE, NONE, reason(code), NONE))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            Attempt attempt = stock.adjust(Samples.adjustment(SKU, 2), List.of(new Portion(0, 2)))
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(attempt).isEqualTo(expected);
        }
    }

    @Test
    void aConditionThatFailedCountsMoreThanAConflictNextToIt() throws IOException {
        // Given
        Answer both = Answer.cancelled(reason("ConditionalCheckFailed"), reason("TransactionConflict"), NONE);
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.transactions(both)) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);

            // When
            Attempt attempt = stock.move(new Move("move", Samples.NOW, SKU, List.of(new Portion(3, 2)), 1))
                    .await()
                    .atMost(PATIENCE);

            // Then
            assertThat(attempt).isEqualTo(Attempt.CHANGED);
        }
    }

    @Test
    void aConfirmationDuringATransactionIsBusy() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(Answer.error(400, "TransactionConflictException"))) {
            DynamoDbReservations reservations =
                    new DynamoDbReservations(dynamoDb.client(), TABLE, Samples.RETENTION, InstantSource.system());

            // When
            Attempt attempt = reservations.confirm(hold, null).await().atMost(PATIENCE);

            // Then
            assertThat(attempt).isEqualTo(Attempt.BUSY);
        }
    }

    @Test
    void aRecordDuringATransactionIsToBeTriedAgain() throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(Answer.error(400, "TransactionConflictException"))) {
            DynamoDbReservations reservations =
                    new DynamoDbReservations(dynamoDb.client(), TABLE, Samples.RETENTION, InstantSource.system());
            Reservation rejected =
                    Reservation.rejected(request, new Reservation.Rejection(Reservation.Reason.SOLD_OUT, 0));

            // When
            Optional<Reservation> there =
                    reservations.recordIfAbsent(rejected).await().atMost(PATIENCE);

            // Then
            assertThat(there).isEmpty();
        }
    }

    // Out of reach

    @ParameterizedTest
    @CsvSource({
        "500, InternalServerError",
        "503, ServiceUnavailable",
        "400, ProvisionedThroughputExceededException",
        "400, ThrottlingException",
        "400, RequestLimitExceeded",
        "0, a closed connection"
    })
    void whatDynamoDbCannotDoForTheMomentIsUnavailable(int status, String type) throws IOException {
        // Given
        try (FakeDynamoDb dynamoDb = FakeDynamoDb.always(Answer.error(status, type))) {
            DynamoDbStock stock = new DynamoDbStock(dynamoDb.client(), TABLE, Samples.RETENTION);
            DynamoDbReservations reservations =
                    new DynamoDbReservations(dynamoDb.client(), TABLE, Samples.RETENTION, InstantSource.system());
            DynamoDbProducts products = new DynamoDbProducts(dynamoDb.client(), TABLE);

            // When
            List<Throwable> failures = List.of(
                    failureOf(stock.commit(commit)),
                    failureOf(stock.gather(SKU, 10)),
                    failureOf(stock.adjust(Samples.adjustment(SKU, 2), List.of(new Portion(0, 2)))),
                    failureOf(stock.move(new Move("move", Samples.NOW, SKU, List.of(new Portion(3, 2)), 1))),
                    failureOf(stock.stocked(SKU)),
                    failureOf(reservations.find(request.user(), request.id())),
                    failureOf(reservations.recordIfAbsent(hold)),
                    failureOf(reservations.confirm(hold, null)),
                    failureOf(products.find(SKU)));

            // Then
            assertThat(failures).allSatisfy(it -> assertThat(it).isInstanceOf(Unavailable.class));
        }
    }

    /** A share of a batch's keys is processed, rounded up. */
    private static Answer someOf(JsonNode request, int numerator, int denominator) {
        int keys = keys(request);
        return FakeDynamoDb.someOf(request, TABLE, (keys * numerator + denominator - 1) / denominator);
    }

    private static int keys(JsonNode request) {
        return request.at("/RequestItems/" + TABLE + "/Keys").size();
    }

    private static String reason(String code) {
        return "{\"Code\":\"" + code + "\",\"Message\":\"" + code + "\"}";
    }

    private static Throwable failureOf(Uni<?> uni) {
        return uni.subscribe()
                .withSubscriber(UniAssertSubscriber.create())
                .awaitFailure(PATIENCE)
                .getFailure();
    }
}
