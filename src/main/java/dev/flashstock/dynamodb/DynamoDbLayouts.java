package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.LayoutTable;
import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** Layouts in DynamoDB, and which shards are closed. */
public final class DynamoDbLayouts implements LayoutTable {
    private static final String IF_SAME_VERSION = Schema.IF_LISTED + " AND #version = :before";

    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbLayouts(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
    }

    @Override
    public Uni<Attempt> replace(Sku sku, Layout before, Layout after) {
        return Calls.attempt(() -> client.updateItem(request -> request.tableName(table)
                .key(Schema.layout(sku))
                .conditionExpression(IF_SAME_VERSION)
                .updateExpression("SET writeShards = :write, readShards = :read, wantedShards = :wanted,"
                        + " chosenShards = :chosen, moved = :moved, #version = :after")
                .expressionAttributeNames(Schema.VERSION_NAME)
                .expressionAttributeValues(Map.of(
                        ":write", number(after.writeShards()),
                        ":read", number(after.readShards()),
                        ":wanted", number(after.wantedShards()),
                        ":chosen", number(after.chosenShards()),
                        ":moved", number(after.moved()),
                        ":before", number(before.version()),
                        ":after", number(after.version())))));
    }

    @Override
    public Uni<Attempt> close(Sku sku, Layout before, List<Integer> shards) {
        return mark(
                sku,
                before,
                shards,
                update -> update.updateExpression("SET closed = :true")
                        .expressionAttributeValues(Map.of(":true", AttributeValue.fromBool(true))));
    }

    @Override
    public Uni<Attempt> open(Sku sku, Layout before, List<Integer> shards) {
        return mark(sku, before, shards, update -> update.updateExpression("REMOVE closed"));
    }

    private Uni<Attempt> mark(Sku sku, Layout before, List<Integer> shards, Consumer<Update.Builder> mark) {
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(update(update -> update.key(Schema.layout(sku))
                .conditionExpression(IF_SAME_VERSION)
                .updateExpression("ADD #version :one")
                .expressionAttributeNames(Schema.VERSION_NAME)
                .expressionAttributeValues(Map.of(":before", number(before.version()), ":one", number(1)))));
        shards.forEach(shard -> items.add(update(update -> mark.accept(update.key(Schema.shard(sku, shard))))));
        return Calls.attempt(() -> client.transactWriteItems(request -> request.transactItems(items)));
    }

    private TransactWriteItem update(Consumer<Update.Builder> update) {
        return TransactWriteItem.builder()
                .update(it -> update.accept(it.tableName(table)))
                .build();
    }
}
