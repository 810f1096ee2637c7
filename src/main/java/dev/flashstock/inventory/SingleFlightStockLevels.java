package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;

/**
 * Lets those who ask for the same level at the same time share one look-up. It remembers look-ups that are under way
 * and nothing else, so it holds at most one for each request that is.
 */
public final class SingleFlightStockLevels implements StockLevels {
    private final StockLevels levels;
    private final Sharing<Sku, StockLevel> underWay = new Sharing<>();

    /**
     * Shares another layer's look-ups.
     *
     * @param levels the layer
     */
    public SingleFlightStockLevels(StockLevels levels) {
        this.levels = levels;
    }

    @Override
    public Uni<StockLevel> level(Listing listing) {
        return underWay.share(listing.product().sku(), Uni.createFrom().deferred(() -> levels.level(listing)));
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return levels.forget(sku);
    }
}
