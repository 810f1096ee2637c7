package dev.flashstock.stock;

import java.time.Duration;
import java.time.Instant;

/** Why something was not done: an expected outcome, each told apart from the others. */
public sealed interface Refusal {
    /**
     * The caller asks too often.
     *
     * @param again after what time it may ask again
     */
    record TooOften(Duration again) implements Refusal {}

    /**
     * As many wait for the SKU's units in this process as it can take within a moment.
     *
     * @param sku the SKU
     */
    record Crowded(Sku sku) implements Refusal {}

    /**
     * No product has this SKU.
     *
     * @param sku the SKU
     */
    record UnknownSku(Sku sku) implements Refusal {}

    /** The caller has no such reservation. */
    record UnknownReservation() implements Refusal {}

    /**
     * Fewer units are left than were asked for.
     *
     * @param sku the SKU
     * @param available the units left
     */
    record SoldOut(Sku sku, long available) implements Refusal {}

    /**
     * The user would have more units than the product allows each.
     *
     * @param sku the SKU
     * @param available the units that the user may still have
     */
    record OverLimit(Sku sku, long available) implements Refusal {}

    /**
     * The product's status keeps it from being sold.
     *
     * @param sku the SKU
     * @param status the status
     */
    record NotOnSale(Sku sku, Product.Status status) implements Refusal {}

    /**
     * The sale is still to come.
     *
     * @param sku the SKU
     * @param startsAt when it begins
     */
    record SaleNotStarted(Sku sku, Instant startsAt) implements Refusal {}

    /**
     * The sale is over.
     *
     * @param sku the SKU
     * @param endsAt when it ended
     */
    record SaleEnded(Sku sku, Instant endsAt) implements Refusal {}

    /**
     * The reservation's state does not allow it.
     *
     * @param id the reservation
     * @param status its state
     */
    record WrongState(ReservationId id, Reservation.Status status) implements Refusal {}

    /**
     * The reservation was sold with another payment.
     *
     * @param id the reservation
     */
    record PaidOtherwise(ReservationId id) implements Refusal {}

    /**
     * The hold was made longer before, which is done once.
     *
     * @param id the reservation
     * @param expiresAt when it ends
     */
    record ExtendedBefore(ReservationId id, Instant expiresAt) implements Refusal {}

    /**
     * The request with this idempotency key was rejected when its turn came, for good.
     *
     * @param id the reservation
     * @param reason why
     */
    record RejectedBefore(ReservationId id, Reservation.Reason reason) implements Refusal {}

    /**
     * More units would come back than were sold in the reservation.
     *
     * @param id the reservation
     * @param returnable the units that can still come back
     */
    record MoreThanSold(ReservationId id, long returnable) implements Refusal {}

    /** The idempotency key was used before, for something else. */
    record KeyReused() implements Refusal {}

    /**
     * An adjustment would take more than there is, or more than one transaction can collect.
     *
     * @param sku the SKU
     * @param available the units that could be taken
     */
    record NotEnoughStock(Sku sku, long available) implements Refusal {}

    /**
     * Only a product whose sale has ended is deleted.
     *
     * @param sku the SKU
     * @param status its status
     */
    record NotEnded(Sku sku, Product.Status status) implements Refusal {}

    /**
     * A product of which units are held is not deleted.
     *
     * @param sku the SKU
     * @param held the units
     */
    record ProductInUse(Sku sku, long held) implements Refusal {}

    /**
     * The SKU was not audited yet, and has too many movements to be audited at once.
     *
     * @param sku the SKU
     */
    record NotAudited(Sku sku) implements Refusal {}

    /**
     * It needs an audit that there is not.
     *
     * @param sku the SKU
     * @param why what the last one lacks
     */
    record AuditNeeded(Sku sku, Why why) implements Refusal {
        /** What an audit lacks. */
        public enum Why {
            /** There is none that is younger than ten minutes. */
            OLD,
            /** It is still under way. */
            RUNNING,
            /** It has failed. */
            FAILED,
            /** Units were brought or taken while it counted. */
            IN_FLIGHT,
            /** It has not searched for reservations that the ledger does not know. */
            NOT_SEARCHED,
            /** Units were brought or taken since. */
            CHANGED
        }
    }

    /**
     * The last audit has found no difference.
     *
     * @param sku the SKU
     */
    record NothingToRepair(Sku sku) implements Refusal {}

    /** The product is not as the caller's precondition says. */
    record PreconditionFailed() implements Refusal {}

    /**
     * There is no such table.
     *
     * @param table its name
     */
    record UnknownTable(String table) implements Refusal {}

    /**
     * The role that this process has in AWS does not allow it.
     *
     * @param action what was asked, as IAM spells it
     */
    record ActionNotAllowed(String action) implements Refusal {}

    /**
     * The backend does not know what was asked of it.
     *
     * @param action what was asked, as IAM spells it
     */
    record ActionNotSupported(String action) implements Refusal {}

    /**
     * The table is being changed already.
     *
     * @param table its name
     * @param status its status
     */
    record TableBusy(String table, String status) implements Refusal {}

    /**
     * The table was changed too often, or too many are.
     *
     * @param table its name
     * @param said what DynamoDB says
     */
    record TableChangeLimited(String table, String said) implements Refusal {}

    /**
     * DynamoDB does not take such a change.
     *
     * @param table its name
     * @param said why
     */
    record TableChangeRefused(String table, String said) implements Refusal {}
}
