package dev.flashstock.simulation;

import dev.flashstock.inventory.Expiry;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The primary key of an item: what the design's data model calls PK and SK. */
sealed interface Key {
    /** Whose item it is. */
    Sku sku();

    /** What it shares with those that one query finds; nothing when no query looks for it. */
    default @Nullable Object partition() {
        return null;
    }

    /** A product's catalogue entry. */
    record Product(Sku sku) implements Key {}

    /** A product's layout. */
    record Layout(Sku sku) implements Key {}

    /** One shard of a SKU. */
    record Shard(Sku sku, int number) implements Key {}

    /** A user's reservation. */
    record Reservation(UserId user, ReservationId id, Sku sku) implements Key {
        Reservation(UserId user, ReservationId id) {
            this(user, id, id.sku());
        }
    }

    /** An adjustment. */
    record Adjustment(Sku sku, String id) implements Key {}

    /** The audits of a SKU. */
    record Audit(Sku sku) implements Key {}

    /** The units that count against a user's limit. */
    record Limit(UserId user, Sku sku) implements Key {}

    /** A movement. */
    record Movement(Sku sku, Instant at, String id) implements Key {}

    /** That holds of a movement are due. */
    record Due(Expiry expiry, Sku sku) implements Key {
        Due(Expiry expiry) {
            this(expiry, expiry.sku());
        }

        @Override
        public Object partition() {
            return bucket(expiry.dueAt(), expiry.bucket());
        }

        /** The partition of one bucket of a minute. */
        static Object bucket(Instant minute, int number) {
            return List.of(minute.truncatedTo(ChronoUnit.MINUTES), number);
        }
    }
}
