package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.AuditRun;
import dev.flashstock.inventory.GroupCommit;
import dev.flashstock.inventory.Move;
import dev.flashstock.inventory.StockTable;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;

/** Shards in DynamoDB, and the transactions that change them. */
public final class DynamoDbStock implements StockTable {
    private static final String ADD = "ADD available :change, #version :one";
    /** What is moved is counted, so that who sees half of a move knows. */
    private static final String ADD_MOVED = ADD + ", moved :change";

    private final DynamoDbAsyncClient client;
    private final String table;
    private final Gather gather;
    private final Pages pages;
    private final LedgerHours hours;
    private final Retention retention;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     * @param retention how long what is over is kept
     */
    public DynamoDbStock(DynamoDbAsyncClient client, String table, Retention retention) {
        this.client = client;
        this.table = table;
        this.gather = new Gather(client, table);
        this.pages = new Pages(client);
        this.hours = new LedgerHours(client, table);
        this.retention = retention;
    }

    @Override
    public Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards) {
        return gather.levels(readShards);
    }

    @Override
    public Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards) {
        return gather.snapshot(sku, readShards);
    }

    @Override
    public Uni<GroupCommit.Result> commit(GroupCommit commit) {
        List<TransactWriteItem> items = new ArrayList<>(GroupCommit.MAX_ENTRIES + 3);
        items.add(change(commit.sku(), commit.shard(), commit.change()));
        items.add(put(LedgerItems.of(commit.movement())));
        commit.expiry().ifPresent(it -> items.add(put(Schema.expiry(it))));
        commit.holds().forEach(it -> items.add(putIfAbsent(Items.of(it))));
        commit.returns().forEach(it -> items.add(endOfHold(it, commit.at())));
        commit.countedHolds().forEach(it -> items.add(countAgainstLimit(it)));
        commit.countedReturns().forEach(it -> items.add(freeOfLimit(it)));
        return hours.noted(commit.sku(), commit.at())
                .chain(() -> Calls.call(() -> client.transactWriteItems(request -> request.transactItems(items)
                        .clientRequestToken(commit.token())
                        .overrideConfiguration(TraceInterceptor.of(commit.traces())))))
                .<GroupCommit.Result>replaceWith(new GroupCommit.Result.Committed())
                .onFailure(TransactionInProgressException.class)
                .transform(e ->
                        new Unavailable("DynamoDB", e)) // an earlier try of this token: what comes of it is not known
                .onFailure(TransactionCanceledException.class)
                .recoverWithUni(e -> Cancellation.of(commit, e));
    }

    private TransactWriteItem change(Sku sku, int shard, long units) {
        return units < 0 ? take(sku, new Portion(shard, -units), ADD) : give(sku, shard, units, ADD);
    }

    /** An extended hold has not expired, whoever has read it before says so. */
    private TransactWriteItem endOfHold(GroupCommit.Return end, Instant at) {
        Reservation reservation = end.reservation();
        Map<String, AttributeValue> values = new HashMap<>(Map.of(
                ":held", text(Reservation.Status.HELD.name()),
                ":status", text(end.becomes().name()),
                ":ttl", number(retention.after(at))));
        boolean expires = end.becomes() == Reservation.Status.EXPIRED;
        Instant expiresAt = reservation.expiresAt();
        if (expires && expiresAt != null) {
            values.put(":expiresAt", number(expiresAt.toEpochMilli()));
        }
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.reservation(reservation.user(), reservation.id()))
                        .conditionExpression(Schema.IF_HELD + (expires ? " AND expiresAt = :expiresAt" : ""))
                        .updateExpression("SET #status = :status, #ttl = :ttl")
                        .expressionAttributeNames(Map.of("#status", Schema.STATUS, "#ttl", Schema.TIME_TO_LIVE))
                        .expressionAttributeValues(values))
                .build();
    }

    private TransactWriteItem countAgainstLimit(GroupCommit.Counted counted) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.limit(counted.user(), counted.sku()))
                        .conditionExpression("attribute_not_exists(units) OR units <= :room")
                        .updateExpression("ADD units :units")
                        .expressionAttributeValues(Map.of(
                                ":room", number(counted.limit() - counted.units()),
                                ":units", number(counted.units())))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    private TransactWriteItem freeOfLimit(GroupCommit.Counted counted) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.limit(counted.user(), counted.sku()))
                        .updateExpression("ADD units :units")
                        .expressionAttributeValues(Map.of(":units", number(-counted.units()))))
                .build();
    }

    @Override
    public Uni<Attempt> move(Move move) {
        Sku sku = move.sku();
        List<TransactWriteItem> items = new ArrayList<>();
        move.from().forEach(portion -> items.add(take(sku, portion, ADD_MOVED)));
        items.add(give(sku, move.to(), move.units(), ADD_MOVED));
        items.add(putIfAbsent(LedgerItems.of(move.movement())));
        return hours.noted(sku, move.at()).chain(() -> attempt(items));
    }

    @Override
    public Uni<Attempt> adjust(Adjustment adjustment, List<Portion> portions) {
        return record(adjustment, portions, adjustment.movement(portions), List.of());
    }

    @Override
    public Uni<Attempt> takeBack(Adjustment adjustment, List<Portion> portions, Reservation sold) {
        return record(
                adjustment, portions, adjustment.movement(portions), List.of(countReturned(sold, adjustment.delta())));
    }

    @Override
    public Uni<Attempt> repair(Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit) {
        Movement movement = adjustment.movement(portions).with(lines);
        return record(adjustment, portions, movement, List.of(markRepaired(adjustment.sku(), audit)));
    }

    private Uni<Attempt> record(
            Adjustment adjustment, List<Portion> portions, Movement movement, List<TransactWriteItem> more) {
        List<TransactWriteItem> items = new ArrayList<>(more);
        items.add(putIfAbsent(Items.of(adjustment)));
        items.add(raiseLayoutVersion(adjustment.sku()));
        portions.forEach(portion -> items.add(
                change(adjustment.sku(), portion.shard(), Long.signum(adjustment.delta()) * portion.units())));
        items.add(put(LedgerItems.of(movement)));
        return hours.noted(adjustment.sku(), adjustment.adjustedAt()).chain(() -> attempt(items));
    }

    /** What was sold never changes, so there is room for as long as not more than the rest has come back. */
    private TransactWriteItem countReturned(Reservation sold, long units) {
        Quantity quantity = Objects.requireNonNull(sold.quantity());
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.reservation(sold.user(), sold.id()))
                        .conditionExpression("#status = :confirmed AND quantity >= :units"
                                + " AND (attribute_not_exists(returned) OR returned <= :room)")
                        .updateExpression("ADD returned :units")
                        .expressionAttributeNames(Schema.STATUS_NAME)
                        .expressionAttributeValues(Map.of(
                                ":confirmed", text(Reservation.Status.CONFIRMED.name()),
                                ":room", number(quantity.units() - units),
                                ":units", number(units))))
                .build();
    }

    private TransactWriteItem markRepaired(Sku sku, String audit) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.audit(sku))
                        .conditionExpression("id = :audit AND #state = :done"
                                + " AND (attribute_not_exists(repairedAudit) OR repairedAudit <> :audit)")
                        .updateExpression("SET repairedAudit = :audit")
                        .expressionAttributeNames(Map.of("#state", Schema.STATE))
                        .expressionAttributeValues(
                                Map.of(":audit", text(audit), ":done", text(AuditRun.State.DONE.name()))))
                .build();
    }

    private TransactWriteItem put(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table).item(item))
                .build();
    }

    private TransactWriteItem putIfAbsent(Map<String, AttributeValue> item) {
        return TransactWriteItem.builder()
                .put(put -> put.tableName(table)
                        .item(item)
                        .conditionExpression(Schema.IF_ABSENT)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    /** Fails when the product is gone. */
    private TransactWriteItem raiseLayoutVersion(Sku sku) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.layout(sku))
                        .conditionExpression(Schema.IF_LISTED)
                        .updateExpression("ADD #version :one")
                        .expressionAttributeNames(Schema.VERSION_NAME)
                        .expressionAttributeValues(Map.of(":one", number(1))))
                .build();
    }

    private TransactWriteItem take(Sku sku, Portion portion, String addition) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.shard(sku, portion.shard()))
                        .conditionExpression("available >= :units")
                        .updateExpression(addition)
                        .expressionAttributeNames(Schema.VERSION_NAME)
                        .expressionAttributeValues(Map.of(
                                ":units", number(portion.units()),
                                ":change", number(-portion.units()),
                                ":one", number(1)))
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))
                .build();
    }

    private TransactWriteItem give(Sku sku, int shard, long units, String addition) {
        return TransactWriteItem.builder()
                .update(update -> update.tableName(table)
                        .key(Schema.shard(sku, shard))
                        .conditionExpression(Schema.IF_OPEN)
                        .updateExpression(addition)
                        .expressionAttributeNames(Schema.VERSION_NAME)
                        .expressionAttributeValues(Map.of(":change", number(units), ":one", number(1))))
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
    public Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit) {
        return pages.items(
                        QueryRequest.builder()
                                .tableName(table)
                                .consistentRead(true)
                                .keyConditionExpression("PK = :pk AND SK > :after")
                                .expressionAttributeValues(Map.of(
                                        ":pk", text(Schema.adjustments(sku)),
                                        ":after", text(after.isEmpty() ? " " : after)))
                                .build(),
                        limit)
                .map(items -> items.stream().map(Items::adjustment).toList());
    }

    @Override
    public Uni<Long> stocked(Sku sku) {
        QueryRequest query = QueryRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("PK = :pk")
                .filterExpression("reason <> :repair")
                .projectionExpression(Schema.DELTA)
                .expressionAttributeValues(
                        Map.of(":pk", text(Schema.adjustments(sku)), ":repair", text(Adjustment.Reason.REPAIR.name())))
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
