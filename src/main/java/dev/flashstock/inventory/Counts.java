package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;

/**
 * Where totals come from that nobody remembers. Units that have come lately may not be in a quick total yet, nor those that
 * are on their way from one shard to another, and whoever remembers one would never learn of them: such a SKU is counted
 * exactly.
 *
 * @param quick may be behind
 * @param exact is not
 * @param behind for how long units may be missing in a quick total, to the millisecond; 0 when it is exact too
 */
public record Counts(StockLevels quick, StockLevels exact, Duration behind) {
    /**
     * All totals are exact.
     *
     * @param levels tells them
     * @return where they come from
     */
    public static Counts exact(StockLevels levels) {
        return new Counts(levels, levels, Duration.ZERO);
    }

    /**
     * Forgets what is remembered of a SKU there.
     *
     * @param sku the SKU
     * @return completes when it is forgotten
     */
    public Uni<Void> forget(Sku sku) {
        return quick.forget(sku);
    }
}
