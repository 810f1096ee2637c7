package dev.flashstock.stock;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a caller asks for.
 *
 * @param id the id that the reservation will have, derived from the SKU and the idempotency key
 * @param user whom it is for
 * @param quantity how many units
 * @param requestedAt when it was asked
 * @param trace the span that it belongs to; null when that is not recorded. Nothing is decided by it
 */
public record ReservationRequest(
        ReservationId id,
        UserId user,
        Quantity quantity,
        Instant requestedAt,
        @Nullable TraceParent trace) {
    /**
     * A request that belongs to no trace.
     *
     * @param id the id that the reservation will have
     * @param user whom it is for
     * @param quantity how many units
     * @param requestedAt when it was asked
     */
    public ReservationRequest(ReservationId id, UserId user, Quantity quantity, Instant requestedAt) {
        this(id, user, quantity, requestedAt, null);
    }

    /**
     * The same request, on its way.
     *
     * @param span the span that it belongs to from now on
     * @return a copy
     */
    public ReservationRequest tracedBy(TraceParent span) {
        return new ReservationRequest(id, user, quantity, requestedAt, span);
    }

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
