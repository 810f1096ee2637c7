package dev.flashstock.stock;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A SKU's entry in the catalogue.
 *
 * @param sku what is sold
 * @param name for people
 * @param price of one unit
 * @param status whether it is for sale
 * @param startsAt when the sale begins, inclusive; null: it has begun
 * @param endsAt when the sale ends, exclusive; null: it does not
 * @param holdTime how long a reservation is held
 * @param perUserLimit the most units that one user may hold and have bought, 1 to {@value #MAX_PER_USER}; null: as many
 *     as there are. Units count that were taken while the product had a limit.
 * @param revision changes with every change of this entry, and never comes back
 */
public record Product(
        Sku sku,
        String name,
        Price price,
        Status status,
        @Nullable Instant startsAt,
        @Nullable Instant endsAt,
        Duration holdTime,
        @Nullable Integer perUserLimit,
        String revision) {

    /** The highest limit for each user, in units. */
    public static final int MAX_PER_USER = 10_000;

    /** Whether a product is for sale. */
    public enum Status {
        /** Not for sale yet. */
        DRAFT,
        /** For sale, inside its window. */
        ON_SALE,
        /** Not for sale for the moment. */
        PAUSED,
        /** Not for sale any more. */
        ENDED
    }

    /**
     * Whether this entry says the same as another, whatever their revisions.
     *
     * @param other the other entry
     * @return true when nothing but the revision differs
     */
    public boolean saysTheSameAs(Product other) {
        return equals(new Product(
                other.sku,
                other.name,
                other.price,
                other.status,
                other.startsAt,
                other.endsAt,
                other.holdTime,
                other.perUserLimit,
                revision));
    }

    /**
     * Why a unit cannot be sold at a moment.
     *
     * @param now the moment
     * @return the reason, or nothing when it can be sold
     */
    public Optional<Refusal> refusesSaleAt(Instant now) {
        if (status != Status.ON_SALE) {
            return Optional.of(new Refusal.NotOnSale(sku, status));
        }
        if (startsAt != null && now.isBefore(startsAt)) {
            return Optional.of(new Refusal.SaleNotStarted(sku, startsAt));
        }
        if (endsAt != null && !now.isBefore(endsAt)) {
            return Optional.of(new Refusal.SaleEnded(sku, endsAt));
        }
        return Optional.empty();
    }
}
