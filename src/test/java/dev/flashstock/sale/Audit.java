package dev.flashstock.sale;

import dev.flashstock.inventory.Unavailable;
import dev.flashstock.sale.Found.Key;
import dev.flashstock.sale.Found.Recorded;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.StockLevel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Holds what was answered in a history against what the table has of its SKU when nothing goes on any more. What is wrong
 * is told item by item, with all that was answered about it.
 */
final class Audit {
    private final History history;
    private final Found found;
    private final List<Told> told;
    private final Map<Key, List<Told>> byReservation;
    private final Map<String, List<Told>> byAdjustment;
    private final List<String> wrong = new ArrayList<>();

    Audit(History history, Found found) {
        this.history = history;
        this.found = found;
        this.told = history.told();
        this.byReservation = told.stream()
                .filter(it -> it.step() instanceof Step.About)
                .collect(Collectors.groupingBy(it -> key((Step.About) it.step())));
        this.byAdjustment = told.stream()
                .filter(it -> it.step() instanceof Step.Adjust)
                .collect(Collectors.groupingBy(it -> history.adjustmentId(((Step.Adjust) it.step()).key())));
    }

    private Key key(Step.About step) {
        return new Key(step.user(), history.id(step.key()).value());
    }

    /** All that is wrong; nothing when the history is as it should be. */
    List<String> wrong() {
        checkBooks();
        checkFailures();
        found.reservations().keySet().stream()
                .filter(it -> !byReservation.containsKey(it))
                .forEach(it -> wrong.add(
                        "Nobody asked for " + it + ": " + found.reservations().get(it)));
        found.adjustments().keySet().stream()
                .filter(it -> !byAdjustment.containsKey(it))
                .forEach(it -> wrong.add("Nobody asked for the adjustment " + it));
        byReservation.forEach(this::checkReservation);
        byAdjustment.forEach(this::checkAdjustment);
        new Rejections(found, byReservation, byAdjustment)
                .wrong()
                .forEach((key, why) -> wrong(key, why, byReservation.get(key)));
        return wrong;
    }

    private void checkBooks() {
        Books books = Books.of(found);
        if (!books.balance()
                || books.oversold()
                || found.shards().values().stream().anyMatch(units -> units < 0)) {
            wrong.add("%s: difference %d, shards %s, adjustments %s"
                    .formatted(
                            books,
                            books.stocked() - books.available() - books.held() - books.confirmed(),
                            found.shards(),
                            found.adjustments()));
        }
    }

    private void checkFailures() {
        told.stream()
                .filter(it -> it.answer() instanceof Told.Failed failed && !(failed.failure() instanceof Unavailable))
                .forEach(it -> wrong.add("An error of a kind that nobody expects: " + it));
        told.stream()
                .filter(it -> it.step() instanceof Step.Count
                        && it.done() instanceof StockLevel level
                        && level.available() < 0)
                .forEach(it -> wrong.add("Fewer than none: " + it));
    }

    // Reservations

    private void checkReservation(Key key, List<Told> about) {
        Recorded item = found.reservations().get(key);
        if (item != null && !couldBecome(item, about)) {
            wrong(key, "Nobody asked for what it is", about);
        }
        for (Told it : about) {
            if (!agrees(it, item)) {
                wrong(key, "An answer does not agree with the item: " + it, about);
            }
        }
        if (forgotten(about)) {
            wrong(key, "Something was there, and later nothing was", about);
        }
    }

    private static boolean couldBecome(Recorded item, List<Told> about) {
        boolean quantity = item.quantity() == null
                ? item.status().equals("RELEASED")
                : about.stream()
                        .anyMatch(it -> it.step() instanceof Step.Reserve asked && asked.quantity() == item.quantity());
        boolean status = switch (item.status()) {
            case "HELD" -> true;
            case "CONFIRMED" -> about.stream().anyMatch(it -> it.step() instanceof Step.Confirm);
            case "RELEASED" -> about.stream().anyMatch(it -> it.step() instanceof Step.Release);
            case "REJECTED" ->
                "SOLD_OUT".equals(item.reason())
                        && item.quantity() != null
                        && item.available() != null
                        && item.available() < item.quantity();
            default -> false;
        };
        return quantity && status;
    }

    private static boolean agrees(Told told, @Nullable Recorded item) {
        if (told.done() instanceof Reservation reservation) {
            return agrees(told.step(), reservation, item);
        }
        Refusal refusal = told.refusal();
        if (refusal == null) {
            return true; // a failure, or silence
        }
        if (refusal instanceof Refusal.SoldOut) {
            return told.step() instanceof Step.Reserve; // final or not: see forgotten, and Rejections
        }
        if (refusal instanceof Refusal.WrongState state) {
            return state.status() == Reservation.Status.QUEUED || (item != null && isNow(state.status(), item));
        }
        return refusal instanceof Refusal.KeyReused
                && told.step() instanceof Step.Reserve asked
                && item != null
                && item.quantity() != null
                && item.quantity() != asked.quantity();
    }

    private static boolean agrees(Step step, Reservation answer, @Nullable Recorded item) {
        if (answer.status() == Reservation.Status.QUEUED) {
            return item != null || !(step instanceof Step.Reserve); // a 202: it is decided by now
        }
        return item != null
                && isNow(answer.status(), item)
                && (!(step instanceof Step.Reserve asked) || Objects.equals(item.quantity(), (long) asked.quantity()))
                && Objects.equals(
                        answer.quantity() == null
                                ? null
                                : (long) answer.quantity().units(),
                        item.quantity())
                && Objects.equals(millis(answer.createdAt()), item.createdAt())
                && Objects.equals(millis(answer.expiresAt()), item.expiresAt())
                && Objects.equals(answer.shard() == null ? null : (long) answer.shard(), item.shard());
    }

    /** What was heard is what it is now, or a hold that has gone on. */
    private static boolean isNow(Reservation.Status heard, Recorded item) {
        return heard.name().equals(item.status())
                || (heard == Reservation.Status.HELD
                        && List.of("CONFIRMED", "RELEASED").contains(item.status()));
    }

    private static @Nullable Long millis(@Nullable Instant instant) {
        return instant == null ? null : instant.toEpochMilli();
    }

    /** Whether somebody heard that there is nothing, who asked after somebody had heard that there is something. */
    private static boolean forgotten(List<Told> about) {
        long there = about.stream()
                .filter(Audit::tellsOfSomething)
                .mapToLong(Told::ended)
                .min()
                .orElse(Long.MAX_VALUE);
        return about.stream().anyMatch(it -> it.begun() > there && tellsOfNothing(it));
    }

    private static boolean tellsOfSomething(Told told) {
        return (told.status() != null && told.status() != Reservation.Status.QUEUED)
                || (told.wrongState() != null && told.wrongState() != Reservation.Status.QUEUED)
                || told.refusal() instanceof Refusal.KeyReused;
    }

    /** (That a request was queued says nothing: it is not looked up before.) */
    private static boolean tellsOfNothing(Told told) {
        return told.wrongState() == Reservation.Status.QUEUED
                || (told.status() == Reservation.Status.QUEUED && !(told.step() instanceof Step.Reserve));
    }

    // Adjustments

    private void checkAdjustment(String id, List<Told> about) {
        Long delta = found.adjustments().get(id);
        boolean asked = delta == null || about.stream().anyMatch(it -> ((Step.Adjust) it.step()).delta() == delta);
        boolean agree = about.stream().allMatch(it -> agrees(it, delta));
        if (!asked || !agree) {
            wrong.add("Adjustment " + id + " has " + delta + ":\n" + lines(about));
        }
    }

    private static boolean agrees(Told told, @Nullable Long delta) {
        long asked = ((Step.Adjust) told.step()).delta();
        if (told.done() instanceof Adjustment adjustment) {
            return delta != null && delta == adjustment.delta() && delta == asked;
        }
        Refusal refusal = told.refusal();
        return refusal == null
                || (refusal instanceof Refusal.NotEnoughStock && asked < 0)
                || (refusal instanceof Refusal.KeyReused && delta != null && delta != asked);
    }

    // What is told

    private void wrong(Key key, String what, List<Told> about) {
        wrong.add("%s. %s is %s:%n%s".formatted(what, key, found.reservations().get(key), lines(about)));
    }

    private static String lines(List<Told> about) {
        return about.stream().map(it -> "    " + it).collect(Collectors.joining("\n"));
    }

    /** How often each kind of answer was given. */
    static Map<String, Long> answers(List<Told> told) {
        return told.stream().collect(Collectors.groupingBy(Told::kind, TreeMap::new, Collectors.counting()));
    }
}
