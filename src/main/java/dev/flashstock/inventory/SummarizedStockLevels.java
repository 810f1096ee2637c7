package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The lowest layer when there are summaries: one item for each SKU instead of all its shards. What a summary does not say,
 * and all when the follower is too far behind, is counted; a SKU that has no summary of this generation gets one by that.
 */
public final class SummarizedStockLevels implements StockLevels {
    /** For how long a process remembers how far the follower has come. */
    static final Duration LEASE_AGE = Duration.ofMillis(500);

    private final SummaryTable summaries;
    private final StockTable table;
    private final Duration mostBehind;
    private final InstantSource clock;
    private final AsyncCache<String, Optional<Lease>> lease;

    /**
     * Reads summaries.
     *
     * @param summaries the summaries
     * @param table the shards
     * @param mostBehind how old what a summary says may be
     * @param clock tells how old it is, and when shards were counted
     */
    public SummarizedStockLevels(SummaryTable summaries, StockTable table, Duration mostBehind, InstantSource clock) {
        this.summaries = summaries;
        this.table = table;
        this.mostBehind = mostBehind;
        this.clock = clock;
        this.lease = Caffeine.newBuilder()
                .maximumSize(1)
                .expireAfterWrite(LEASE_AGE)
                .executor(Runnable::run)
                .buildAsync();
    }

    /** The lease comes first: what it says is in the summaries was there when it was read. */
    @Override
    public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
        return lease().map(found -> found.filter(this::isFollowedClosely))
                .onFailure()
                .recoverWithItem(Optional.empty())
                .chain(close -> close.isEmpty() ? count(listings).map(Counted::levels) : levels(listings, close.get()));
    }

    private Uni<Optional<Lease>> lease() {
        // A copy, because a caller that gives up cancels its future, and this one is everybody's.
        return Uni.createFrom()
                .completionStage(
                        () -> lease.get("", (key, executor) -> summaries.lease().subscribeAsCompletionStage())
                                .copy());
    }

    private boolean isFollowedClosely(Lease lease) {
        return !lease.upTo().isBefore(clock.instant().minus(mostBehind));
    }

    private Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings, Lease lease) {
        Set<Sku> skus = new HashSet<>();
        listings.forEach(it -> skus.add(it.product().sku()));
        return summaries
                .find(skus)
                .onFailure()
                .recoverWithItem(Map.of())
                .chain(found -> levels(listings, lease, found));
    }

    private Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings, Lease lease, Map<Sku, Summary> found) {
        Map<Sku, StockLevel> levels = new HashMap<>();
        Set<Listing> toCount = new HashSet<>();
        listings.forEach(listing -> {
            Sku sku = listing.product().sku();
            Optional.ofNullable(found.get(sku))
                    .map(it -> it.total(listing.layout(), lease.generation()))
                    .filter(OptionalLong::isPresent)
                    .ifPresentOrElse(
                            total -> levels.put(
                                    sku,
                                    new StockLevel(sku, total.getAsLong(), lease.upTo(), StockLevel.Source.SUMMARY)),
                            () -> toCount.add(listing));
        });
        if (toCount.isEmpty()) {
            return Uni.createFrom().item(levels);
        }
        return count(toCount)
                .invoke(counted -> write(counted.shards(), found, lease.generation()))
                .map(counted -> {
                    levels.putAll(counted.levels());
                    return levels;
                });
    }

    private record Counted(Map<Sku, List<ShardLevel>> shards, Map<Sku, StockLevel> levels) {}

    private Uni<Counted> count(Collection<Listing> listings) {
        return Uni.createFrom().deferred(() -> {
            Instant asOf = clock.instant();
            return table.gather(GatheredStockLevels.readShards(listings))
                    .map(shards -> new Counted(shards, GatheredStockLevels.totals(listings, shards, asOf)));
        });
    }

    /**
     * Nobody waits for that. A summary that was written since it was read, as by the follower, is left as it is: the next who
     * counts tries again.
     */
    private void write(Map<Sku, List<ShardLevel>> counted, Map<Sku, Summary> found, long generation) {
        found.forEach((sku, summary) -> {
            if (counted.containsKey(sku)) {
                Summary next = summary.counted(Objects.requireNonNull(counted.get(sku)), generation);
                summaries.save(next).subscribe().with(attempt -> {}, failure -> {});
            }
        });
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return Uni.createFrom().voidItem();
    }
}
