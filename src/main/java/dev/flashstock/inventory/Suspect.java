package dev.flashstock.inventory;

import dev.flashstock.stock.Discrepancy;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import org.jspecify.annotations.Nullable;

/** A reservation or an adjustment that may be wrong, and what a count has found out of it so far. */
final class Suspect {
    final Reservation.@Nullable Key reservation;
    private final @Nullable String adjustment;
    private boolean taken;
    private boolean givenBack;
    private boolean recorded;
    private @Nullable Status status;

    /**
     * Nothing is known yet.
     *
     * @param reservation which one; null: it is none
     * @param adjustment which one; null: it is none
     */
    Suspect(Reservation.@Nullable Key reservation, @Nullable String adjustment) {
        this.reservation = reservation;
        this.adjustment = adjustment;
    }

    /** The ledger has taken units for it, or given some back. */
    void inLedger(boolean takes) {
        taken |= takes;
        givenBack |= !takes;
    }

    /** Its item was read. */
    void found(Status itsStatus) {
        status = itsStatus;
    }

    /** The adjustment's record was read. */
    void recorded() {
        recorded = true;
    }

    /** Whether the ledger has taken units for it. */
    boolean isTaken() {
        return taken;
    }

    /** What is wrong with it, when its balance ({@link Tally}) stays at other than 0. */
    Discrepancy wrongBy(long balance) {
        return adjustment == null
                ? new Discrepancy(kindOfReservation(balance), balance, reservation, null)
                : new Discrepancy(kindOfAdjustment(), -balance, null, adjustment);
    }

    private Discrepancy.Kind kindOfAdjustment() {
        return recorded ? Discrepancy.Kind.ADJUSTMENT_NOT_IN_LEDGER : Discrepancy.Kind.ADJUSTMENT_NOT_RECORDED;
    }

    private Discrepancy.Kind kindOfReservation(long balance) {
        boolean has = status == Status.HELD || status == Status.CONFIRMED;
        if (!taken) {
            return has ? Discrepancy.Kind.RESERVATION_WITHOUT_HOLD : Discrepancy.Kind.RETURN_WITHOUT_HOLD;
        }
        if (has) {
            return givenBack && balance < 0
                    ? Discrepancy.Kind.RESERVATION_GIVEN_BACK
                    : Discrepancy.Kind.RESERVATION_UNITS;
        }
        return balance > 0 ? Discrepancy.Kind.RESERVATION_NOT_HELD : Discrepancy.Kind.RETURN_WITHOUT_HOLD;
    }
}
