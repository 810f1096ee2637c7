package dev.flashstock.sale;

import dev.flashstock.sale.Found.Adjusted;
import dev.flashstock.sale.Found.Key;
import dev.flashstock.sale.Found.Recorded;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Holds what was answered about stock that was changed by hand against its records, and the records of what came back
 * against the reservations in which it was sold.
 */
final class AdjustmentAudit {
    private final History history;
    private final Found found;
    private final Map<Key, List<Told>> byReservation;
    private final Map<String, List<Told>> byAdjustment;
    private final List<String> wrong = new ArrayList<>();

    AdjustmentAudit(
            History history, Found found, Map<Key, List<Told>> byReservation, Map<String, List<Told>> byAdjustment) {
        this.history = history;
        this.found = found;
        this.byReservation = byReservation;
        this.byAdjustment = byAdjustment;
    }

    /** All that is wrong. */
    List<String> wrong() {
        found.adjustments().keySet().stream()
                .filter(it -> !byAdjustment.containsKey(it))
                .forEach(it -> wrong.add("Nobody asked for the adjustment " + it));
        byAdjustment.forEach(this::check);
        checkReturned();
        return wrong;
    }

    private void check(String id, List<Told> about) {
        Adjusted item = found.adjustments().get(id);
        boolean asked = item == null || about.stream().anyMatch(it -> asksFor(it, item));
        boolean agree = about.stream().allMatch(it -> agrees(it, item));
        if (!asked || !agree) {
            wrong.add("Adjustment %s is %s:%n%s".formatted(id, item, Audit.lines(about)));
        }
    }

    private boolean asksFor(Told told, @Nullable Adjusted item) {
        Step.Change step = (Step.Change) told.step();
        return item != null && step.delta() == item.delta() && Objects.equals(sold(step), item.reservation());
    }

    /** In which reservation units come back; null when none do. */
    private @Nullable Key sold(Step.Change step) {
        return step instanceof Step.TakeBack it ? history.key(it) : null;
    }

    private boolean agrees(Told told, @Nullable Adjusted item) {
        Step.Change asked = (Step.Change) told.step();
        Key sold = sold(asked);
        if (told.done() instanceof Adjustment adjustment) {
            return asksFor(told, item) && adjustment.delta() == asked.delta() && isOf(adjustment.reservation(), sold);
        }
        Refusal refusal = told.refusal();
        if (refusal == null) {
            return true; // a failure, or silence
        }
        if (refusal instanceof Refusal.KeyReused) {
            return item != null && !asksFor(told, item);
        }
        if (sold == null) {
            return refusal instanceof Refusal.NotEnoughStock && asked.delta() < 0;
        }
        Recorded reservation = found.reservations().get(sold);
        if (refusal instanceof Refusal.MoreThanSold more) {
            return reservation != null
                    && reservation.quantity() != null
                    && more.returnable() < asked.delta()
                    && more.returnable() <= reservation.quantity()
                    && more.returnable() >= reservation.quantity() - reservation.returned()
                    && !asksFor(told, item); // what is too much then is too much for ever
        }
        return refusal instanceof Refusal.WrongState wrongState
                && wrongState.status() != Reservation.Status.CONFIRMED
                && told.begun() <= sold(byReservation.getOrDefault(sold, List.of()));
    }

    private static boolean isOf(Reservation.@Nullable Key reservation, @Nullable Key sold) {
        return reservation == null || sold == null
                ? reservation == null && sold == null
                : sold.equals(
                        new Key(reservation.user().value(), reservation.id().value()));
    }

    /** From when on it is certain that it was sold. */
    private static long sold(List<Told> about) {
        return about.stream()
                .filter(it -> it.status() == Reservation.Status.CONFIRMED)
                .mapToLong(Told::ended)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    private void checkReturned() {
        Map<Key, Long> recorded = new HashMap<>();
        found.adjustments().values().stream()
                .filter(it -> it.reservation() != null)
                .forEach(it -> recorded.merge(it.reservation(), it.delta(), Long::sum));
        Map<Key, Long> counted = new HashMap<>();
        found.reservations().forEach((key, item) -> {
            if (item.returned() != 0) {
                counted.put(key, item.returned());
            }
            if (item.returned() != 0 && (!item.status().equals("CONFIRMED") || item.returned() > item.quantity())) {
                wrong.add("More came back than was sold: " + key + " is " + item);
            }
        });
        LedgerAudit.differences(recorded, counted)
                .forEach((key, it) -> wrong.add("Of %s came back, by the records and as counted: %s:%n%s"
                        .formatted(key, it, Audit.lines(byReservation.getOrDefault(key, List.of())))));
    }
}
