package dev.flashstock.api;

import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How many units each shard has.
 *
 * @param sku the SKU
 * @param shards its shards, in the order of their numbers
 */
@RegisterForReflection
@Schema(name = "Shards")
public record ShardsView(@Schema(examples = "console") String sku, List<Shard> shards) {
    /**
     * One shard.
     *
     * @param shard its number
     * @param available units that can be taken from it
     */
    @RegisterForReflection
    public record Shard(
            @Schema(examples = "0") int shard,
            @Schema(examples = "70") long available) {}

    static ShardsView of(Sku sku, List<ShardLevel> levels) {
        return new ShardsView(
                sku.value(),
                levels.stream()
                        .map(level -> new Shard(level.shard(), level.available()))
                        .toList());
    }
}
