package dev.flashstock.inventory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Sku;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * What this process has heard of SKUs that are sold out, so that those who come after cost nothing. It is believed for
 * {@link #MEMORY}. Then it is in doubt, until somebody has looked again, and after {@link #DOUBT} forgotten.
 */
public final class SoldOut {
    /** The most SKUs remembered. */
    static final int MAX_ENTRIES = 10_000;
    /** How long it is believed. */
    static final Duration MEMORY = Duration.ofSeconds(1);
    /** How long it is remembered. */
    static final Duration DOUBT = Duration.ofSeconds(3);

    private final Ticker ticker;
    private final News news;
    private final Cache<Sku, Heard> heard;

    private record Heard(long available, long at) {}

    /**
     * Remembers nothing yet.
     *
     * @param ticker the time, in nanoseconds
     * @param news where others are told
     */
    public SoldOut(Ticker ticker, News news) {
        this.ticker = ticker;
        this.news = news;
        this.heard = Caffeine.newBuilder()
                .maximumSize(MAX_ENTRIES)
                .expireAfterWrite(DOUBT)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Remembers how few units are left, and tells the others unless they have been told just now.
     *
     * @param sku the SKU
     * @param available its units
     */
    void hear(Sku sku, long available) {
        Heard before = heard.getIfPresent(sku);
        heardElsewhere(sku, available);
        if (before == null || before.available != available) {
            news.soldOut(sku, available, false);
        } else if (ticker.read() - before.at > MEMORY.toNanos() / 2) {
            news.soldOut(sku, available, true);
        }
    }

    /**
     * Somebody has looked whether so few units are left still.
     *
     * @param sku the SKU
     * @param available its units; nothing when they were changing
     */
    void hearAgain(Sku sku, OptionalLong available) {
        Heard before = heard.getIfPresent(sku);
        if (before != null && available.isPresent() && available.getAsLong() <= before.available) {
            hear(sku, available.getAsLong());
        } else {
            forget(sku);
        }
    }

    /**
     * Another process has found out how few units are left.
     *
     * @param sku the SKU
     * @param available its units
     */
    public void heardElsewhere(Sku sku, long available) {
        heard.put(sku, new Heard(available, ticker.read()));
    }

    /**
     * Tells whether fewer units were left a moment ago than are asked for.
     *
     * @param sku the SKU
     * @param quantity what is asked for
     * @return the units that were left; nothing when there may be enough
     */
    OptionalLong tooFewFor(Sku sku, Quantity quantity) {
        return tooFew(sku, quantity, MEMORY);
    }

    /**
     * The same, if it was a little longer ago: to be looked at again.
     *
     * @param sku the SKU
     * @param quantity what is asked for
     * @return the units that were left then; nothing when there may be enough
     */
    OptionalLong perhapsTooFewFor(Sku sku, Quantity quantity) {
        return tooFew(sku, quantity, DOUBT);
    }

    private OptionalLong tooFew(Sku sku, Quantity quantity, Duration within) {
        Heard last = heard.getIfPresent(sku);
        return last == null || last.available >= quantity.units() || ticker.read() - last.at >= within.toNanos()
                ? OptionalLong.empty()
                : OptionalLong.of(last.available);
    }

    /**
     * Units have come back.
     *
     * @param sku the SKU
     */
    void forget(Sku sku) {
        if (heard.asMap().remove(sku) != null) {
            news.back(sku);
        }
    }

    /**
     * Another process has given units back.
     *
     * @param sku the SKU
     */
    public void backElsewhere(Sku sku) {
        heard.invalidate(sku);
    }
}
