package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * What all shards of a SKU hold, in one place. Of two levels of a shard the one with the higher version stays, so changes may
 * come in any order and more than once.
 *
 * @param sku whose shards
 * @param revision how often it was written; 0: never
 * @param term of the last follower who has written it
 * @param generation since when it misses no change: the generation of the {@link Lease} in which all shards were counted;
 *     0: they were not
 * @param levels what is known of each shard, by its number; at most those that a SKU ever had
 */
public record Summary(Sku sku, long revision, long term, long generation, Map<Integer, ShardLevel> levels) {
    /**
     * One that was never written.
     *
     * @param sku the SKU
     * @return an empty summary
     */
    public static Summary none(Sku sku) {
        return new Summary(sku, 0, 0, 0, Map.of());
    }

    /** The same with all shards as they were counted, after this was read and in a generation that had begun. */
    Summary counted(List<ShardLevel> shards, long generation) {
        Map<Integer, ShardLevel> counted = new HashMap<>();
        shards.forEach(it -> counted.put(it.shard(), it));
        return new Summary(sku, revision, term, generation, counted);
    }

    /** The same, with changes. */
    Summary with(Map<Integer, ShardLevel> changes, long byTerm) {
        Map<Integer, ShardLevel> merged = new HashMap<>(levels);
        changes.forEach((shard, level) -> merged.merge(shard, level, Summary::newer));
        return new Summary(sku, revision, Math.max(term, byTerm), generation, merged);
    }

    /** Nothing is known any more. */
    Summary emptied() {
        return new Summary(sku, revision, term, 0, Map.of());
    }

    static ShardLevel newer(ShardLevel one, ShardLevel other) {
        return one.version() >= other.version() ? one : other;
    }

    /** Whether nothing but the bookkeeping differs. */
    boolean saysTheSameAs(Summary other) {
        return generation == other.generation && levels.equals(other.levels);
    }

    /**
     * Sums up.
     *
     * @param layout the SKU's layout
     * @param inGeneration the generation that goes on
     * @return their units; nothing when something may be missing
     */
    OptionalLong total(Layout layout, long inGeneration) {
        List<ShardLevel> known = IntStream.range(0, layout.readShards())
                .mapToObj(levels::get)
                .filter(Objects::nonNull)
                .toList();
        return generation == inGeneration && known.size() == layout.readShards()
                ? OptionalLong.of(layout.total(known))
                : OptionalLong.empty();
    }
}
