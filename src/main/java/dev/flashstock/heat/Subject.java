package dev.flashstock.heat;

import dev.flashstock.stock.Sku;
import org.jspecify.annotations.Nullable;

/**
 * What lies under a partition key.
 *
 * @param kind what kind of item
 * @param sku whose it is; null: no single product's
 * @param shard which shard of it; 0 where it has none
 */
public record Subject(Kind kind, @Nullable Sku sku, int shard) {
    /** Kinds of items that a key has of its own. */
    public enum Kind {
        /** One of a SKU's counters. */
        STOCK_SHARD,
        /** A SKU's catalogue entry and its layout. */
        PRODUCT,
        /** A user's reservations, limits and likes. */
        USER,
        /** A SKU's adjustments. */
        ADJUSTMENTS,
        /** A SKU's movements of an hour, one part of them. */
        LEDGER,
        /** What is due in a minute, one part of it. */
        EXPIRY,
        /** A SKU's last audit. */
        AUDIT,
        /** A SKU's level in one item, or who keeps those. */
        SUMMARY,
        /** A shard of a SKU's views. */
        VIEWS,
        /** A shard of a SKU's likes. */
        LIKES,
        /** Products of a status, one part of the index of them. */
        STATUS_INDEX,
        /** Anything else. */
        OTHER
    }

    /** An item of no single product. */
    public static Subject of(Kind kind) {
        return new Subject(kind, null, 0);
    }
}
