package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;

/** Port: how many units are left, told by one layer; a faster layer wraps a slower one. */
public interface StockLevels {
    /**
     * Tells the level.
     *
     * @param listing the SKU and its layout
     * @return the level and its age; fails with {@link Unavailable}
     */
    Uni<StockLevel> level(Listing listing);

    /**
     * Forgets what this layer and those below remember, because the stock was changed by hand.
     *
     * @param sku whose level
     * @return completes when it is forgotten, or could not be: then it is stale for as long as it may be
     */
    Uni<Void> forget(Sku sku);
}
