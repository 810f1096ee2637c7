package dev.flashstock.local.partitions;

import static dev.flashstock.local.partitions.Limits.TableLimit.Kind.ACCOUNT;
import static dev.flashstock.local.partitions.Limits.TableLimit.Kind.MAX_ON_DEMAND;
import static dev.flashstock.local.partitions.Limits.TableLimit.Kind.PROVISIONED;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.exception.SdkServiceException;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.BatchWriteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.RequestLimitExceededException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingException;
import software.amazon.awssdk.services.dynamodb.model.ThrottlingReason;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Each refusal as the SDK's client sees it. Limits are so low that no bucket fills again while a test runs. */
class ThrottlingTest extends ProxyFixture {
    private static final double HARDLY_ANY = 1e-3;
    private static final double PLENTY = 1e6;
    private static final Limits ONE_OF_EACH = Limits.everyKey(HARDLY_ANY, HARDLY_ANY);

    // A partition's limit

    @Test
    void a_hot_key_of_a_provisioned_table() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        add(provisioned, "hot");

        // When
        var refused = refused(ProvisionedThroughputExceededException.class, () -> add(provisioned, "hot"));

        // Then
        assertThrottled(refused, "ProvisionedThroughputExceededException");
        assertThat(refused.awsErrorDetails().errorMessage())
                .startsWith("The level of configured provisioned throughput for the table was exceeded.");
        assertReason(refused.throttlingReasons(), "TableWriteKeyRangeThroughputExceeded", "table/" + provisioned);
        assertThat(add(provisioned, "other").sdkHttpResponse().isSuccessful()).isTrue();
    }

    @Test
    void a_hot_key_of_an_on_demand_table() {
        // Given
        proxy.partitions().limit(onDemand, ONE_OF_EACH);
        add(onDemand, "hot");

        // When
        var refused = refused(ThrottlingException.class, () -> add(onDemand, "hot"));

        // Then
        assertThrottled(refused, "ThrottlingException");
        assertThat(refused.awsErrorDetails().errorMessage())
                .startsWith("Throughput exceeds the current capacity of your table or index.");
        assertReason(refused.throttlingReasons(), "TableWriteKeyRangeThroughputExceeded", "table/" + onDemand);
    }

    @Test
    void reads_have_buckets_of_their_own() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        add(provisioned, "hot");
        quantity(provisioned, "hot");

        // When
        var refused = refused(ProvisionedThroughputExceededException.class, () -> quantity(provisioned, "hot"));

        // Then
        assertReason(refused.throttlingReasons(), "TableReadKeyRangeThroughputExceeded", "table/" + provisioned);
    }

    @Test
    void a_hot_key_of_an_index_is_read() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        queryRed(provisioned);

        // When
        var refused = refused(ProvisionedThroughputExceededException.class, () -> queryRed(provisioned));

        // Then
        assertThat(refused.awsErrorDetails().errorMessage()).contains("global secondary indexes");
        assertReason(
                refused.throttlingReasons(),
                "IndexReadKeyRangeThroughputExceeded",
                "table/" + provisioned + "/index/" + INDEX);
    }

    private void queryRed(String table) {
        client.query(query -> query.tableName(table)
                        .indexName(INDEX)
                        .keyConditionExpression("#c = :red")
                        .expressionAttributeNames(Map.of("#c", "colour"))
                        .expressionAttributeValues(Map.of(":red", AttributeValue.fromS("red"))))
                .join();
    }

    @Test
    void a_hot_key_of_an_index_holds_up_writes_of_the_table() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        putRed(provisioned, "first");

        // When
        var refused = refused(ProvisionedThroughputExceededException.class, () -> putRed(provisioned, "second"));

        // Then
        assertReason(
                refused.throttlingReasons(),
                "IndexWriteKeyRangeThroughputExceeded",
                "table/" + provisioned + "/index/" + INDEX);
    }

    private void putRed(String table, String key) {
        client.putItem(put -> put.tableName(table)
                        .item(Map.of(
                                "PK", AttributeValue.fromS(key),
                                "SK", AttributeValue.fromS("1"),
                                "colour", AttributeValue.fromS("red"))))
                .join();
    }

    @Test
    void keys_share_a_partition() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH.onPartitions(3));

        // When
        long accepted =
                IntStream.range(0, 50).filter(i -> isAccepted("key-" + i)).count();

        // Then
        assertThat(accepted).isEqualTo(3);
    }

    private boolean isAccepted(String key) {
        try {
            add(provisioned, key);
            return true;
        } catch (RuntimeException throttled) {
            assertThat(throttled).hasCauseInstanceOf(ProvisionedThroughputExceededException.class);
            return false;
        }
    }

    // A table's limit

    @Test
    void a_provisioned_table_at_its_capacity() {
        // Given
        proxy.partitions().limit(provisioned, wholeTable(PROVISIONED));
        add(provisioned, "one");

        // When
        var refused = refused(ProvisionedThroughputExceededException.class, () -> add(provisioned, "other"));

        // Then
        assertThrottled(refused, "ProvisionedThroughputExceededException");
        assertReason(refused.throttlingReasons(), "TableWriteProvisionedThroughputExceeded", "table/" + provisioned);
    }

    @Test
    void an_account_at_its_quota() {
        // Given
        proxy.partitions().limit(onDemand, wholeTable(ACCOUNT));
        add(onDemand, "one");

        // When
        var refused = refused(RequestLimitExceededException.class, () -> add(onDemand, "other"));

        // Then
        assertThrottled(refused, "RequestLimitExceeded");
        assertReason(refused.throttlingReasons(), "TableWriteAccountLimitExceeded", "table/" + onDemand);
    }

    @Test
    void an_on_demand_table_at_its_maximum() {
        // Given
        proxy.partitions().limit(onDemand, wholeTable(MAX_ON_DEMAND));
        add(onDemand, "one");
        quantity(onDemand, "one");

        // When
        var refused = refused(ThrottlingException.class, () -> quantity(onDemand, "other"));

        // Then
        assertThrottled(refused, "ThrottlingException");
        assertReason(refused.throttlingReasons(), "TableReadMaxOnDemandThroughputExceeded", "table/" + onDemand);
    }

    private static Limits wholeTable(Limits.TableLimit.Kind kind) {
        return Limits.everyKey(PLENTY, PLENTY).withTable(kind, HARDLY_ANY, HARDLY_ANY);
    }

    @ParameterizedTest
    @CsvSource({
        "provisioned,,Table,KeyRangeThroughputExceeded,ProvisionedThroughputExceededException",
        "provisioned,,Index,KeyRangeThroughputExceeded,ProvisionedThroughputExceededException",
        "provisioned,PROVISIONED,Table,ProvisionedThroughputExceeded,ProvisionedThroughputExceededException",
        "provisioned,PROVISIONED,Index,ProvisionedThroughputExceeded,ProvisionedThroughputExceededException",
        "onDemand,ACCOUNT,Table,AccountLimitExceeded,RequestLimitExceeded",
        "onDemand,ACCOUNT,Index,AccountLimitExceeded,RequestLimitExceeded",
        "onDemand,MAX_ON_DEMAND,Table,MaxOnDemandThroughputExceeded,ThrottlingException",
        "onDemand,MAX_ON_DEMAND,Index,MaxOnDemandThroughputExceeded,ThrottlingException",
    })
    void each_of_the_sixteen_reasons(
            String billing, Limits.TableLimit.@Nullable Kind kind, String resource, String limit, String exception) {
        // Given
        String table = billing.equals("provisioned") ? provisioned : onDemand;
        proxy.partitions().limit(table, kind == null ? ONE_OF_EACH : wholeTable(kind));
        putRed(table, "first");
        read(table, resource);

        // When
        var unwritten = refused(DynamoDbException.class, () -> putRed(table, "first"));
        var unread = refused(DynamoDbException.class, () -> read(table, resource));

        // Then
        assertThrottled(unwritten, exception);
        assertThat(reasons(unwritten)).contains(resource + "Write" + limit);
        assertThrottled(unread, exception);
        assertThat(reasons(unread)).containsExactly(resource + "Read" + limit);
    }

    private void read(String table, String resource) {
        if (resource.equals("Index")) {
            queryRed(table);
        } else {
            quantity(table, "none");
        }
    }

    private static List<String> reasons(DynamoDbException refused) {
        List<ThrottlingReason> reasons = List.of();
        if (refused instanceof ProvisionedThroughputExceededException e) {
            reasons = e.throttlingReasons();
        } else if (refused instanceof RequestLimitExceededException e) {
            reasons = e.throttlingReasons();
        } else if (refused instanceof ThrottlingException e) {
            reasons = e.throttlingReasons();
        }
        return reasons.stream().map(ThrottlingReason::reason).toList();
    }

    // Batches

    @Test
    void a_batch_leaves_keys_unread() {
        // Given
        put(provisioned, "hot", 10);
        put(provisioned, "cold", 10);
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        quantity(provisioned, "none"); // another key
        batchGet("hot");

        // When
        BatchGetItemResponse read = batchGet("hot", "cold");

        // Then
        assertThat(read.responses().get(provisioned))
                .singleElement()
                .satisfies(item -> assertThat(item.get("PK").s()).isEqualTo("cold"));
        KeysAndAttributes unread = read.unprocessedKeys().get(provisioned);
        assertThat(unread.keys()).containsExactly(key("hot"));
        assertThat(unread.consistentRead()).isTrue();
        assertThat(unread.projectionExpression()).isEqualTo("PK");
        assertThat(read.hasConsumedCapacity()).isFalse();
    }

    @Test
    void a_batch_of_which_nothing_can_be_read() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        batchGet("hot");

        // When
        var refused = refused(ProvisionedThroughputExceededException.class, () -> batchGet("hot"));

        // Then
        assertReason(refused.throttlingReasons(), "TableReadKeyRangeThroughputExceeded", "table/" + provisioned);
    }

    private BatchGetItemResponse batchGet(String... keys) {
        return client.batchGetItem(get -> get.requestItems(Map.of(
                        provisioned,
                        KeysAndAttributes.builder()
                                .keys(List.of(keys).stream()
                                        .map(ProxyFixture::key)
                                        .toList())
                                .consistentRead(true)
                                .projectionExpression("PK")
                                .build())))
                .join();
    }

    @Test
    void a_batch_leaves_items_unwritten() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        add(provisioned, "hot");
        WriteRequest hot = put("hot");

        // When
        BatchWriteItemResponse written = client.batchWriteItem(
                        write -> write.requestItems(Map.of(provisioned, List.of(hot, put("cold")))))
                .join();

        // Then
        assertThat(written.unprocessedItems()).isEqualTo(Map.of(provisioned, List.of(hot)));
        assertThat(client.getItem(get -> get.tableName(provisioned).key(key("cold")))
                        .join()
                        .hasItem())
                .isTrue();
    }

    private static WriteRequest put(String key) {
        return WriteRequest.builder().putRequest(put -> put.item(item(key, 10))).build();
    }

    // Transactions

    @Test
    void a_transaction_on_a_hot_key_of_a_provisioned_table() {
        // Given
        proxy.partitions().limit(provisioned, Limits.everyKey(2 * HARDLY_ANY, HARDLY_ANY));
        add(provisioned, "hot");

        // When
        var refused = refused(TransactionCanceledException.class, () -> transact(provisioned));

        // Then
        assertThat(refused.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("None", "ProvisionedThroughputExceeded");
        assertThat(refused.cancellationReasons().get(1).message())
                .startsWith("The level of configured provisioned throughput for the table was exceeded.");
        assertThat(refused.awsErrorDetails().errorMessage()).endsWith("[None, ProvisionedThroughputExceeded]");
        assertThat(quantity(provisioned, "cold")).isZero();
    }

    @Test
    void a_transaction_on_a_hot_key_of_an_on_demand_table() {
        // Given
        proxy.partitions().limit(onDemand, ONE_OF_EACH);
        add(onDemand, "hot");

        // When
        var refused = refused(TransactionCanceledException.class, () -> transact(onDemand));

        // Then
        assertThat(refused.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("None", "ThrottlingError");
    }

    private void transact(String table) {
        client.transactWriteItems(write -> write.transactItems(addIn(table, "cold"), addIn(table, "hot")))
                .join();
    }

    // What is counted

    @Test
    void refusals_are_counted_by_reason_and_key() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        add(provisioned, "hot");

        // When
        refused(DynamoDbException.class, () -> add(provisioned, "hot"));
        refused(DynamoDbException.class, () -> transact(provisioned));

        // Then
        Throughput throughput = throughput(provisioned);
        assertThat(throughput.refusedRequests()).isEqualTo(2);
        assertThat(throughput.throttles()).isEqualTo(Map.of("TableWriteKeyRangeThroughputExceeded", 2L));
        assertThat(throughput.writeUnits()).isEqualTo(1);
        assertThat(throughput.hottestKeys().entrySet().iterator().next())
                .isEqualTo(Map.entry("hot", new Throughput.Key(1, 2)));
    }

    @Test
    void without_limits_nothing_is_refused() {
        // Given
        proxy.partitions().limit(provisioned, ONE_OF_EACH);
        add(provisioned, "hot");

        // When
        proxy.partitions().unlimit(provisioned);

        // Then
        assertThat(add(provisioned, "hot").sdkHttpResponse().isSuccessful()).isTrue();
        assertThat(proxy.partitions().throughput(provisioned)).isNull();
    }

    private static void assertThrottled(DynamoDbException refused, String code) {
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.awsErrorDetails().errorCode()).isEqualTo(code);
        assertThat(refused).matches(SdkServiceException::isThrottlingException);
        assertThat(refused.requestId()).isNotBlank();
    }

    private static void assertReason(List<ThrottlingReason> reasons, String reason, String resource) {
        assertThat(reasons).singleElement().satisfies(it -> {
            assertThat(it.reason()).isEqualTo(reason);
            assertThat(it.resource()).startsWith("arn:aws:dynamodb:").endsWith(":" + resource);
        });
    }
}
