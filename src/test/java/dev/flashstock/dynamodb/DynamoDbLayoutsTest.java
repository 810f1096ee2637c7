package dev.flashstock.dynamodb;

import dev.flashstock.inventory.LayoutTableContract;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** The adapter's port for layouts against the real table. */
class DynamoDbLayoutsTest extends LayoutTableContract {
    @Override
    protected Ports table() {
        return TableOnAWire.SHARED.ports();
    }

    @Override
    protected <T> CompletableFuture<T> begin(Sku sku, Uni<T> transaction) {
        return TableOnAWire.SHARED.begin(sku, transaction);
    }

    @Override
    protected void end() {
        TableOnAWire.SHARED.end();
    }
}
