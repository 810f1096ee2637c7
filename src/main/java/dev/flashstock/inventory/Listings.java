package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Where listings are looked up. */
@FunctionalInterface
public interface Listings {
    /**
     * Looks a listing up.
     *
     * @param sku the SKU
     * @return its listing, or nothing when no product has this SKU; fails with {@link Unavailable}
     */
    Uni<Optional<Listing>> find(Sku sku);
}
