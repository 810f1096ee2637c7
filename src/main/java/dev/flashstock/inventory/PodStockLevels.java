package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.AsyncCache;
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

/**
 * The fastest layer: levels remembered in this process for a moment. Those who ask for the same at the same time share one
 * question to the layer below.
 */
public final class PodStockLevels implements StockLevels {
    /** The most levels remembered. */
    static final int MAX_ENTRIES = 10_000;

    private final StockLevels levels;
    private final AsyncCache<Sku, StockLevel> remembered;

    /**
     * Remembers another layer's levels.
     *
     * @param levels the layer below
     * @param freshness for how long: by so much a level may be older here than it is there
     */
    public PodStockLevels(StockLevels levels, Freshness freshness) {
        this.levels = levels;
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
                        askedBelow.addAll(skus);
                        return below(skus, bySku);
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

    private CompletableFuture<Map<Sku, StockLevel>> below(Set<? extends Sku> skus, Map<Sku, Listing> bySku) {
        Set<Listing> wanted = new HashSet<>();
        bySku.forEach((sku, listing) -> {
            if (skus.contains(sku)) {
                wanted.add(listing);
            }
        });
        return levels.levels(wanted).subscribeAsCompletionStage();
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
        return levels.forget(sku).onTermination().invoke(() -> forgetHere(sku));
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
