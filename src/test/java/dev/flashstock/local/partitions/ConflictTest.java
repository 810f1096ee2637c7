package dev.flashstock.local.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** While a transaction is in flight on {@code a} and {@code b}. */
@Tag("long")
class ConflictTest extends ProxyFixture {
    /** Longer than what a test does meanwhile, also on a busy machine. */
    private static final Fault SLOW = new Fault.Latency(6_000, 6_000);

    /** The engine, which all tests share, remembers them. */
    private final String token = UUID.randomUUID().toString();

    private CompletableFuture<TransactWriteItemsResponse> inFlight;

    @BeforeEach
    void begin() {
        add(onDemand, "a"); // the proxy knows the table
        proxy.faults().set(FaultRule.always(SLOW).on("TransactWriteItems").times(1));
        inFlight = client.transactWriteItems(
                write -> write.clientRequestToken(token).transactItems(addIn(onDemand, "a"), addIn(onDemand, "b")));
        await().until(() -> proxy.faults().happened().containsKey("Latency"));
    }

    @Test
    void another_transaction_on_one_of_its_items_is_cancelled() {
        // When
        var refused = refused(
                TransactionCanceledException.class,
                () -> client.transactWriteItems(
                                write -> write.transactItems(addIn(onDemand, "b"), addIn(onDemand, "c")))
                        .join());

        // Then
        assertThat(refused.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("TransactionConflict", "None");
        assertThat(refused.cancellationReasons().get(0).message()).isEqualTo("Transaction is ongoing for the item");
        assertThat(quantity(onDemand, "c")).isZero();
    }

    @Test
    void a_single_write_of_one_of_its_items_is_refused() {
        // When
        var refused = refused(TransactionConflictException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(refused.awsErrorDetails().errorMessage()).isEqualTo("Transaction is ongoing for the item");
        inFlight.join();
        assertThat(quantity(onDemand, "a")).isEqualTo(2);
    }

    @Test
    void a_transaction_of_reads_is_cancelled() {
        // When
        var refused = refused(
                TransactionCanceledException.class,
                () -> client.transactGetItems(get -> get.transactItems(TransactGetItem.builder()
                                .get(it -> it.tableName(onDemand).key(key("a")))
                                .build()))
                        .join());

        // Then
        assertThat(refused.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("TransactionConflict");
    }

    @Test
    void a_batch_leaves_its_items_unwritten() {
        // Given
        WriteRequest conflicting =
                WriteRequest.builder().putRequest(put -> put.item(item("a", 1))).build();
        WriteRequest free =
                WriteRequest.builder().putRequest(put -> put.item(item("c", 1))).build();

        // When
        var written = client.batchWriteItem(write -> write.requestItems(Map.of(onDemand, List.of(conflicting, free))))
                .join();

        // Then
        assertThat(written.unprocessedItems()).isEqualTo(Map.of(onDemand, List.of(conflicting)));
    }

    @Test
    void a_read_sees_what_was_before() {
        // When, Then
        assertThat(quantity(onDemand, "a")).isEqualTo(1);
    }

    @Test
    void other_items_are_free() {
        // When
        client.transactWriteItems(write -> write.transactItems(addIn(onDemand, "c"), addIn(onDemand, "d")))
                .join();

        // Then
        assertThat(inFlight).isNotDone();
        assertThat(quantity(onDemand, "c")).isEqualTo(1);
    }

    @Test
    void the_same_token_is_in_progress() {
        // When, Then
        refused(
                TransactionInProgressException.class,
                () -> client.transactWriteItems(write -> write.clientRequestToken(token)
                                .transactItems(addIn(onDemand, "a"), addIn(onDemand, "b")))
                        .join());
    }

    @Test
    void afterwards_its_items_are_free_and_its_token_is_known() {
        // Given
        inFlight.join();

        // When
        add(onDemand, "a");
        client.transactWriteItems(write ->
                        write.clientRequestToken(token).transactItems(addIn(onDemand, "a"), addIn(onDemand, "b")))
                .join();

        // Then
        assertThat(quantity(onDemand, "a")).isEqualTo(3);
        refused(
                IdempotentParameterMismatchException.class,
                () -> client.transactWriteItems(
                                write -> write.clientRequestToken(token).transactItems(addIn(onDemand, "c")))
                        .join());
    }

    @Test
    void conflicts_are_counted() {
        // Given
        proxy.partitions().limit(onDemand, Limits.OF_DYNAMODB);

        // When
        refused(DynamoDbException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(throughput(onDemand).conflicts()).isEqualTo(1);
        assertThat(throughput(onDemand).writeUnits()).isZero();
    }

    @Test
    void two_operations_on_one_item_are_not_a_transaction() {
        // When
        var refused = refused(
                DynamoDbException.class,
                () -> client.transactWriteItems(
                                write -> write.transactItems(addIn(onDemand, "c"), addIn(onDemand, "c")))
                        .join());

        // Then
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(refused.awsErrorDetails().errorMessage())
                .isEqualTo("Transaction request cannot include multiple operations on one item");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(inFlight).isDone());
    }
}
