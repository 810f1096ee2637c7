package dev.flashstock.dynamodb;

import dev.flashstock.inventory.LedgerTable;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The movements in DynamoDB. */
public final class DynamoDbLedger implements LedgerTable {
    private final DynamoDbAsyncClient client;
    private final String table;

    /**
     * Uses a table.
     *
     * @param client the SDK's client
     * @param table the table's name
     */
    public DynamoDbLedger(DynamoDbAsyncClient client, String table) {
        this.client = client;
        this.table = table;
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
