package dev.flashstock.inventory;

import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The lowest layer: the sum of all shards. */
public final class GatheredStockLevels implements StockLevels {
    private final StockTable table;
    private final InstantSource clock;

    /**
     * Sums up a table's shards.
     *
     * @param table the table
     * @param clock tells when they were made
     */
    public GatheredStockLevels(StockTable table, InstantSource clock) {
        this.table = table;
        this.clock = clock;
    }

    @Override
    public Uni<StockLevel> level(Listing listing) {
        return Uni.createFrom().deferred(() -> {
            Sku sku = listing.product().sku();
            Instant asOf = clock.instant(); // before reading: the answer is at least this fresh
            return table.gather(sku, listing.layout().readShards()).map(levels -> sum(sku, levels, asOf));
        });
    }

    private static StockLevel sum(Sku sku, List<ShardLevel> levels, Instant asOf) {
        return new StockLevel(sku, Spread.total(levels), asOf, StockLevel.Source.SHARDS);
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return Uni.createFrom().voidItem();
    }
}
