package dev.flashstock.dynamodb;

import static dev.flashstock.dynamodb.Schema.text;

import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;

/** The movements in DynamoDB. */
public final class DynamoDbLedger implements LedgerTable {
    private final DynamoDbAsyncClient client;
    private final String table;
    private final Pages pages;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbLedger(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
        this.pages = new Pages(client);
    }

    @Override
    public Uni<List<Instant>> hours(Sku sku, Instant from, Instant until, int limit) {
        return Calls.call(() -> client.query(request -> request.tableName(table)
                        .consistentRead(true)
                        .keyConditionExpression("PK = :ledger AND SK BETWEEN :from AND :until")
                        .expressionAttributeValues(Map.of(
                                ":ledger", text(Schema.ledger(sku)),
                                ":from", text(Schema.hour(from)),
                                ":until", text(Schema.hour(until))))
                        .limit(limit)))
                .map(response -> response.items().stream()
                        .map(item -> Schema.hour(Items.string(item, Schema.SK)))
                        .toList());
    }

    /** A bucket's items are in the order of their times, which are as long as each other, and then of their ids. */
    @Override
    public Uni<List<Movement>> movements(Sku sku, Instant hour, int bucket, @Nullable Position after, int limit) {
        return pages.items(
                        QueryRequest.builder()
                                .tableName(table)
                                .consistentRead(true)
                                .keyConditionExpression("PK = :bucket AND SK > :after")
                                .expressionAttributeValues(Map.of(
                                        ":bucket", text(Schema.ledger(sku, hour, bucket)),
                                        ":after", text(after == null ? " " : Schema.position(after.at(), after.id()))))
                                .build(),
                        limit)
                .map(items -> items.stream().map(LedgerItems::movement).toList());
    }

    @Override
    public Uni<Optional<Movement>> movement(Sku sku, Instant at, String id) {
        return Calls.call(() -> client.getItem(request -> request.tableName(table)
                        .key(Schema.movement(sku, at, id))
                        .consistentRead(true)))
                .map(response ->
                        response.hasItem() ? Optional.of(LedgerItems.movement(response.item())) : Optional.empty());
    }
}
