package dev.flashstock.simulation;

import dev.flashstock.inventory.AuditContract;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;

/** Audits of the simulation's table. */
class InMemoryAuditTest extends AuditContract {
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

    @Override
    protected void removed(Reservation over) {
        table.removed(over);
    }
}
