package dev.flashstock.simulation;

import dev.flashstock.simulation.ItemStore.Change;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Sold units come back with a record and counted in their reservation, never more than were sold in it. What came back is
 * summed up from the records alone.
 */
final class ReturnCheck {
    private final Map<Reservation.Key, Long> returned = new HashMap<>();

    /**
     * A write or a transaction has happened.
     *
     * @return what is wrong; null when nothing is
     */
    @Nullable
    String changed(List<Change> changes) {
        Map<Reservation.Key, Long> recorded = new HashMap<>();
        Map<Reservation.Key, Long> counted = new HashMap<>();
        Map<Reservation.Key, Reservation> reservations = new HashMap<>();
        for (Change change : changes) {
            if (change.after() instanceof Adjustment adjustment && adjustment.reservation() != null) {
                recorded.merge(adjustment.reservation(), adjustment.delta(), Long::sum);
            } else if (change.after() instanceof Reservation after) {
                reservations.put(after.key(), after);
                long more = after.returned() - returnedIn(change.before());
                if (more != 0) {
                    counted.put(after.key(), more);
                }
            }
        }
        if (!recorded.equals(counted)) {
            return "Recorded as returned is " + recorded + ", and counted " + counted;
        }
        recorded.forEach((key, units) -> returned.merge(key, units, Long::sum));
        return recorded.keySet().stream()
                .filter(it -> !mayHaveReturned(Objects.requireNonNull(reservations.get(it))))
                .findFirst()
                .map(it -> "More came back than was sold: " + returned.get(it))
                .orElse(null);
    }

    /**
     * Whether a return was refused for what was so, or is: what was sold stays sold, and what has come back of it stays back.
     *
     * @param stored what was recorded under its id when it was answered
     * @param before the reservation when it was asked for
     * @param now the reservation when it was answered
     */
    static boolean isRefusedRightly(
            Adjustment adjustment,
            @Nullable Adjustment stored,
            Refusal refusal,
            @Nullable Reservation before,
            @Nullable Reservation now) {
        if (refusal instanceof Refusal.MoreThanSold more) {
            return now != null
                    && (stored == null || !stored.asksTheSameAs(adjustment))
                    && more.returnable() < adjustment.delta()
                    && more.returnable() >= returnable(now)
                    && (before == null || more.returnable() <= returnable(before));
        }
        return refusal instanceof Refusal.WrongState wrong
                && (before == null || before.status() != Status.CONFIRMED)
                && couldBeSeen(wrong.status(), now);
    }

    private static long returnable(Reservation reservation) {
        Quantity quantity = reservation.quantity();
        return quantity == null ? 0 : quantity.units() - reservation.returned();
    }

    private static boolean couldBeSeen(Status status, @Nullable Reservation now) {
        return switch (status) {
            case QUEUED -> true;
            case HELD -> now != null && now.hold() != null;
            case RELEASED, EXPIRED, REJECTED -> now != null && now.status() == status;
            case CONFIRMED -> false;
        };
    }

    private static long returnedIn(@Nullable Object item) {
        return item instanceof Reservation reservation ? reservation.returned() : 0;
    }

    private boolean mayHaveReturned(Reservation reservation) {
        long units = returned.getOrDefault(reservation.key(), 0L);
        return reservation.status() == Status.CONFIRMED
                && reservation.quantity() != null
                && units <= reservation.quantity().units()
                && units == reservation.returned();
    }
}
