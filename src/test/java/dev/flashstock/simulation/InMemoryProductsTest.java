package dev.flashstock.simulation;

import dev.flashstock.inventory.ProductTableContract;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** The simulation's port for products: what holds for the real one holds for it. */
class InMemoryProductsTest extends ProductTableContract {
    private final HandOperatedTable table = new HandOperatedTable();

    @Override
    protected Ports table() {
        return table.ports();
    }

    @Override
    protected <T> CompletableFuture<T> begin(Sku sku, Uni<T> transaction) {
        return table.begin(transaction);
    }

    @Override
    protected void end() {
        table.end();
    }
}
