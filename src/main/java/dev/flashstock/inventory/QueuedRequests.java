package dev.flashstock.inventory;

import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import io.smallrye.mutiny.Uni;

/** Use case: a queued request's turn has come. */
public final class QueuedRequests {
    private final Listings listings;
    private final ReservationTable reservations;
    private final Holds holds;
    private final Retries retries;

    /**
     * Wires the use case.
     *
     * @param listings what is for sale, perhaps a second old
     * @param reservations where rejections are recorded
     * @param holds takes the units
     * @param retries for what other writers get in the way of
     */
    public QueuedRequests(Listings listings, ReservationTable reservations, Holds holds, Retries retries) {
        this.listings = listings;
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
        return listings.find(request.sku()).chain(listing -> {
            if (listing.isEmpty()) {
                return reject(request, Reservation.Reason.UNKNOWN_PRODUCT);
            }
            return listing.get().product().refusesSaleAt(request.requestedAt()).isPresent()
                    ? reject(request, Reservation.Reason.NOT_ON_SALE)
                    : holds.place(request, listing.get());
        });
    }

    private Uni<Reservation> reject(ReservationRequest request, Reservation.Reason reason) {
        return retries.until(
                () -> reservations.recordIfAbsent(Reservation.rejected(request, new Reservation.Rejection(reason, 0))));
    }
}
