package dev.flashstock.stock;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A signed change of stock with its reason.
 *
 * @param id derived from the SKU and the idempotency key, so that a retry finds itself
 * @param sku whose stock changes
 * @param delta units, not 0, at most {@value #MAX_UNITS} either way; of a repair as many as are wrong
 * @param reason why
 * @param adjustedAt when
 * @param adjustedBy who asked for it
 * @param reservation in which sold units come back; null unless the reason is {@code RETURN}
 */
public record Adjustment(
        String id,
        Sku sku,
        long delta,
        Reason reason,
        Instant adjustedAt,
        UserId adjustedBy,
        Reservation.@Nullable Key reservation) {
    /** The most units that one adjustment brings or takes. */
    public static final long MAX_UNITS = 1_000_000_000L;

    /** Why stock changes other than by a sale. */
    public enum Reason {
        /** Units have come in. */
        DELIVERY,
        /** Units are broken or lost. */
        DAMAGE,
        /** A stocktake found another number. */
        CORRECTION,
        /** Units of a reservation that was sold have come back. */
        RETURN,
        /** An audit found a difference: the units are changed, and what was ever stocked is not. */
        REPAIR
    }

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when the delta is 0 or too large, or when units come back in no reservation of
     *     this SKU, or in one without being a return
     */
    public Adjustment {
        boolean tooLarge = (delta < -MAX_UNITS || delta > MAX_UNITS) && reason != Reason.REPAIR;
        if (delta == 0 || tooLarge) {
            throw new IllegalArgumentException("A delta is not 0 and at most " + MAX_UNITS + " either way");
        }
        if ((reason == Reason.RETURN) != (reservation != null)) {
            throw new IllegalArgumentException("A return, and nothing else, names the reservation");
        }
        if (reservation != null && (delta < 0 || !reservation.id().sku().equals(sku))) {
            throw new IllegalArgumentException("A return brings units in, of what was reserved");
        }
    }

    /**
     * An adjustment that is no return.
     *
     * @param id derived from the SKU and the idempotency key
     * @param sku whose stock changes
     * @param delta units, not 0, at most {@value #MAX_UNITS} either way
     * @param reason why
     * @param adjustedAt when
     * @param adjustedBy who asked for it
     */
    public Adjustment(String id, Sku sku, long delta, Reason reason, Instant adjustedAt, UserId adjustedBy) {
        this(id, sku, delta, reason, adjustedAt, adjustedBy, null);
    }

    /**
     * The id of the adjustment that a request asks for.
     *
     * @param sku whose stock changes
     * @param key the request's own name
     * @return the same id for the same two
     */
    public static String idFor(Sku sku, IdempotencyKey key) {
        return ReservationId.digest(sku, key);
    }

    /**
     * What the ledger says of it.
     *
     * @param portions what each shard is given or gives up
     * @return the movement
     */
    public Movement movement(List<Portion> portions) {
        return new Movement(
                id,
                sku,
                adjustedAt,
                portions.stream()
                        .map(it -> new Movement.Change(it.shard(), Long.signum(delta) * it.units()))
                        .toList(),
                List.of(new Movement.Line(Movement.Kind.ADJUSTMENT, delta, reservation, adjustedBy, reason.name())));
    }

    /**
     * Whether a retry asks for what was done.
     *
     * @param other what is asked for now
     * @return true when both change the same stock by the same units for the same reason, in the same reservation
     */
    public boolean asksTheSameAs(Adjustment other) {
        return id.equals(other.id)
                && sku.equals(other.sku)
                && delta == other.delta
                && reason == other.reason
                && Objects.equals(reservation, other.reservation);
    }
}
