package dev.flashstock.inventory;

import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ReservationRequest;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Use case: asking for units. Whoever waits gets the outcome from the table; whoever does not, or waits in vain, has a
 * request in the queue.
 */
public final class ReservationDesk {
    /**
     * So many full transactions of each shard this process lets wait at most, with the one under way: more would not be
     * decided sooner, and each would wait longer.
     */
    static final int TRANSACTIONS_AHEAD = 3;

    private final Listings listings;
    private final ReservationTable reservations;
    private final Holds holds;
    private final ReservationQueue queue;
    private final SoldOut soldOut;
    private final SoldOutWatch watch;
    private final Pauses pauses;
    private final Places<Sku> places = new Places<>();

    /**
     * Wires the use case.
     *
     * @param listings what is for sale, perhaps a second old
     * @param reservations where a retry finds itself
     * @param holds the direct path
     * @param queue the buffered path
     * @param soldOut what was sold out a moment ago
     * @param watch looks whether it still is
     * @param pauses waits
     */
    public ReservationDesk(
            Listings listings,
            ReservationTable reservations,
            Holds holds,
            ReservationQueue queue,
            SoldOut soldOut,
            SoldOutWatch watch,
            Pauses pauses) {
        this.listings = listings;
        this.reservations = reservations;
        this.holds = holds;
        this.queue = queue;
        this.soldOut = soldOut;
        this.watch = watch;
        this.pauses = pauses;
    }

    /**
     * Asks for units.
     *
     * @param request what is asked for
     * @param wait how long the caller waits for the outcome; zero: not at all
     * @return the reservation, {@code QUEUED} when its outcome is not known yet; or a refusal: unknown SKU, not on sale,
     *     sold out, over the limit, key reused, crowded. Fails with {@link Unavailable} when it is not known to be durable: it may be, and the same request is harmless.
     */
    public Uni<Outcome<Reservation>> reserve(ReservationRequest request, Duration wait) {
        return listings.find(request.sku()).chain(listing -> {
            if (listing.isEmpty()) {
                return refused(new Refusal.UnknownSku(request.sku()));
            }
            Optional<Refusal> closed = listing.get().product().refusesSaleAt(request.requestedAt());
            if (closed.isPresent()) {
                return earlierOr(request, closed.get());
            }
            Integer limit = listing.get().product().perUserLimit();
            if (limit != null && request.quantity().units() > limit) {
                return earlierOr(request, new Refusal.OverLimit(request.sku(), limit));
            }
            return tooFewFor(request, listing.get())
                    .chain(left -> left.isPresent()
                            ? earlierOr(request, new Refusal.SoldOut(request.sku(), left.getAsLong()))
                            : wait.isZero() ? enqueue(request) : holdOrRefuse(request, listing.get(), wait));
        });
    }

    /** What was heard a moment ago is believed; what was heard a little earlier, if nobody finds otherwise now. */
    private Uni<OptionalLong> tooFewFor(ReservationRequest request, Listing listing) {
        OptionalLong left = soldOut.tooFewFor(request.sku(), request.quantity());
        if (left.isPresent()
                || soldOut.perhapsTooFewFor(request.sku(), request.quantity()).isEmpty()) {
            return Uni.createFrom().item(left);
        }
        return watch.doubt(listing)
                .map(looked -> soldOut.perhapsTooFewFor(request.sku(), request.quantity()))
                .onFailure(Unavailable.class)
                .recoverWithItem(OptionalLong.empty());
    }

    /** A retry finds what it got before; any other request costs no more than this look. */
    private Uni<Outcome<Reservation>> earlierOr(ReservationRequest request, Refusal refusal) {
        return reservations
                .find(request.user(), request.id())
                .map(earlier -> earlier.map(it -> answer(request, it)).orElseGet(() -> Outcome.refused(refusal)));
    }

    /** Whoever finds no place is not put into the queue, where it would take the places of others again. */
    private Uni<Outcome<Reservation>> holdOrRefuse(ReservationRequest request, Listing listing, Duration wait) {
        Sku sku = request.sku();
        return Uni.createFrom()
                .deferred(() -> places.take(sku, placesOf(listing))
                        ? holdOrEnqueue(request, listing, wait).onTermination().invoke(() -> places.leave(sku))
                        : refused(new Refusal.Crowded(sku)));
    }

    private static int placesOf(Listing listing) {
        return TRANSACTIONS_AHEAD * GroupCommit.MAX_ENTRIES * listing.layout().writeShards();
    }

    private Uni<Outcome<Reservation>> holdOrEnqueue(ReservationRequest request, Listing listing, Duration wait) {
        Uni<Optional<Reservation>> outcome = holds.place(request, listing)
                .map(Optional::of)
                .onFailure(Unavailable.class)
                .recoverWithItem(Optional.empty());
        Uni<Optional<Reservation>> timeOver = pauses.of(wait).replaceWith(Optional.empty());
        return Uni.join()
                .first(outcome, timeOver)
                .toTerminate()
                .chain(inTime -> inTime.map(it -> Uni.createFrom().item(answer(request, it)))
                        .orElseGet(() -> enqueue(request)));
    }

    private Uni<Outcome<Reservation>> enqueue(ReservationRequest request) {
        return queue.send(request).replaceWith(() -> Outcome.done(Reservation.queued(request.id(), request.user())));
    }

    private static Outcome<Reservation> answer(ReservationRequest request, Reservation reservation) {
        if (reservation.quantity() != null && !reservation.quantity().equals(request.quantity())) {
            return Outcome.refused(new Refusal.KeyReused());
        }
        return switch (reservation.status()) {
            case QUEUED, HELD, CONFIRMED -> Outcome.done(reservation);
            case RELEASED, EXPIRED -> Outcome.refused(new Refusal.WrongState(reservation.id(), reservation.status()));
            case REJECTED -> Outcome.refused(refusal(request, reservation));
        };
    }

    private static Refusal refusal(ReservationRequest request, Reservation rejected) {
        Reservation.Rejection rejection = rejected.rejection();
        if (rejection == null) {
            throw new IllegalStateException("A rejected reservation says why: " + rejected.id());
        }
        return switch (rejection.reason()) {
            case SOLD_OUT -> new Refusal.SoldOut(request.sku(), rejection.available());
            case OVER_LIMIT -> new Refusal.OverLimit(request.sku(), rejection.available());
            case NOT_ON_SALE, UNKNOWN_PRODUCT, TOO_LATE, NOT_DECIDED ->
                new Refusal.RejectedBefore(rejected.id(), rejection.reason());
        };
    }

    private static Uni<Outcome<Reservation>> refused(Refusal refusal) {
        return Uni.createFrom().item(Outcome.refused(refusal));
    }
}
