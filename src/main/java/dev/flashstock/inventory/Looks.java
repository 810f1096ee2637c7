package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.sharding.Spread;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Readings of all shards of a SKU, never older than the question and shared by those who ask at the same time.
 *
 * <p>How few units are left is certain only after two readings that show the same units and the same versions, and the
 * same layout between them: nothing changed, so at that moment the units were not there (the double collect of Afek et
 * al., "Atomic snapshots of shared memory", 1993). The second is a transaction, because a plain reading may see half of
 * a move.
 */
public final class Looks {
    /** The most SKUs of which the shards are remembered as they were seen. */
    private static final int MAX_SEEN = 10_000;

    private final StockTable table;
    private final Listings exact;
    private final Cache<Sku, List<ShardLevel>> lastSeen;
    private final Rounds<Shards, List<ShardLevel>> firsts;
    private final Rounds<Shards, Second> seconds;

    private record Shards(Sku sku, int count) {
        static Shards of(Listing listing) {
            return new Shards(listing.product().sku(), listing.layout().readShards());
        }
    }

    /**
     * A second reading.
     *
     * @param listing the listing, if the product is still there
     * @param levels the shards after it was read; none when others were in the way
     */
    record Second(Optional<Listing> listing, Optional<List<ShardLevel>> levels) {
        /** Whether nothing has changed since a first reading. */
        boolean confirms(Listing before, List<ShardLevel> first) {
            int shards = listing.orElse(before).layout().readShards();
            return shards == before.layout().readShards()
                    && levels.filter(first::equals).isPresent();
        }
    }

    /**
     * Reads a table.
     *
     * @param table the shards
     * @param exact layouts as they are
     * @param ticker the time, in nanoseconds
     */
    public Looks(StockTable table, Listings exact, Ticker ticker) {
        this.table = table;
        this.exact = exact;
        this.lastSeen = Caffeine.newBuilder()
                .maximumSize(MAX_SEEN)
                .expireAfterWrite(SoldOut.MEMORY)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
        this.firsts = new Rounds<>(shards ->
                table.gather(shards.sku(), shards.count()).invoke(levels -> lastSeen.put(shards.sku(), levels)));
        this.seconds = new Rounds<>(this::lookAgain);
    }

    private Uni<Second> lookAgain(Shards shards) {
        return exact.find(shards.sku())
                .chain(listing ->
                        table.snapshot(shards.sku(), shards.count()).map(levels -> new Second(listing, levels)));
    }

    /** The shards. */
    Uni<List<ShardLevel>> first(Listing listing) {
        return firsts.next(Shards.of(listing));
    }

    /** The shards at one moment, after a first look. */
    Uni<Second> second(Listing listing) {
        return seconds.next(Shards.of(listing));
    }

    /** A SKU's listing as it is now. */
    Uni<Optional<Listing>> listing(Sku sku) {
        return exact.find(sku);
    }

    /**
     * How many units are left for certain.
     *
     * @param listing the SKU and its layout
     * @return the units; nothing when they were changing
     */
    Uni<OptionalLong> certain(Listing listing) {
        return first(listing)
                .chain(levels -> second(listing)
                        .map(second -> second.confirms(listing, levels)
                                ? OptionalLong.of(Spread.total(levels))
                                : OptionalLong.empty()));
    }

    /** Whether a shard had fewer units when it was last read, a moment ago. */
    boolean hadFewer(Sku sku, int shard, int units) {
        List<ShardLevel> seen = lastSeen.getIfPresent(sku);
        return seen != null && shard < seen.size() && seen.get(shard).available() < units;
    }
}
