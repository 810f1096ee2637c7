package dev.flashstock.inventory;

import static java.util.stream.Collectors.toMap;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Listings remembered for a short while in this process, absent ones too: every reservation needs its listing, and one
 * partition serves only 3,000 reads a second. Another process's change of a product is seen when the time is over.
 */
public final class RememberedListings implements Listings {
    /** The most listings remembered. */
    static final int MAX_ENTRIES = 10_000;

    private final Listings listings;
    private final AsyncCache<Sku, Optional<Listing>> remembered;

    /**
     * Remembers another's listings.
     *
     * @param listings where they come from
     * @param forHowLong how old a remembered listing may be
     */
    public RememberedListings(Listings listings, Duration forHowLong) {
        this.listings = listings;
        this.remembered = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(forHowLong)
                .buildAsync();
    }

    @Override
    public Uni<Optional<Listing>> find(Sku sku) {
        return Uni.createFrom().deferred(() -> {
            Optional<Listing> known = remembered.synchronous().getIfPresent(sku);
            return known == null ? lookUp(sku) : Uni.createFrom().item(known);
        });
    }

    private Uni<Optional<Listing>> lookUp(Sku sku) {
        // A copy, because a caller that gives up cancels its future, and this one is everybody's.
        return Uni.createFrom()
                .completionStage(() -> remembered
                        .get(sku, (key, executor) -> listings.find(key).subscribeAsCompletionStage())
                        .copy());
    }

    @Override
    public Uni<Map<Sku, Listing>> findAll(Set<Sku> skus) {
        return Uni.createFrom()
                .completionStage(() -> remembered.getAll(skus, (unknown, executor) -> lookUp(Set.copyOf(unknown))))
                .map(found -> {
                    Map<Sku, Listing> listings = new HashMap<>();
                    found.forEach((sku, listing) -> listing.ifPresent(it -> listings.put(sku, it)));
                    return listings;
                });
    }

    private CompletableFuture<Map<Sku, Optional<Listing>>> lookUp(Set<Sku> skus) {
        return listings.findAll(skus)
                .map(found -> skus.stream().collect(toMap(sku -> sku, sku -> Optional.ofNullable(found.get(sku)))))
                .subscribeAsCompletionStage();
    }

    /**
     * What this process deals with.
     *
     * @return the listings that are remembered at this moment
     */
    public Collection<Listing> known() {
        return remembered.synchronous().asMap().values().stream()
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Looks the listing up anew next time.
     *
     * @param sku the SKU
     */
    public void forget(Sku sku) {
        remembered.synchronous().invalidate(sku);
    }
}
