package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Shards in DynamoDB, and the transactions that change them. */
public final class DynamoDbStock implements StockTable {
    private final DynamoDbAsyncClient client;
    private final String table;
    private final Gather gather;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbStock(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
        this.gather = new Gather(client, table);
    }

    @Override
    public Uni<List<ShardLevel>> gather(Sku sku, int readShards) {
        return gather.levels(sku, readShards);
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        List<TransactWriteItem> items = new ArrayList<>();
        commit.holds().forEach(hold -> items.add(putIfAbsent(Items.of(hold))));
        commit.takes().forEach(take -> items.add(take(commit.sku(), take)));
        return Calls.call(() -> client.transactWriteItems(request -> request.transactItems(items)))
                .<GroupCommit.Result>replaceWith(new GroupCommit.Result.Committed())
                .onFailure(Calls::isRefusal)
                .recoverWithItem(failure -> refused(commit, failure));
    }

    private static GroupCommit.Result refused(GroupCommit commit, Throwable failure) {
        return Calls.refusal(failure) == Attempt.CHANGED && failure instanceof TransactionCanceledException cancelled
                ? new GroupCommit.Result.Refused(existing(commit, cancelled.cancellationReasons()))
                : new GroupCommit.Result.Busy();
    }

    /** The reasons stand in the order of the items, holds first. */
    private static Map<Integer, Reservation> existing(GroupCommit commit, List<CancellationReason> reasons) {
        return IntStream.range(0, commit.holds().size())
                .filter(i -> Calls.isConditionFailed(reasons.get(i)))
                .boxed()
                .collect(Collectors.toMap(
                        Function.identity(),
                        i -> Items.reservation(reasons.get(i).item())));
    }

    @Override
    public Uni<Attempt> giveBack(Reservation hold, Reservation.Status status) {
        Integer shard = hold.shard();
        Quantity quantity = hold.quantity();
        if (shard == null || quantity == null) {
            throw new IllegalArgumentException("Only a hold has units to give back");
        }
        return attempt(List.of(
                TransactWriteItem.builder()
                        .update(update -> update.tableName(table)
                                .key(Schema.reservation(hold.user(), hold.id()))
                                .conditionExpression(Schema.IF_HELD)
                                .updateExpression(Schema.SET_STATUS)
                                .expressionAttributeNames(Schema.STATUS_NAME)
                                .expressionAttributeValues(Schema.fromHeldTo(status)))
                        .build(),
                give(hold.sku(), new Portion(shard, quantity.units()))));
    }

    @Override
    public Uni<Attempt> adjust(Adjustment adjustment, List<Portion> portions) {
        List<TransactWriteItem> items = new ArrayList<>();
        items.add(putIfAbsent(Items.of(adjustment)));
        items.add(raiseLayoutVersion(adjustment.sku()));
        portions.forEach(portion ->
                items.add(adjustment.delta() > 0 ? give(adjustment.sku(), portion) : take(adjustment.sku(), portion)));
        return attempt(items);
    }

    private TransactWriteItem putIfAbsent(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table)
                        .item(item)
                        .conditionExpression(Schema.IF_ABSENT)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    /** Tells a deletion under way that there is stock now, and fails when the product is gone. */
    private TransactWriteItem raiseLayoutVersion(Sku sku) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.layout(sku))
                        .conditionExpression(Schema.IF_PRESENT)
                        .updateExpression("ADD #version :one")
                        .expressionAttributeNames(Map.of("#version", Schema.VERSION))
                        .expressionAttributeValues(Map.of(":one", number(1))))
                .build();
    }

    private TransactWriteItem take(Sku sku, Portion portion) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.shard(sku, portion.shard()))
                        .conditionExpression("available >= :units")
                        .updateExpression("ADD available :change, #version :one")
                        .expressionAttributeNames(Map.of("#version", Schema.VERSION))
                        .expressionAttributeValues(Map.of(
                                ":units", number(portion.units()),
                                ":change", number(-portion.units()),
                                ":one", number(1))))
                .build();
    }

    private TransactWriteItem give(Sku sku, Portion portion) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.shard(sku, portion.shard()))
                        .updateExpression("ADD available :change, #version :one")
                        .expressionAttributeNames(Map.of("#version", Schema.VERSION))
                        .expressionAttributeValues(Map.of(":change", number(portion.units()), ":one", number(1))))
                .build();
    }

    private Uni<Attempt> attempt(List<TransactWriteItem> items) {
        return Calls.attempt(() -> client.transactWriteItems(request -> request.transactItems(items)));
    }

    @Override
    public Uni<Optional<Adjustment>> adjustment(Sku sku, String id) {
        return Calls.call(() -> client.getItem(request ->
                        request.tableName(table).key(Schema.adjustment(sku, id)).consistentRead(true)))
                .map(response ->
                        response.hasItem() ? Optional.of(Items.adjustment(response.item())) : Optional.empty());
    }

    @Override
    public Uni<Long> stocked(Sku sku) {
        QueryRequest query = QueryRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("PK = :pk")
                .projectionExpression(Schema.DELTA)
                .expressionAttributeValues(Map.of(":pk", text(Schema.adjustments(sku))))
                .build();
        return sumOfDeltas(query);
    }

    private Uni<Long> sumOfDeltas(QueryRequest query) {
        return Calls.call(() -> client.query(query)).chain(page -> {
            long sum = page.items().stream()
                    .mapToLong(item -> Items.integer(item, Schema.DELTA))
                    .sum();
            return page.hasLastEvaluatedKey()
                    ? sumOfDeltas(query.toBuilder()
                                    .exclusiveStartKey(page.lastEvaluatedKey())
                                    .build())
                            .map(rest -> sum + rest)
                    : Uni.createFrom().item(sum);
        });
    }
}
