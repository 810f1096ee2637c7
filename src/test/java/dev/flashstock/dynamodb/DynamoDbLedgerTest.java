package dev.flashstock.dynamodb;

import dev.flashstock.inventory.LedgerContract;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;

/** Reading the ledger from the real table. */
@Tag("long")
class DynamoDbLedgerTest extends LedgerContract {
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
