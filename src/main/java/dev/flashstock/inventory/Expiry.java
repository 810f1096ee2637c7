package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import java.time.Instant;

/**
 * That holds are due at a moment. Which ones, the movement says that took their units.
 *
 * @param dueAt from when on their units are given back, to the millisecond
 * @param sku whose units
 * @param shard where they come from and go back to
 * @param movedAt when they were taken
 * @param movement the id of the movement that took them
 */
public record Expiry(Instant dueAt, Sku sku, int shard, Instant movedAt, String movement) {
    /**
     * Where it is found, in the minute of its moment: all of a shard are in one place, so that those who share the places
     * do not give back to the same shard.
     *
     * @return 0 to one less than {@value ExpiryTable#BUCKETS}; the shards of a SKU have different ones, as far as there are
     */
    public int bucket() {
        return Math.floorMod(31 * sku.value().hashCode() + shard, ExpiryTable.BUCKETS);
    }
}
