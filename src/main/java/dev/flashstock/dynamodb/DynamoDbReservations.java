package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.Attempt;
import dev.flashstock.inventory.ReservationTable;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;

/** Reservations in DynamoDB, under their users' keys. */
public final class DynamoDbReservations implements ReservationTable {
    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbReservations(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
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
    public Uni<Attempt> confirm(Reservation hold) {
        return Calls.attempt(() -> client.updateItem(request -> request.tableName(table)
                .key(Schema.reservation(hold.user(), hold.id()))
                .conditionExpression(Schema.IF_HELD)
                .updateExpression(Schema.SET_STATUS)
                .expressionAttributeNames(Schema.STATUS_NAME)
                .expressionAttributeValues(Schema.fromHeldTo(Reservation.Status.CONFIRMED))));
    }
}
