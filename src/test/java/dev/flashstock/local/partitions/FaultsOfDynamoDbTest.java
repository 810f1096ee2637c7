package dev.flashstock.local.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.flashstock.local.faults.Fault;
import dev.flashstock.local.faults.FaultRule;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;

/** Each fault as the SDK's client sees it, and what became of the write. */
class FaultsOfDynamoDbTest extends ProxyFixture {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private void once(Fault fault) {
        proxy.faults().set(FaultRule.always(fault).on("UpdateItem").times(1));
    }

    @Test
    void an_error_instead_of_an_answer() {
        // Given
        once(new Fault.Failure(500, "InternalServerError", "Try again"));

        // When
        var failure = refused(InternalServerErrorException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(failure.statusCode()).isEqualTo(500);
        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("InternalServerError");
        assertThat(failure.awsErrorDetails().errorMessage()).isEqualTo("Try again");
        assertThat(quantity(onDemand, "a")).isZero();
    }

    @Test
    void an_error_that_the_model_does_not_know() {
        // Given
        once(new Fault.Failure(503, "ServiceUnavailable", "Later"));

        // When
        var failure = refused(DynamoDbException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(failure.statusCode()).isEqualTo(503);
        assertThat(failure.awsErrorDetails().errorCode()).isEqualTo("ServiceUnavailable");
    }

    @Test
    void a_request_that_is_lost_is_not_applied() {
        // Given
        once(new Fault.RequestLost());

        // When
        refused(SdkClientException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(quantity(onDemand, "a")).isZero();
    }

    @Test
    void a_request_whose_answer_is_lost_is_applied() {
        // Given
        once(new Fault.AnswerLost());

        // When
        refused(SdkClientException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(quantity(onDemand, "a")).isEqualTo(1);
    }

    @Test
    void a_request_whose_answer_is_cut_is_applied() {
        // Given
        once(new Fault.AnswerCut());

        // When
        refused(SdkClientException.class, () -> add(onDemand, "a"));

        // Then
        assertThat(quantity(onDemand, "a")).isEqualTo(1);
    }

    @Test
    void an_answer_that_comes_too_late_is_applied() {
        // Given
        once(new Fault.AnswerLate(20_000));

        // When
        refused(
                ApiCallTimeoutException.class,
                () -> client.updateItem(update -> update.tableName(onDemand)
                                .key(key("a"))
                                .updateExpression("ADD quantity :one")
                                .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))
                                .overrideConfiguration(call -> call.apiCallTimeout(Duration.ofSeconds(2))))
                        .join());

        // Then
        assertThat(quantity(onDemand, "a")).isEqualTo(1);
    }

    @Test
    void a_slow_backend_answers_in_the_end() {
        // Given
        once(new Fault.Latency(300, 300));
        long begin = System.nanoTime();

        // When
        add(onDemand, "a");

        // Then
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(quantity(onDemand, "a")).isEqualTo(1);
    }

    @Test
    void a_duplicate_comes_late() {
        // Given
        once(new Fault.LateDuplicate(200));

        // When
        add(onDemand, "a");

        // Then
        await().atMost(PATIENCE).until(() -> quantity(onDemand, "a") == 2);
    }

    @Test
    void a_late_duplicate_of_a_transaction_with_a_token_changes_nothing() {
        // Given
        proxy.partitions().limit(onDemand, Limits.OF_DYNAMODB);
        proxy.faults()
                .set(FaultRule.always(new Fault.LateDuplicate(200))
                        .on("TransactWriteItems")
                        .times(1));

        // When
        client.transactWriteItems(write -> write.transactItems(addIn(onDemand, "a")))
                .join();

        // Then
        await().atMost(PATIENCE).until(() -> throughput(onDemand).writeUnits() == 4);
        assertThat(quantity(onDemand, "a")).isEqualTo(1);
    }

    @Test
    void a_rule_covers_what_it_names() {
        // Given
        proxy.faults()
                .set(FaultRule.always(new Fault.RequestLost()).on("UpdateItem").containing("\"hot\""));

        // When
        add(onDemand, "cold");

        // Then
        refused(SdkClientException.class, () -> add(onDemand, "hot"));
        refused(SdkClientException.class, () -> add(onDemand, "hot"));
        assertThat(proxy.faults().happened()).isEqualTo(Map.of("RequestLost", 2L));
        assertThat(quantity(onDemand, "cold")).isEqualTo(1);
    }

    @Test
    void a_wire_is_cut_and_mended() {
        // Given
        add(onDemand, "a"); // a connection stays open
        proxy.cut();

        // When
        refused(SdkClientException.class, () -> add(onDemand, "a"));
        proxy.mend();

        // Then
        add(onDemand, "a");
        assertThat(quantity(onDemand, "a")).isEqualTo(2);
    }

    @Test
    void what_the_engine_cannot_read_is_the_engines_to_refuse() {
        // Given
        proxy.partitions().limit(onDemand, Limits.OF_DYNAMODB);

        // When
        var refused = refused(
                DynamoDbException.class,
                () -> client.updateItem(update ->
                                update.tableName(onDemand).key(key("a")).updateExpression("NONSENSE"))
                        .join());

        // Then
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(throughput(onDemand).writeUnits()).isZero();
    }

    @Test
    void many_at_once_are_each_applied_once() {
        // When
        var all = IntStream.range(0, 200)
                .mapToObj(i -> client.updateItem(update -> update.tableName(onDemand)
                        .key(key("a"))
                        .updateExpression("ADD quantity :one")
                        .expressionAttributeValues(Map.of(":one", AttributeValue.fromN("1")))))
                .toList();

        // Then
        assertThat(all.stream().filter(FaultsOfDynamoDbTest::succeeds).count()).isEqualTo(200);
        assertThat(quantity(onDemand, "a")).isEqualTo(200);
    }

    private static boolean succeeds(CompletableFuture<?> call) {
        try {
            call.join();
            return true;
        } catch (CompletionException e) {
            return false;
        }
    }
}
