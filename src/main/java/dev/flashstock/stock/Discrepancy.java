package dev.flashstock.stock;

import org.jspecify.annotations.Nullable;

/**
 * One thing in the books that does not agree with another.
 *
 * @param kind what is wrong
 * @param units what it adds to the difference: more than 0, units that should be in stock and are not; 0 is never told
 * @param reservation which one; null when it is none
 * @param adjustment the id of which one; null when it is none
 */
public record Discrepancy(
        Kind kind,
        long units,
        Reservation.@Nullable Key reservation,
        @Nullable String adjustment) {
    /** What is wrong. */
    public enum Kind {
        /** The ledger has taken units for a reservation and not given them back, but the reservation is gone or over. */
        RESERVATION_NOT_HELD,
        /** A reservation holds or has bought units that the ledger has never taken for it. */
        RESERVATION_WITHOUT_HOLD,
        /** The ledger has given units back for a reservation that still holds them, or has bought them. */
        RESERVATION_GIVEN_BACK,
        /** The ledger has given units back that it had never taken. */
        RETURN_WITHOUT_HOLD,
        /** A reservation has another number of units than the ledger has taken for it. */
        RESERVATION_UNITS,
        /** An adjustment is recorded, and the ledger has none, or other units. */
        ADJUSTMENT_NOT_IN_LEDGER,
        /** The ledger has an adjustment that is not recorded. */
        ADJUSTMENT_NOT_RECORDED,
        /** The shards' units are others than all of the ledger's changes together. */
        SHARDS
    }
}
