package dev.flashstock.heat;

import dev.flashstock.heat.Throttle.Access;
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
    /** Kinds of items that a key has of its own, and what helps when it is hot. */
    public enum Kind {
        /** One of a SKU's counters. */
        STOCK_SHARD(
                "Shard %2$d of the stock of %1$s",
                "Give the product more shards: PUT /products/%1$s/layout. GET /advice/shards tells how many.",
                "Let totals be remembered for longer (flashstock.stock.ttl), or give the product more shards: PUT"
                        + " /products/%1$s/layout."),
        /** A SKU's catalogue entry and its layout. */
        PRODUCT(
                "The catalogue entry of %1$s",
                "Change the product and its layout less often: each change, and each move between its shards, is a write"
                        + " of this key.",
                "Let processes remember products for longer (flashstock.inventory.listing-ttl), or put DAX before the"
                        + " table (flashstock.dax.endpoint)."),
        /** A user's reservations, limits and likes. */
        USER(
                "What belongs to one user",
                "No shopper does so much: limit what one caller may send, and let a storefront name its shoppers one by"
                        + " one (X-User).",
                "No shopper asks so often: limit what one caller may send, and let clients listen"
                        + " (GET /reservations/{id}/events) rather than ask again."),
        /** A SKU's adjustments. */
        ADJUSTMENTS(
                "The adjustments of %1$s",
                "Adjust in larger steps: one delivery of many units rather than many of one.",
                "Audit the product less often: each audit reads all its adjustments."),
        /** A SKU's movements of an hour, one part of them. */
        LEDGER(
                "A part of the ledger of %1$s",
                "Let more reservations go into one transaction, each of which is a movement: fewer processes, or fewer"
                        + " shards.",
                "Read the ledger more slowly, and audit less often."),
        /** What is due in a minute, one part of it. */
        EXPIRY(
                "A part of what is due in one minute",
                "All holds of a shard that end in one minute are in one place: give the product that sells most more"
                        + " shards (PUT /products/{sku}/layout).",
                "Let processes look less often for what is due (flashstock.expiry.interval)."),
        /** A SKU's last audit. */
        AUDIT(
                "The last audit of %1$s",
                "Audit the product less often.",
                "Ask for the audit less often: it is counted anew after a minute at the earliest."),
        /** A SKU's level in one item, or who keeps those. */
        SUMMARY(
                "A summary of stock",
                "Count the shards instead: flashstock.totals.source=shards.",
                "Let totals be remembered for longer (flashstock.stock.ttl)."),
        /** A shard of a SKU's views. */
        VIEWS(
                "Shard %2$d of the views of %1$s",
                "Let processes collect views for longer before they write them (flashstock.counters.flush).",
                "Let totals be remembered for longer (flashstock.counters.ttl)."),
        /** A shard of a SKU's likes. */
        LIKES(
                "Shard %2$d of the likes of %1$s",
                "More likes come in than their shards bear: limit what one caller may send. Who is refused may try again.",
                "Let totals be remembered for longer (flashstock.counters.ttl)."),
        /** Products of a status, one part of the index of them. */
        STATUS_INDEX(
                "A part of the index of products by status",
                "Change the status of products less often, or of fewer at once. Writes to the table wait for the index.",
                "Let who lists products remember the pages."),
        /** Anything else. */
        OTHER(
                "A key that is none of flashstock's",
                "Spread the key over several, or write it less often.",
                "Remember what is read, or spread the key over several.");

        private final String name;
        private final String ofWrites;
        private final String ofReads;

        Kind(String name, String ofWrites, String ofReads) {
            this.name = name;
            this.ofWrites = ofWrites;
            this.ofReads = ofReads;
        }

        /** Whether it has shards. */
        public boolean isSharded() {
            return this == STOCK_SHARD || this == VIEWS || this == LIKES;
        }
    }

    /** An item of no single product. */
    public static Subject of(Kind kind) {
        return new Subject(kind, null, 0);
    }

    /** What it is, as a sentence begins. */
    String name() {
        return say(kind.name);
    }

    /** What helps when it is hot with reads, or with writes. */
    String remedy(Access access) {
        return say(access == Access.READ ? kind.ofReads : kind.ofWrites);
    }

    private String say(String text) {
        return text.formatted(sku == null ? "a product" : sku, shard);
    }
}
