package dev.flashstock.inventory;

import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.ReservationId;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Use case: what becomes of a queued request, as soon as it is known. The table is asked soon at first, then once a
 * second, for {@link #LONGEST} at most.
 */
public final class LiveReservations {
    /** How long a request is followed. */
    static final Duration LONGEST = Duration.ofMinutes(2);

    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final BiFunction<UserId, ReservationId, Uni<Reservation>> reservations;
    private final Pauses pauses;

    /**
     * Wires the use case.
     *
     * @param reservations tells one as it is now
     * @param pauses waits
     */
    public LiveReservations(BiFunction<UserId, ReservationId, Uni<Reservation>> reservations, Pauses pauses) {
        this.reservations = reservations;
        this.pauses = pauses;
    }

    /**
     * Follows a reservation until it is decided.
     *
     * @param user whose
     * @param id its id, a genuine one
     * @return the reservation as it is now, and if it is queued, as it was decided; fails with {@link Unavailable}
     */
    public Multi<Reservation> follow(UserId user, ReservationId id) {
        return Multi.createBy()
                .repeating()
                .uni(Patience::new, patience -> patience.before(() -> reservations.apply(user, id)))
                .whilst(it -> it.reservation().status() == Status.QUEUED && !it.isOver())
                .map(Look::reservation)
                .skip()
                .repetitions(Comparator.comparing(Reservation::status));
    }

    private record Look(Reservation reservation, boolean isOver) {}

    /** Waits longer each time. */
    private final class Patience {
        private Duration waited = Duration.ZERO;
        private Duration pause = Duration.ZERO;

        Uni<Look> before(Supplier<Uni<Reservation>> look) {
            Uni<Void> first = pause.isZero() ? Uni.createFrom().voidItem() : pauses.of(pause);
            waited = waited.plus(pause);
            pause = pause.isZero() ? FIRST_PAUSE : longer(pause);
            return first.chain(look::get).map(it -> new Look(it, waited.compareTo(LONGEST) >= 0));
        }

        private static Duration longer(Duration pause) {
            Duration next = pause.multipliedBy(3).dividedBy(2);
            return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
        }
    }
}
