package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.util.OptionalLong;

/** What this process has just heard of SKUs that are sold out, so that those who come after cost nothing. */
public final class SoldOut {
    /** The most SKUs remembered. */
    static final int MAX_ENTRIES = 10_000;
    /** How long it is remembered. */
    static final Duration MEMORY = Duration.ofSeconds(1);

    private final Ticker ticker;
    private final Cache<Sku, Long> heard;

    /**
     * Remembers nothing yet.
     *
     * @param ticker the time, in nanoseconds
     */
    public SoldOut(Ticker ticker) {
        this.ticker = ticker;
        this.heard = alike(MAX_ENTRIES);
    }

    /** A memory that lasts as long as this one. */
    <T> Cache<Sku, T> alike(int maxEntries) {
        return Caffeine.newBuilder()
                .maximumSize(maxEntries)
                .expireAfterWrite(MEMORY)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Remembers how few units are left.
     *
     * @param sku the SKU
     * @param available its units
     */
    void hear(Sku sku, long available) {
        heard.put(sku, available);
    }

    /**
     * Tells whether fewer units were left a moment ago than are asked for.
     *
     * @param sku the SKU
     * @param quantity what is asked for
     * @return the units that were left; nothing when there may be enough
     */
    OptionalLong tooFewFor(Sku sku, Quantity quantity) {
        Long available = heard.getIfPresent(sku);
        return available == null || available >= quantity.units() ? OptionalLong.empty() : OptionalLong.of(available);
    }

    /**
     * Units have come back.
     *
     * @param sku the SKU
     */
    void forget(Sku sku) {
        heard.invalidate(sku);
    }
}
