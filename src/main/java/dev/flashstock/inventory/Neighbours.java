package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;

/** How many processes share a shard. It decides how long they wait for each other, never what is right. */
@FunctionalInterface
public interface Neighbours {
    /**
     * Counts them.
     *
     * @param sku the SKU
     * @param layout its shards
     * @param shard the shard's number
     * @return how many processes own the shard, at least 1
     */
    int owners(Sku sku, Layout layout, int shard);

    /**
     * Every shard is one process's own.
     *
     * @return always 1
     */
    static Neighbours none() {
        return (sku, layout, shard) -> 1;
    }
}
