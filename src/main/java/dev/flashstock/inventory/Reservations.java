package dev.flashstock.inventory;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Use cases: a reservation after it was asked for. Ids are genuine: {@link ReservationIds} has opened them. */
public final class Reservations {
    private final ReservationTable reservations;
    private final Listings listings;
    private final GroupCommits commits;
    private final SoldOut soldOut;
    private final Retries retries;
    private final InstantSource clock;

    /**
     * Wires the use cases.
     *
     * @param reservations the reservations
     * @param listings tells how long a hold is made longer
     * @param commits gives units back
     * @param soldOut forgets that a SKU is sold out when units come back
     * @param retries for what other writers get in the way of
     * @param clock tells when a queued request was cancelled
     */
    public Reservations(
            ReservationTable reservations,
            Listings listings,
            GroupCommits commits,
            SoldOut soldOut,
            Retries retries,
            InstantSource clock) {
        this.reservations = reservations;
        this.listings = listings;
        this.commits = commits;
        this.soldOut = soldOut;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Looks a reservation up.
     *
     * @param user whose
     * @param id a genuine id
     * @return the reservation; {@code QUEUED} when nothing is written of it yet
     */
    public Uni<Reservation> find(UserId user, ReservationId id) {
        return reservations.find(user, id).map(found -> found.orElseGet(() -> Reservation.queued(id, user)));
    }

    /**
     * Lists a user's reservations, in the order of their ids. Queued ones are not among them.
     *
     * @param user whose
     * @param after the id to go on after; null: from the beginning
     * @param limit the most reservations
     * @return up to {@code limit} reservations
     */
    public Uni<List<Reservation>> list(UserId user, @Nullable ReservationId after, int limit) {
        return reservations.list(user, after, limit);
    }

    /**
     * Marks a hold as sold, also one whose time is over but whose units were not given back yet. A second time changes
     * nothing.
     *
     * @param user whose
     * @param id a genuine id
     * @param paymentReference how it was paid; null: nothing is said
     * @return the reservation; or {@link Refusal.WrongState} when it is not held, {@link Refusal.PaidOtherwise} when it
     *     was sold with another payment
     */
    public Uni<Outcome<Reservation>> confirm(UserId user, ReservationId id, @Nullable String paymentReference) {
        return retries.until(() -> find(user, id).chain(it -> tryToConfirm(it, paymentReference)));
    }

    private Uni<Optional<Outcome<Reservation>>> tryToConfirm(
            Reservation reservation, @Nullable String paymentReference) {
        return switch (reservation.status()) {
            case HELD ->
                reservations
                        .confirm(reservation, paymentReference)
                        .map(attempt -> doneIf(attempt, reservation.sold(paymentReference)));
            case CONFIRMED ->
                Retries.settled(
                        paymentReference == null || paymentReference.equals(reservation.paymentReference())
                                ? Outcome.done(reservation)
                                : Outcome.refused(new Refusal.PaidOtherwise(reservation.id())));
            case QUEUED, RELEASED, EXPIRED, REJECTED -> Retries.settled(wrongState(reservation));
        };
    }

    /**
     * Makes a hold longer by its product's hold time, once: from its end, or from now when that is over.
     *
     * @param user whose
     * @param id a genuine id
     * @return the reservation with its new end; or {@link Refusal.WrongState} when it is not held, {@link
     *     Refusal.ExtendedBefore}, {@link Refusal.UnknownSku} when the product is gone
     */
    public Uni<Outcome<Reservation>> extend(UserId user, ReservationId id) {
        AtomicReference<@Nullable Instant> tried = new AtomicReference<>();
        return retries.until(() -> find(user, id).chain(it -> tryToExtend(it, tried)));
    }

    private Uni<Optional<Outcome<Reservation>>> tryToExtend(
            Reservation reservation, AtomicReference<@Nullable Instant> tried) {
        Reservation.Hold hold = reservation.hold();
        if (reservation.status() != Status.HELD || hold == null) {
            return Retries.settled(wrongState(reservation));
        }
        if (hold.extended()) { // perhaps by this very call, of which the answer was lost
            return Retries.settled(
                    hold.expiresAt().equals(tried.get())
                            ? Outcome.done(reservation)
                            : Outcome.refused(new Refusal.ExtendedBefore(reservation.id(), hold.expiresAt())));
        }
        return listings.find(reservation.sku()).chain(listing -> {
            if (listing.isEmpty()) {
                return Retries.settled(Outcome.refused(new Refusal.UnknownSku(reservation.sku())));
            }
            Instant now = clock.instant();
            Instant from = hold.expiresAt().isAfter(now) ? hold.expiresAt() : now;
            Instant until = from.plus(listing.get().product().holdTime());
            tried.set(until);
            return reservations
                    .extend(reservation, until)
                    .map(attempt -> doneIf(attempt, reservation.with(hold.extendedTo(until))));
        });
    }

    /**
     * Gives a hold's units back, or calls a queued request off before its turn. A second time changes nothing.
     *
     * @param user whose
     * @param id a genuine id
     * @return the reservation's final state, or {@link Refusal.WrongState} when it is sold
     */
    public Uni<Outcome<Reservation>> release(UserId user, ReservationId id) {
        return endHold(user, id, null);
    }

    /**
     * The same, by somebody of the shop.
     *
     * @param user whose
     * @param id a genuine id
     * @param forced who does it and why, for the ledger
     * @return the reservation's final state, or {@link Refusal.WrongState} when it is sold
     */
    public Uni<Outcome<Reservation>> release(UserId user, ReservationId id, GroupCommit.Forced forced) {
        return endHold(user, id, forced);
    }

    private Uni<Outcome<Reservation>> endHold(UserId user, ReservationId id, GroupCommit.@Nullable Forced forced) {
        return retries.until(() -> find(user, id).chain(it -> tryToRelease(it, forced)));
    }

    private Uni<Optional<Outcome<Reservation>>> tryToRelease(
            Reservation reservation, GroupCommit.@Nullable Forced forced) {
        return switch (reservation.status()) {
            case QUEUED -> callOff(reservation);
            case HELD ->
                commits.giveBack(new GroupCommit.Return(reservation, Status.RELEASED, forced))
                        .onTermination()
                        .invoke(() -> soldOut.forget(reservation.sku())) // what fails may have happened
                        .map(attempt -> doneIf(attempt, reservation.as(Status.RELEASED)));
            case RELEASED, EXPIRED, REJECTED -> Retries.settled(Outcome.done(reservation));
            case CONFIRMED -> Retries.settled(wrongState(reservation));
        };
    }

    /** The request is in the queue still: what is recorded here keeps it from being held when its turn comes. */
    private Uni<Optional<Outcome<Reservation>>> callOff(Reservation queued) {
        return reservations
                .recordIfAbsent(Reservation.cancelled(queued.id(), queued.user(), clock.instant()))
                .map(there -> there.filter(it -> it.status() == Status.RELEASED) // else its turn came meanwhile
                        .map(Outcome::done));
    }

    private static Optional<Outcome<Reservation>> doneIf(Attempt attempt, Reservation done) {
        return attempt == Attempt.DONE ? Optional.of(Outcome.done(done)) : Optional.empty();
    }

    private static Outcome<Reservation> wrongState(Reservation reservation) {
        return Outcome.refused(new Refusal.WrongState(reservation.id(), reservation.status()));
    }
}
