package dev.flashstock.simulation;

import dev.flashstock.inventory.LayoutTableContract;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** The simulation's port for layouts: what holds for the real one holds for it. */
class InMemoryLayoutsTest extends LayoutTableContract {
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
