package dev.flashstock.inventory;

import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/** Use case: a queued request's turn has come. */
public final class QueuedRequests {
    /** Well under the shortest time for which it is known what a request became: no copy outlives that. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(23);

    private final Listings remembered;
    private final Listings exact;
    private final ReservationTable reservations;
    private final Holds holds;
    private final Retries retries;
    private final InstantSource clock;

    /**
     * Wires the use case.
     *
     * @param remembered what is for sale, perhaps a second old
     * @param exact what is for sale, asked before a request is rejected for good
     * @param reservations where rejections are recorded
     * @param holds takes the units
     * @param retries for what other writers get in the way of
     * @param clock tells how long a request has waited
     */
    public QueuedRequests(
            Listings remembered,
            Listings exact,
            ReservationTable reservations,
            Holds holds,
            Retries retries,
            InstantSource clock) {
        this.remembered = remembered;
        this.exact = exact;
        this.reservations = reservations;
        this.holds = holds;
        this.retries = retries;
        this.clock = clock;
    }

    /**
     * Decides a request for good. It was accepted when it was asked, so the sale's window is judged by that moment. One
     * that has waited longer than its units would have been held, or for 23 hours, is rejected: whoever asked has long
     * gone. So is a copy that comes when it is not known any more what the request became.
     *
     * @param request what was asked for
     * @return what it has become; fails with {@link Unavailable}, and may then be tried again
     */
    public Uni<Reservation> settle(ReservationRequest request) {
        return remembered
                .find(request.sku())
                .chain(listing -> listing.isPresent() && sells(listing.get(), request)
                        ? placeInTime(request, listing.get())
                        : exact.find(request.sku()).chain(now -> settle(request, now)));
    }

    private static boolean sells(Listing listing, ReservationRequest request) {
        return listing.product().refusesSaleAt(request.requestedAt()).isEmpty();
    }

    private Uni<Reservation> settle(ReservationRequest request, Optional<Listing> listing) {
        if (listing.isEmpty()) {
            return reject(request, Reservation.Reason.UNKNOWN_PRODUCT);
        }
        return sells(listing.get(), request)
                ? placeInTime(request, listing.get())
                : reject(request, Reservation.Reason.NOT_ON_SALE);
    }

    /** A retry of what is held already finds the hold either way. */
    private Uni<Reservation> placeInTime(ReservationRequest request, Listing listing) {
        Duration held = listing.product().holdTime();
        Duration patience = held.compareTo(LONGEST_WAIT) < 0 ? held : LONGEST_WAIT;
        boolean late = clock.instant().isAfter(request.requestedAt().plus(patience));
        return late ? reject(request, Reservation.Reason.TOO_LATE) : holds.place(request, listing);
    }

    /**
     * Ends a request that could not be decided, so that whoever asked learns of it.
     *
     * @param request what was asked for
     * @return what it has become, before or now; fails with {@link Unavailable}, and may then be tried again
     */
    public Uni<Reservation> giveUp(ReservationRequest request) {
        return reject(request, Reservation.Reason.NOT_DECIDED);
    }

    private Uni<Reservation> reject(ReservationRequest request, Reservation.Reason reason) {
        return retries.until(
                () -> reservations.recordIfAbsent(Reservation.rejected(request, new Reservation.Rejection(reason, 0))));
    }
}
