package dev.flashstock.stock;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Units taken from stock for a user.
 *
 * @param id its id, unique within the user
 * @param user whom it is for
 * @param quantity how many units; null while {@code QUEUED} or when cancelled then: only the queue knows
 * @param status where it is in its life
 * @param createdAt when it was asked for; null while {@code QUEUED}
 * @param hold how units are or were held; null when none were taken
 * @param paymentReference how it was paid, as whoever confirmed it says; null when nothing was said
 * @param returned how many of its units have come back after they were sold
 * @param rejection why it was rejected; null when it was not
 */
public record Reservation(
        ReservationId id,
        UserId user,
        @Nullable Quantity quantity,
        Status status,
        @Nullable Instant createdAt,
        @Nullable Hold hold,
        @Nullable String paymentReference,
        int returned,
        @Nullable Rejection rejection) {

    /**
     * What names a reservation.
     *
     * @param user whose it is
     * @param id its id, unique within the user
     */
    public record Key(UserId user, ReservationId id) {}

    /**
     * Units that are kept for a user until a moment.
     *
     * @param shard the shard that they came from and go back to
     * @param expiresAt until when; past it they are given back as soon as somebody comes round
     * @param extended whether it was made longer, which is done once
     * @param limit the product's limit for each user when they were taken: they count against it; null: it had none
     */
    public record Hold(
            int shard,
            Instant expiresAt,
            boolean extended,
            @Nullable Integer limit) {
        /**
         * The same hold, made longer.
         *
         * @param until when it ends now
         * @return this hold, extended
         */
        public Hold extendedTo(Instant until) {
            return new Hold(shard, until, true, limit);
        }
    }

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
        /** The user has, with these, more than the product allows each. */
        OVER_LIMIT,
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
     * @param available the units that could have been had: those that were left, or left to this user by the limit
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
        return new Reservation(id, user, null, Status.QUEUED, null, null, null, 0, null);
    }

    /**
     * The reservation that a request becomes when units are taken for it.
     *
     * @param request what was asked for
     * @param hold how they are held
     * @return the reservation, held
     */
    public static Reservation held(ReservationRequest request, Hold hold) {
        return new Reservation(
                request.id(),
                request.user(),
                request.quantity(),
                Status.HELD,
                request.requestedAt(),
                hold,
                null,
                0,
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
                0,
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
        return new Reservation(id, user, null, Status.RELEASED, now, null, null, 0, null);
    }

    /**
     * The same reservation, with its quantity told by who knows it.
     *
     * @param quantity how many units
     * @return this reservation with that quantity
     */
    public Reservation of(Quantity quantity) {
        return new Reservation(id, user, quantity, status, createdAt, hold, paymentReference, returned, rejection);
    }

    /**
     * The same reservation, further on in its life.
     *
     * @param status where it is now
     * @return this reservation with that status
     */
    public Reservation as(Status status) {
        return new Reservation(id, user, quantity, status, createdAt, hold, paymentReference, returned, rejection);
    }

    /**
     * The same reservation, held otherwise.
     *
     * @param hold how it is held now
     * @return this reservation with that hold
     */
    public Reservation with(Hold hold) {
        return new Reservation(id, user, quantity, status, createdAt, hold, paymentReference, returned, rejection);
    }

    /**
     * The same reservation, sold.
     *
     * @param paymentReference how it was paid; null when nothing was said
     * @return this reservation, confirmed
     */
    public Reservation sold(@Nullable String paymentReference) {
        return new Reservation(
                id, user, quantity, Status.CONFIRMED, createdAt, hold, paymentReference, returned, rejection);
    }

    /**
     * Why sold units do not come back in it.
     *
     * @param units how many, at least 1
     * @return {@link Refusal.WrongState} when it is not sold, {@link Refusal.MoreThanSold} when fewer are left of it;
     *     nothing when they can come back
     */
    public Optional<Refusal> refusesReturnOf(long units) {
        if (status != Status.CONFIRMED || quantity == null) {
            return Optional.of(new Refusal.WrongState(id, status));
        }
        int returnable = quantity.units() - returned;
        return units > returnable ? Optional.of(new Refusal.MoreThanSold(id, returnable)) : Optional.empty();
    }

    /**
     * The same reservation, with sold units that have come back.
     *
     * @param units how many more, as many as it does not refuse
     * @return this reservation with them returned
     */
    public Reservation withReturnOf(long units) {
        int now = Math.addExact(returned, Math.toIntExact(units));
        return new Reservation(id, user, quantity, status, createdAt, hold, paymentReference, now, rejection);
    }

    /**
     * What names it.
     *
     * @return its user and its id
     */
    public Key key() {
        return new Key(user, id);
    }

    /**
     * Until when units are or were held for it.
     *
     * @return the moment; null when none were taken
     */
    public @Nullable Instant expiresAt() {
        return hold == null ? null : hold.expiresAt();
    }

    /**
     * Where its units came from.
     *
     * @return the shard; null when none were taken
     */
    public @Nullable Integer shard() {
        return hold == null ? null : hold.shard();
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
