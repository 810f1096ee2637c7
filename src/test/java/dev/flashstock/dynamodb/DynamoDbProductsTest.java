package dev.flashstock.dynamodb;

import dev.flashstock.inventory.ProductTableContract;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** The adapter's port for products against the real table. */
class DynamoDbProductsTest extends ProductTableContract {
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
