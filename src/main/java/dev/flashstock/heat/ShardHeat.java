package dev.flashstock.heat;

import dev.flashstock.stock.Sku;

/**
 * What a shard of a SKU's stock bears.
 *
 * @param sku whose
 * @param shard which
 * @param writeUnitsPerSecond write units drawn, as estimated
 * @param readUnitsPerSecond read units drawn, as estimated
 * @param throttledPerSecond how often its partition has refused writes; more than 0: it is beyond its limit already
 */
public record ShardHeat(
        Sku sku, int shard, double writeUnitsPerSecond, double readUnitsPerSecond, double throttledPerSecond) {}
