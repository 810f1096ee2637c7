package dev.flashstock.sharding;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntUnaryOperator;

/** Which of a SKU's shards a reservation tries first. */
@FunctionalInterface
public interface ShardChoice {
    /**
     * Chooses a shard.
     *
     * @param sku what is reserved
     * @param user whose reservation it is
     * @param layout the SKU's layout
     * @return a shard's number, 0 to {@code layout.writeShards() - 1}
     */
    int choose(Sku sku, UserId user, Layout layout);

    /**
     * Any shard, all of them equally often.
     *
     * @param random a number from 0 to one less than its argument
     * @return the choice
     */
    static ShardChoice random(IntUnaryOperator random) {
        return (sku, user, layout) -> random.applyAsInt(layout.writeShards());
    }

    /**
     * The same shard for the same user, as long as the layout stays.
     *
     * @return the choice
     */
    static ShardChoice hash() {
        return (sku, user, layout) -> Math.floorMod(mix(user.value().hashCode()), layout.writeShards());
    }

    /**
     * Any of this pod's own shards, all of them equally often; any shard at all while it has none.
     *
     * @param own this pod's own shards of a SKU with a layout, each of them one that takes writes
     * @param random a number from 0 to one less than its argument
     * @return the choice
     */
    static ShardChoice owned(BiFunction<Sku, Layout, List<Integer>> own, IntUnaryOperator random) {
        return (sku, user, layout) -> {
            List<Integer> shards = own.apply(sku, layout);
            return shards.isEmpty()
                    ? random.applyAsInt(layout.writeShards())
                    : shards.get(random.applyAsInt(shards.size()));
        };
    }

    /** Murmur3's 32-bit finalizer: {@code String.hashCode} alone gives users of like names like shards. */
    private static int mix(int hash) {
        int mixed = hash;
        mixed = (mixed ^ (mixed >>> 16)) * 0x85ebca6b;
        mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
        return mixed ^ (mixed >>> 16);
    }
}
