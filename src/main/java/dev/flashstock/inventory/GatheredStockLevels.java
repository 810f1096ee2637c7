package dev.flashstock.inventory;

import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The lowest layer: the sums of all shards. */
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
    public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
        return Uni.createFrom().deferred(() -> {
            Instant asOf = clock.instant(); // before reading: the answer is at least this fresh
            return table.gather(readShards(listings)).map(gathered -> totals(listings, gathered, asOf));
        });
    }

    static Map<Sku, Integer> readShards(Collection<Listing> listings) {
        Map<Sku, Integer> readShards = new HashMap<>();
        listings.forEach(it -> readShards.put(it.product().sku(), it.layout().readShards()));
        return readShards;
    }

    static Map<Sku, StockLevel> totals(
            Collection<Listing> listings, Map<Sku, List<ShardLevel>> gathered, Instant asOf) {
        Map<Sku, StockLevel> levels = new HashMap<>();
        listings.forEach(it -> {
            Sku sku = it.product().sku();
            long total = it.layout().total(Objects.requireNonNull(gathered.get(sku)));
            levels.put(sku, new StockLevel(sku, total, asOf, StockLevel.Source.SHARDS));
        });
        return levels;
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return Uni.createFrom().voidItem();
    }
}
