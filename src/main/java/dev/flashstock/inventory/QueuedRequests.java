package dev.flashstock.inventory;

import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;
import java.util.Optional;

/** Use case: a queued request's turn has come. */
public final class QueuedRequests {
    private final Listings remembered;
    private final Listings exact;
    private final ReservationTable reservations;
    private final Holds holds;
    private final Retries retries;

    /**
     * Wires the use case.
     *
     * @param remembered what is for sale, perhaps a second old
     * @param exact what is for sale, asked before a request is rejected for good
     * @param reservations where rejections are recorded
     * @param holds takes the units
     * @param retries for what other writers get in the way of
     */
    public QueuedRequests(
            Listings remembered, Listings exact, ReservationTable reservations, Holds holds, Retries retries) {
        this.remembered = remembered;
        this.exact = exact;
        this.reservations = reservations;
        this.holds = holds;
        this.retries = retries;
    }

    /**
     * Decides a request for good. It was accepted when it was asked, so the sale's window is judged by that moment.
     *
     * @param request what was asked for
     * @return what it has become; fails with {@link Unavailable}, and may then be tried again
     */
    public Uni<Reservation> settle(ReservationRequest request) {
        return remembered
                .find(request.sku())
                .chain(listing -> listing.isPresent() && sells(listing.get(), request)
                        ? holds.place(request, listing.get())
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
                ? holds.place(request, listing.get())
                : reject(request, Reservation.Reason.NOT_ON_SALE);
    }

    private Uni<Reservation> reject(ReservationRequest request, Reservation.Reason reason) {
        return retries.until(
                () -> reservations.recordIfAbsent(Reservation.rejected(request, new Reservation.Rejection(reason, 0))));
    }
}
