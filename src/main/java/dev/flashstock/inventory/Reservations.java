package dev.flashstock.inventory;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Use cases: a reservation after it was asked for. Ids are genuine: {@link ReservationIds} has opened them. */
public final class Reservations {
    private final ReservationTable reservations;
    private final GroupCommits commits;
    private final Retries retries;
    private final InstantSource clock;

    /**
     * Wires the use cases.
     *
     * @param reservations the reservations
     * @param commits gives units back
     * @param retries for what other writers get in the way of
     * @param clock tells when a queued request was cancelled
     */
    public Reservations(ReservationTable reservations, GroupCommits commits, Retries retries, InstantSource clock) {
        this.reservations = reservations;
        this.commits = commits;
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
     * Marks a hold as sold. A second time changes nothing.
     *
     * @param user whose
     * @param id a genuine id
     * @return the reservation, or {@link Refusal.WrongState} when it is not held
     */
    public Uni<Outcome<Reservation>> confirm(UserId user, ReservationId id) {
        return retries.until(() -> find(user, id).chain(this::tryToConfirm));
    }

    private Uni<Optional<Outcome<Reservation>>> tryToConfirm(Reservation reservation) {
        return switch (reservation.status()) {
            case HELD ->
                reservations.confirm(reservation).map(attempt -> becomes(Status.CONFIRMED, reservation, attempt));
            case CONFIRMED -> Retries.settled(Outcome.done(reservation));
            case QUEUED, RELEASED, EXPIRED, REJECTED -> Retries.settled(wrongState(reservation));
        };
    }

    /**
     * Gives a hold's units back, or calls a queued request off before its turn. A second time changes nothing.
     *
     * @param user whose
     * @param id a genuine id
     * @return the reservation's final state, or {@link Refusal.WrongState} when it is sold
     */
    public Uni<Outcome<Reservation>> release(UserId user, ReservationId id) {
        return retries.until(() -> find(user, id).chain(this::tryToRelease));
    }

    private Uni<Optional<Outcome<Reservation>>> tryToRelease(Reservation reservation) {
        return switch (reservation.status()) {
            case QUEUED -> callOff(reservation);
            case HELD ->
                commits.giveBack(reservation, Status.RELEASED)
                        .map(attempt -> becomes(Status.RELEASED, reservation, attempt));
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

    private static Optional<Outcome<Reservation>> becomes(Status status, Reservation reservation, Attempt attempt) {
        return attempt == Attempt.DONE ? Optional.of(Outcome.done(reservation.as(status))) : Optional.empty();
    }

    private static Outcome<Reservation> wrongState(Reservation reservation) {
        return Outcome.refused(new Refusal.WrongState(reservation.id(), reservation.status()));
    }
}
