package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.StockLevel;
import io.smallrye.mutiny.Uni;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/**
 * The fastest layer: levels remembered in this process for a moment. Those who ask for the same at the same time share one
 * question to the layer below.
 */
public final class PodStockLevels implements StockLevels {
    /** The most levels remembered. */
    static final int MAX_ENTRIES = 10_000;

    private final StockLevels levels;
    private final AsyncCache<Sku, StockLevel> remembered;
    /** Also those that are too old, but when these are better than none. */
    private final Cache<Sku, StockLevel> last;

    private final BooleanSupplier oldOnesWillDo;

    /**
     * Remembers another layer's levels.
     *
     * @param levels the layer below
     * @param freshness for how long: by so much a level may be older here than it is there
     * @param oldOnesWillDo whether there is too much to do for asking the layer below: then a level is told that is as old
     *     as one is at most while it is counted
     */
    public PodStockLevels(StockLevels levels, Freshness freshness, BooleanSupplier oldOnesWillDo) {
        this.levels = levels;
        this.oldOnesWillDo = oldOnesWillDo;
        this.last = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(freshness.remembered())
                .executor(Runnable::run)
                .build();
        this.remembered = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(freshness.pod())
                .executor(Runnable::run)
                .buildAsync();
    }

    @Override
    public Uni<Map<Sku, StockLevel>> levels(Collection<Listing> listings) {
        return Uni.createFrom().deferred(() -> {
            Map<Sku, Listing> bySku = new HashMap<>();
            listings.forEach(it -> bySku.put(it.product().sku(), it));
            Set<Sku> askedBelow = new HashSet<>();
            return Uni.createFrom()
                    .completionStage(remembered.getAll(bySku.keySet(), (skus, executor) -> {
                        Map<Sku, StockLevel> old = oldOnes(skus);
                        askedBelow.addAll(skus);
                        askedBelow.removeAll(old.keySet());
                        return below(askedBelow, bySku, old);
                    }))
                    .map(found -> told(found, askedBelow));
        });
    }

    /** What nearly everybody asks, without the detour of asking for many. */
    @Override
    public Uni<StockLevel> level(Listing listing) {
        return Uni.createFrom().deferred(() -> {
            StockLevel known =
                    remembered.synchronous().getIfPresent(listing.product().sku());
            return known == null
                    ? StockLevels.super.level(listing)
                    : Uni.createFrom().item(told(known));
        });
    }

    private Map<Sku, StockLevel> oldOnes(Set<? extends Sku> skus) {
        return oldOnesWillDo.getAsBoolean() ? last.getAllPresent(skus) : Map.of();
    }

    private CompletableFuture<Map<Sku, StockLevel>> below(
            Set<Sku> skus, Map<Sku, Listing> bySku, Map<Sku, StockLevel> old) {
        if (skus.isEmpty()) {
            return CompletableFuture.completedFuture(old);
        }
        Set<Listing> wanted = new HashSet<>();
        bySku.forEach((sku, listing) -> {
            if (skus.contains(sku)) {
                wanted.add(listing);
            }
        });
        return levels.levels(wanted)
                .invoke(last::putAll)
                .map(levels -> union(old, levels))
                .subscribeAsCompletionStage();
    }

    private static Map<Sku, StockLevel> union(Map<Sku, StockLevel> some, Map<Sku, StockLevel> others) {
        Map<Sku, StockLevel> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private static Map<Sku, StockLevel> told(Map<Sku, StockLevel> found, Set<Sku> askedBelow) {
        Map<Sku, StockLevel> told = new HashMap<>(found);
        told.replaceAll((sku, level) -> askedBelow.contains(sku) ? level : told(level));
        return told;
    }

    private static StockLevel told(StockLevel level) {
        return new StockLevel(level.sku(), level.available(), level.asOf(), StockLevel.Source.POD);
    }

    @Override
    public Uni<Void> forget(Sku sku) {
        return levels.forget(sku).onTermination().invoke(() -> {
            forgetHere(sku);
            last.invalidate(sku);
        });
    }

    /**
     * Forgets what this process remembers; the layers below know better already.
     *
     * @param sku whose level
     */
    public void forgetHere(Sku sku) {
        remembered.synchronous().invalidate(sku);
    }
}
