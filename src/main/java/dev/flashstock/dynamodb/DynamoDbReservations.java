package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.number;
import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.inventory.Unavailable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScanRequest;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Reservations in DynamoDB, under their users' keys. */
public final class DynamoDbReservations implements ReservationTable {
    private static final String CONFIRMED = ":confirmed";
    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);
    private static final int MAX_RETRIES = 6;

    private final DynamoDbAsyncClient client;
    private final String table;

    private final Gather gather;
    private final Retention retention;
    private final InstantSource clock;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     * @param retention how long what is over is kept
     * @param clock from when on it is over
     */
    public DynamoDbReservations(DynamoDbAsyncClient client, String table, Retention retention, InstantSource clock) {
        this.client = client;
        this.table = table;
        this.gather = new Gather(client, table);
        this.retention = retention;
        this.clock = clock;
    }

    @Override
    public Uni<Optional<Reservation>> find(UserId user, ReservationId id) {
        return Calls.call(() -> client.getItem(request -> request.tableName(table)
                        .key(Schema.reservation(user, id))
                        .consistentRead(true)))
                .map(response ->
                        response.hasItem() ? Optional.of(Items.reservation(response.item())) : Optional.empty());
    }

    @Override
    public Uni<List<Reservation>> list(UserId user, @Nullable ReservationId after, int limit) {
        QueryRequest.Builder query = QueryRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .keyConditionExpression("PK = :user AND begins_with(SK, :reservation)")
                .expressionAttributeValues(
                        Map.of(":user", text(Schema.user(user)), ":reservation", text(Schema.RESERVATION_PREFIX)))
                .limit(limit);
        if (after != null) {
            query.exclusiveStartKey(Schema.reservation(user, after));
        }
        return Calls.call(() -> client.query(query.build()))
                .map(response ->
                        response.items().stream().map(Items::reservation).toList());
    }

    @Override
    public Uni<Optional<Reservation>> recordIfAbsent(Reservation reservation) {
        Map<String, AttributeValue> item = Items.of(reservation);
        item.put(Schema.TIME_TO_LIVE, number(retention.after(clock.instant())));
        return Calls.call(() -> client.putItem(request -> request.tableName(table)
                        .item(item)
                        .conditionExpression(Schema.IF_ABSENT)
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)))
                .replaceWith(Optional.of(reservation))
                .onFailure(ConditionalCheckFailedException.class)
                .recoverWithItem(e -> Optional.of(Items.reservation(e.item())))
                .onFailure(Calls::isBusy)
                .recoverWithItem(Optional.empty());
    }

    @Override
    public Uni<List<Reservation>> findAll(List<Reservation.Key> keys) {
        return gather.items(keys.stream()
                        .map(it -> Schema.reservation(it.user(), it.id()))
                        .toList())
                .map(items -> items.stream().map(Items::reservation).toList());
    }

    @Override
    public Multi<Reservation> search(Sku sku) {
        ScanRequest scan = ScanRequest.builder()
                .tableName(table)
                .consistentRead(true)
                .filterExpression("begins_with(SK, :sku) AND #status IN (:held, :confirmed)")
                .expressionAttributeNames(Schema.STATUS_NAME)
                .expressionAttributeValues(Map.of(
                        ":sku",
                        text(Schema.RESERVATION_PREFIX + sku + "."),
                        ":held",
                        text(Reservation.Status.HELD.name()),
                        CONFIRMED,
                        text(Reservation.Status.CONFIRMED.name())))
                .build();
        return Multi.createBy()
                .repeating()
                .uni(() -> new AtomicReference<>(scan), this::nextOf)
                .whilst(ScanResponse::hasLastEvaluatedKey)
                .onItem()
                .transformToMultiAndConcatenate(response ->
                        Multi.createFrom().iterable(response.items()).map(Items::reservation));
    }

    /** One that fails is tried again: whoever searches a whole table has come far. */
    private Uni<ScanResponse> nextOf(AtomicReference<ScanRequest> next) {
        ScanRequest scan = Objects.requireNonNull(next.get());
        return Calls.call(() -> client.scan(scan))
                .onFailure(Unavailable.class)
                .retry()
                .withBackOff(FIRST_WAIT, LONGEST_WAIT)
                .atMost(MAX_RETRIES)
                .invoke(response -> {
                    if (response.hasLastEvaluatedKey()) {
                        next.set(scan.toBuilder()
                                .exclusiveStartKey(response.lastEvaluatedKey())
                                .build());
                    }
                });
    }

    @Override
    public Uni<Attempt> confirm(Reservation held, @Nullable String paymentReference) {
        return update(
                held,
                Schema.IF_HELD,
                "SET #status = :confirmed" + (paymentReference == null ? "" : ", paymentReference = :payment"),
                paymentReference == null
                        ? Map.of(CONFIRMED, text(Reservation.Status.CONFIRMED.name()))
                        : Map.of(
                                CONFIRMED,
                                text(Reservation.Status.CONFIRMED.name()),
                                ":payment",
                                text(paymentReference)));
    }

    @Override
    public Uni<Attempt> extend(Reservation held, Instant until) {
        return update(
                held,
                Schema.IF_HELD + " AND attribute_not_exists(wasExtended)",
                "SET expiresAt = :until, wasExtended = :true",
                Map.of(":until", number(until.toEpochMilli()), ":true", AttributeValue.fromBool(true)));
    }

    private Uni<Attempt> update(Reservation held, String condition, String change, Map<String, AttributeValue> values) {
        Map<String, AttributeValue> all = new HashMap<>(values);
        all.put(":held", text(Reservation.Status.HELD.name()));
        return Calls.attempt(() -> client.updateItem(request -> request.tableName(table)
                .key(Schema.reservation(held.user(), held.id()))
                .conditionExpression(condition)
                .updateExpression(change)
                .expressionAttributeNames(Schema.STATUS_NAME)
                .expressionAttributeValues(all)));
    }
}
