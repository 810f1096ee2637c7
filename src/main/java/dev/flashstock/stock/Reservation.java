package dev.flashstock.stock;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Units taken from stock for a user.
 *
 * @param id its id, unique within the user
 * @param user whom it is for
 * @param quantity how many units; null while {@code QUEUED} or when cancelled then: only the queue knows
 * @param status where it is in its life
 * @param createdAt when it was asked for; null while {@code QUEUED}
 * @param expiresAt until when the units are held; null when they never were
 * @param shard the shard that the units came from and go back to; null when none were taken
 * @param rejection why it was rejected; null when it was not
 */
public record Reservation(
        ReservationId id,
        UserId user,
        @Nullable Quantity quantity,
        Status status,
        @Nullable Instant createdAt,
        @Nullable Instant expiresAt,
        @Nullable Integer shard,
        @Nullable Rejection rejection) {

    /** Where a reservation is in its life. */
    public enum Status {
        /** Accepted and durable in the queue, not yet decided. */
        QUEUED,
        /** Units are taken for it. */
        HELD,
        /** Sold: the units do not come back. */
        CONFIRMED,
        /** Given back by the caller. */
        RELEASED,
        /** Given back because its time was over. */
        EXPIRED,
        /** No units were taken. */
        REJECTED
    }

    /** Why no units were taken. */
    public enum Reason {
        /** Fewer units were left than were asked for. */
        SOLD_OUT,
        /** The product was not on sale any more when the request's turn came. */
        NOT_ON_SALE,
        /** The product was gone when the request's turn came. */
        UNKNOWN_PRODUCT,
        /** The request had waited longer than units are held when its turn came. */
        TOO_LATE,
        /** The request could not be decided, however often its turn came. */
        NOT_DECIDED
    }

    /**
     * A refusal that is final for its idempotency key.
     *
     * @param reason why
     * @param available the units that were left
     */
    public record Rejection(Reason reason, long available) {}

    /**
     * A request that is accepted and waits for its turn.
     *
     * @param id its id
     * @param user whom it is for
     * @return the reservation as far as it is known
     */
    public static Reservation queued(ReservationId id, UserId user) {
        return new Reservation(id, user, null, Status.QUEUED, null, null, null, null);
    }

    /**
     * The reservation that a request becomes when units are taken for it.
     *
     * @param request what was asked for
     * @param shard where the units come from
     * @param now the moment from which they are held
     * @param holdTime how long
     * @return the reservation, held
     */
    public static Reservation held(ReservationRequest request, int shard, Instant now, Duration holdTime) {
        return new Reservation(
                request.id(),
                request.user(),
                request.quantity(),
                Status.HELD,
                request.requestedAt(),
                now.plus(holdTime),
                shard,
                null);
    }

    /**
     * The reservation that a request becomes when it is refused for good.
     *
     * @param request what was asked for
     * @param rejection why not
     * @return the reservation, rejected
     */
    public static Reservation rejected(ReservationRequest request, Rejection rejection) {
        return new Reservation(
                request.id(),
                request.user(),
                request.quantity(),
                Status.REJECTED,
                request.requestedAt(),
                null,
                null,
                rejection);
    }

    /**
     * A queued request that its caller cancelled before its turn came; when the turn comes, it finds this.
     *
     * @param id its id
     * @param user whom it was for
     * @param now the moment
     * @return the reservation, released
     */
    public static Reservation cancelled(ReservationId id, UserId user, Instant now) {
        return new Reservation(id, user, null, Status.RELEASED, now, null, null, null);
    }

    /**
     * The same reservation, with its quantity told by who knows it.
     *
     * @param quantity how many units
     * @return this reservation with that quantity
     */
    public Reservation of(Quantity quantity) {
        return new Reservation(id, user, quantity, status, createdAt, expiresAt, shard, rejection);
    }

    /**
     * The same reservation, further on in its life.
     *
     * @param status where it is now
     * @return this reservation with that status
     */
    public Reservation as(Status status) {
        return new Reservation(id, user, quantity, status, createdAt, expiresAt, shard, rejection);
    }

    /**
     * What is reserved.
     *
     * @return the SKU
     */
    public Sku sku() {
        return id.sku();
    }
}
