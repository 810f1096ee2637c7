package dev.flashstock.simulation;

import dev.flashstock.inventory.LedgerContract;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** Reading the ledger from the simulation's table. */
class InMemoryLedgerTest extends LedgerContract {
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
