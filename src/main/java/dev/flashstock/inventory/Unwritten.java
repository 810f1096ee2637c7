package dev.flashstock.inventory;

import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Changes that are not in the summaries yet, of each shard the last. Not for more than one thread at a time. */
final class Unwritten {
    private final Map<Sku, OfSku> bySku = new HashMap<>();

    private static final class OfSku {
        private final Map<Integer, ShardLevel> levels = new HashMap<>();
        private boolean removed;
    }

    /** Adds a change; those of one shard in their order. */
    void add(ShardChange change) {
        OfSku ofSku = bySku.computeIfAbsent(change.sku(), sku -> new OfSku());
        ShardLevel level = change.level();
        if (level == null) {
            // What was known of it, and comes late, must not be believed; so all shards are counted again.
            ofSku.levels.clear();
            ofSku.removed = true;
        } else {
            ofSku.levels.merge(change.shard(), level, Summary::newer);
        }
    }

    Set<Sku> skus() {
        return bySku.keySet();
    }

    boolean removesAnyOf(Sku sku) {
        return bySku.getOrDefault(sku, new OfSku()).removed;
    }

    /** A summary with what has changed. */
    Summary in(Summary summary, long term) {
        OfSku ofSku = bySku.getOrDefault(summary.sku(), new OfSku());
        return (ofSku.removed ? summary.emptied() : summary).with(ofSku.levels, term);
    }
}
