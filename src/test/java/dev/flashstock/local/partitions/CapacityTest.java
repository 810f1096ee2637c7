package dev.flashstock.local.partitions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** What requests cost, by DynamoDB's rules of size. */
class CapacityTest extends ProxyFixture {
    private static final int KIB = 1024;

    @BeforeEach
    void count() {
        put(provisioned, "large", 9 * KIB);
        put(provisioned, "small", 10);
        proxy.partitions().limit(provisioned, Limits.OF_DYNAMODB);
    }

    // Writes: a unit for each KiB begun

    @ParameterizedTest
    @CsvSource({"10,1", "900,1", "1100,2", "9216,10"})
    void a_put_costs_its_size(int bytes, double units) {
        // When
        put(provisioned, "new", bytes);

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(units);
    }

    @Test
    void an_update_costs_the_whole_item() {
        // When
        add(provisioned, "large");

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(10);
        assertThat(throughput(provisioned).hottestKeys()).containsEntry("large", new Throughput.Key(10, 0));
    }

    @Test
    void a_write_whose_condition_fails_costs_as_much() {
        // When
        refused(
                ConditionalCheckFailedException.class,
                () -> client.putItem(put -> put.tableName(provisioned)
                                .item(item("large", 10))
                                .conditionExpression("attribute_not_exists(PK)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                        .join());

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(10);
    }

    @Test
    void an_update_whose_condition_fails_costs_a_unit_at_least() {
        // When
        refused(
                ConditionalCheckFailedException.class,
                () -> client.updateItem(update -> update.tableName(provisioned)
                                .key(key("small"))
                                .conditionExpression("attribute_not_exists(PK)")
                                .updateExpression("REMOVE nothing"))
                        .join());

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(1);
    }

    @Test
    void a_transaction_costs_double() {
        // When
        client.transactWriteItems(write -> write.transactItems(
                        TransactWriteItem.builder()
                                .put(put -> put.tableName(provisioned).item(item("new", 1100)))
                                .build(),
                        addIn(provisioned, "large")))
                .join();

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(2 * 2 + 2 * 10);
        assertThat(throughput(provisioned).hottestKeys())
                .containsEntry("new", new Throughput.Key(4, 0))
                .containsEntry("large", new Throughput.Key(20, 0));
    }

    @Test
    void a_transaction_whose_condition_fails_costs_as_much() {
        // When
        refused(
                TransactionCanceledException.class,
                () -> client.transactWriteItems(write -> write.transactItems(
                                addIn(provisioned, "small"),
                                TransactWriteItem.builder()
                                        .put(put -> put.tableName(provisioned)
                                                .item(item("large", 10))
                                                .conditionExpression("attribute_not_exists(PK)")
                                                .returnValuesOnConditionCheckFailure(
                                                        ReturnValuesOnConditionCheckFailure.ALL_OLD))
                                        .build()))
                        .join());

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(2 * 1 + 2 * 10);
    }

    @Test
    void an_index_costs_its_own() {
        // When
        client.putItem(put -> put.tableName(provisioned)
                        .item(Map.of(
                                "PK", AttributeValue.fromS("new"),
                                "SK", AttributeValue.fromS("1"),
                                "colour", AttributeValue.fromS("red"))))
                .join();

        // Then
        assertThat(throughput(provisioned).writeUnits()).isEqualTo(2);
        assertThat(throughput(provisioned).hottestKeys())
                .containsEntry("new", new Throughput.Key(1, 0))
                .containsEntry(INDEX + ":red", new Throughput.Key(1, 0));
    }

    // Reads: a unit for each 4 KiB begun, half when they may be stale

    @ParameterizedTest
    @CsvSource({"small,true,1", "small,false,0.5", "large,true,3", "large,false,1.5", "none,true,1", "none,false,0.5"})
    void a_read_costs_its_size_and_consistency(String key, boolean consistent, double units) {
        // When
        client.getItem(get -> get.tableName(provisioned)
                        .key(key(key))
                        .consistentRead(consistent)
                        .projectionExpression("PK"))
                .join();

        // Then
        assertThat(throughput(provisioned).readUnits()).isEqualTo(units);
    }

    @Test
    void a_batch_costs_what_its_reads_cost() {
        // When
        client.batchGetItem(get -> get.requestItems(Map.of(
                        provisioned,
                        KeysAndAttributes.builder()
                                .keys(List.of(key("small"), key("large"), key("none")))
                                .build())))
                .join();

        // Then
        assertThat(throughput(provisioned).readUnits()).isEqualTo(0.5 + 1.5 + 0.5);
    }

    @Test
    void a_transaction_of_reads_costs_double() {
        // When
        client.transactGetItems(get -> get.transactItems(
                        TransactGetItem.builder()
                                .get(it -> it.tableName(provisioned).key(key("small")))
                                .build(),
                        TransactGetItem.builder()
                                .get(it -> it.tableName(provisioned).key(key("large")))
                                .build()))
                .join();

        // Then
        assertThat(throughput(provisioned).readUnits()).isEqualTo(2 * 1 + 2 * 3);
    }

    @Test
    void a_query_is_charged_to_its_key() {
        // When
        client.query(query -> query.tableName(provisioned)
                        .keyConditionExpression("PK = :pk AND begins_with(SK, :one)")
                        .consistentRead(true)
                        .expressionAttributeValues(
                                Map.of(":pk", AttributeValue.fromS("large"), ":one", AttributeValue.fromS("1"))))
                .join();

        // Then
        assertThat(throughput(provisioned).hottestKeys()).containsEntry("large", new Throughput.Key(3, 0));
    }

    // Requests that cost nothing, and what the client gets to see

    @Test
    void a_table_that_is_not_there_is_the_engines_to_refuse() {
        // When, Then
        refused(ResourceNotFoundException.class, () -> put("no-such-table", "any", 1));
    }

    @Test
    void consumed_capacity_is_told_to_who_asks() {
        // When
        var told = client.updateItem(update -> update.tableName(provisioned)
                        .key(key("large"))
                        .returnConsumedCapacity(ReturnConsumedCapacity.TOTAL)
                        .updateExpression("REMOVE nothing"))
                .join();
        var untold = add(provisioned, "large");

        // Then
        assertThat(told.consumedCapacity().capacityUnits()).isEqualTo(10);
        assertThat(untold.consumedCapacity()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"-1,1,0", "1,-1,0", "1,1,-1", "NaN,1,0", "1,1,100001"})
    void limits_have_bounds(double writeUnits, double readUnits, int partitions) {
        // When, Then
        assertThatThrownBy(() -> new Limits(writeUnits, readUnits, partitions, null))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
