package dev.flashstock.stock;

import java.time.Instant;

/**
 * What a caller asks for.
 *
 * @param id the id that the reservation will have, derived from the SKU and the idempotency key
 * @param user whom it is for
 * @param quantity how many units
 * @param requestedAt when it was asked
 */
public record ReservationRequest(ReservationId id, UserId user, Quantity quantity, Instant requestedAt) {
    /**
     * What is asked for.
     *
     * @return the SKU
     */
    public Sku sku() {
        return id.sku();
    }

    /**
     * What names the reservation that it asks for.
     *
     * @return its user and its id
     */
    public Reservation.Key key() {
        return new Reservation.Key(user, id);
    }
}
