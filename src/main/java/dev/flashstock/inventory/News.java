package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;

/**
 * Port: what all processes are to know at once of a SKU. News may get lost or come late: whoever believes them believes
 * them for a moment only ({@link SoldOut}).
 */
public interface News {
    /**
     * Few units are left, or none.
     *
     * @param sku the SKU
     * @param available its units, as {@link Looks} have found for certain
     * @param again whether that was known before
     */
    void soldOut(Sku sku, long available, boolean again);

    /**
     * Units have come back.
     *
     * @param sku the SKU
     */
    void back(Sku sku);

    /**
     * Which process looks whether a SKU is still sold out: one of all, for a second.
     *
     * @param sku the SKU
     * @return whether it is this one; true as well when nobody knows
     */
    Uni<Boolean> takeTurn(Sku sku);

    /**
     * For a process that is alone.
     *
     * @return news that reach nobody
     */
    static News toNobody() {
        return new News() {
            @Override
            public void soldOut(Sku sku, long available, boolean again) {
                // nobody else
            }

            @Override
            public void back(Sku sku) {
                // nobody else
            }

            @Override
            public Uni<Boolean> takeTurn(Sku sku) {
                return Uni.createFrom().item(true);
            }
        };
    }
}
