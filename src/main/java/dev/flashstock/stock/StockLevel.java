package dev.flashstock.stock;

import java.time.Instant;

/**
 * How many units of a SKU could be taken at a moment.
 *
 * @param sku the SKU
 * @param available units in all its shards
 * @param asOf when the shards were read
 * @param source where this answer came from
 */
public record StockLevel(Sku sku, long available, Instant asOf, Source source) {
    /** Where a stock level was read. */
    public enum Source {
        /** This process's memory. */
        POD,
        /** Redis. */
        REDIS,
        /** The shards themselves. */
        SHARDS,
        /** The summary that the table's stream keeps. */
        SUMMARY
    }
}
