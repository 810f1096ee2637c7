package dev.flashstock.inventory;

import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.util.Optional;

/**
 * Port: the movements. Each is written with the change of stock that it records ({@link StockTable}). All fail with
 * {@link Unavailable}.
 */
public interface LedgerTable {
    /**
     * Looks a movement up.
     *
     * @param sku whose stock it changed
     * @param at when
     * @param id its id
     * @return the movement, or nothing
     */
    Uni<Optional<Movement>> movement(Sku sku, Instant at, String id);
}
