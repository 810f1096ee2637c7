package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Port: how many units are left, told by one layer; a faster layer wraps a slower one. */
public interface StockLevels {
    /**
     * Tells the levels of some SKUs, with one question to each layer that has to be asked.
     *
     * @param listings the SKUs and their layouts, each once
     * @return the level of each, and its age; fails with {@link Unavailable}
     */
    Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings);

    /**
     * Tells a level.
     *
     * @param listing the SKU and its layout
     * @return the level and its age; fails with {@link Unavailable}
     */
    default Uni<StockLevel> level(Listing listing) {
        Sku sku = listing.product().sku();
        return levels(List.of(listing)).map(levels -> Objects.requireNonNull(levels.get(sku)));
    }

    /**
     * Forgets what this layer and those below remember, because the stock has changed in a way that they were not told.
     *
     * @param sku whose level
     * @return completes when it is forgotten, or could not be: then it is stale for as long as it may be
     */
    Uni<Void> forget(Sku sku);
}
