package dev.flashstock.inventory;

import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import org.jspecify.annotations.Nullable;

/**
 * What has become of one shard.
 *
 * @param sku whose shard
 * @param shard its number
 * @param level what it holds now; null: it was removed, which flashstock never does
 */
public record ShardChange(Sku sku, int shard, @Nullable ShardLevel level) {}
