package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.sharding.Layout;
import dev.flashstock.sharding.Ownership;
import dev.flashstock.stock.Sku;
import java.util.List;
import java.util.Set;

/**
 * Which shards are this pod's own, and with how many pods it shares one. Answers come from memory, and are worked out
 * anew when pods come and go or the layout changes.
 */
public final class Neighbours {
    /** The most SKUs remembered. */
    static final int MAX_ENTRIES = 10_000;

    private final Pods pods;
    private final boolean keepApart;
    private final Cache<Sku, Share> shares;

    /**
     * Shares shards out among pods that keep to their own.
     *
     * @param pods those that are alive
     */
    public Neighbours(Pods pods) {
        this(pods, true);
    }

    /**
     * Shares shards out among pods.
     *
     * @param pods those that are alive
     * @param keepApart whether they keep to their own, or write to any
     */
    public Neighbours(Pods pods, boolean keepApart) {
        this.pods = pods;
        this.keepApart = keepApart;
        this.shares = Caffeine.newBuilder().maximumSize(MAX_ENTRIES).build();
    }

    /** What was worked out, and from what. */
    private record Share(Set<String> living, int writeShards, Ownership ownership, List<Integer> own) {
        boolean isOf(Set<String> nowLiving, Layout layout) {
            // The set is the same one as long as nothing changes, so that this costs next to nothing.
            return writeShards == layout.writeShards() && living.equals(nowLiving);
        }
    }

    /**
     * This pod's own shards.
     *
     * @param sku the SKU
     * @param layout its layout
     * @return shards that take writes, in ascending order: at least one, as long as this pod is among the living
     */
    public List<Integer> own(Sku sku, Layout layout) {
        return share(sku, layout).own();
    }

    /**
     * Whether of a shard's owners this pod is the one that does what one alone should do.
     *
     * @param sku the SKU
     * @param layout its layout
     * @param shard a shard that takes writes
     * @return whether it is
     */
    public boolean leads(Sku sku, Layout layout, int shard) {
        return share(sku, layout).ownership().firstOwner(shard).equals(pods.self());
    }

    /**
     * How many pods can be expected to write to a shard at the same time: its owners, and this one; all of
     * them, where they do not keep apart.
     *
     * @param sku the SKU
     * @param layout its layout
     * @param shard the shard
     * @return at least 1; 1 when this pod has the shard alone, and for a shard that takes no writes and so has no owner
     */
    public int writers(Sku sku, Layout layout, int shard) {
        if (!keepApart) {
            return pods.living().size();
        }
        Share share = share(sku, layout);
        int owners = share.ownership().owners(shard);
        return share.own().contains(shard) ? owners : owners + 1;
    }

    private Share share(Sku sku, Layout layout) {
        Set<String> living = pods.living();
        Share known = shares.getIfPresent(sku);
        return known != null && known.isOf(living, layout) ? known : workOut(sku, layout, living);
    }

    /** Once, however many ask at the same time. */
    private Share workOut(Sku sku, Layout layout, Set<String> living) {
        return shares.asMap()
                .compute(
                        sku,
                        (key, known) -> known != null && known.isOf(living, layout)
                                ? known
                                : newShare(key, layout.writeShards(), living));
    }

    private Share newShare(Sku sku, int writeShards, Set<String> living) {
        Ownership ownership = Ownership.of(sku, writeShards, living);
        return new Share(living, writeShards, ownership, ownership.shardsOf(pods.self()));
    }
}
