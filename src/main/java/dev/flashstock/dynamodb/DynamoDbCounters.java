package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.CounterTable;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** Views and likes in DynamoDB. A like is an item of its user's, and in its product's counter: one transaction for both. */
public final class DynamoDbCounters implements CounterTable {
    private static final String ADD = "ADD " + Schema.COUNTED + " :count";
    private static final Map<String, String> SHARD_NAME = Map.of("#shard", Schema.SHARD);

    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbCounters(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Uni<Void> addViews(Sku sku, long views, int shard) {
        return Calls.call(() -> client.updateItem(request -> request.tableName(table)
                        .key(Schema.views(sku, shard))
                        .updateExpression(ADD)
                        .expressionAttributeValues(Map.of(":count", number(views)))))
                .replaceWithVoid();
    }

    @Override
    public Uni<Long> views(Sku sku) {
        return sum(VIEW_SHARDS, shard -> Schema.views(sku, shard));
    }

    @Override
    public Uni<Attempt> like(UserId user, Sku sku, int shard) {
        return transact(
                TransactWriteItem.builder()
                        .put(put -> put.tableName(table)
                                .item(Items.like(user, sku, shard))
                                .conditionExpression(Schema.IF_ABSENT))
                        .build(),
                count(sku, shard, 1));
    }

    @Override
    public Uni<OptionalInt> likedOn(UserId user, Sku sku) {
        return Calls.call(() -> client.getItem(request ->
                        request.tableName(table).key(Schema.like(user, sku)).consistentRead(true)))
                .map(response -> response.hasItem()
                        ? OptionalInt.of((int) Items.integer(response.item(), Schema.SHARD))
                        : OptionalInt.empty());
    }

    @Override
    public Uni<Attempt> unlike(UserId user, Sku sku, int shard) {
        return transact(
                TransactWriteItem.builder()
                        .delete(delete -> delete.tableName(table)
                                .key(Schema.like(user, sku))
                                .conditionExpression("#shard = :shard")
                                .expressionAttributeNames(SHARD_NAME)
                                .expressionAttributeValues(Map.of(":shard", number(shard))))
                        .build(),
                count(sku, shard, -1));
    }

    @Override
    public Uni<Long> likes(Sku sku) {
        return sum(LIKE_SHARDS, shard -> Schema.likes(sku, shard));
    }

    private TransactWriteItem count(Sku sku, int shard, int likes) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.likes(sku, shard))
                        .updateExpression(ADD)
                        .expressionAttributeValues(Map.of(":count", number(likes))))
                .build();
    }

    private Uni<Attempt> transact(TransactWriteItem... items) {
        return Calls.attempt(() -> client.transactWriteItems(request -> request.transactItems(items)));
    }

    private Uni<Long> sum(int shards, IntFunction<Map<String, AttributeValue>> key) {
        return new Gather(client, table)
                .items(IntStream.range(0, shards).mapToObj(key).toList())
                .map(items -> items.stream()
                        .mapToLong(item -> Items.integer(item, Schema.COUNTED))
                        .sum());
    }
}
