package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Lets those who ask for the same level at the same time share one look-up. It remembers look-ups that are under way
 * and nothing else, so it holds at most one for each request that is.
 */
public final class SingleFlightStockLevels implements StockLevels {
    private final StockLevels levels;
    private final ConcurrentMap<Sku, Uni<StockLevel>> underWay = new ConcurrentHashMap<>();

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
        return Uni.createFrom()
                .deferred(() -> underWay.computeIfAbsent(listing.product().sku(), sku -> lookUp(sku, listing)));
    }

    private Uni<StockLevel> lookUp(Sku sku, Listing listing) {
        return levels.level(listing)
                .onTermination()
                .invoke(() -> underWay.remove(sku))
                .memoize()
                .indefinitely();
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return levels.forget(sku);
    }
}
