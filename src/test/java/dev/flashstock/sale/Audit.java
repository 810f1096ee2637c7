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
import java.util.Set;
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
    /** What was released by force. */
    private final Set<Key> forced;

    private final List<String> wrong = new ArrayList<>();

    Audit(History history, Found found) {
        this.history = history;
        this.found = found;
        this.told = history.told();
        this.forced = found.movements().stream()
                .flatMap(it -> it.lines().stream())
                .filter(it -> it.kind().equals("releases") && it.by() != null)
                .map(Found.Line::key)
                .collect(Collectors.toSet());
        this.byReservation = told.stream()
                .filter(it -> it.step() instanceof Step.About)
                .collect(Collectors.groupingBy(it -> history.key((Step.About) it.step())));
        this.byAdjustment = told.stream()
                .filter(it -> it.step() instanceof Step.Change)
                .collect(Collectors.groupingBy(it -> history.adjustmentId(((Step.Change) it.step()).adjustment())));
    }

    /** All that is wrong; nothing when the history is as it should be. */
    List<String> wrong() {
        checkBooks();
        wrong.addAll(new LedgerAudit(found, history.plan.limit()).wrong());
        checkFailures();
        found.reservations().keySet().stream()
                .filter(it -> !byReservation.containsKey(it))
                .forEach(it -> wrong.add(
                        "Nobody asked for " + it + ": " + found.reservations().get(it)));
        byReservation.forEach(this::checkReservation);
        wrong.addAll(new AdjustmentAudit(history, found, byReservation, byAdjustment).wrong());
        new Rejections(found, history.plan.limit(), byReservation, byAdjustment)
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
        if (item != null && !couldBecome(key, item, about)) {
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

    private boolean couldBecome(Key key, Recorded item, List<Told> about) {
        boolean quantity = item.quantity() == null
                ? item.status().equals("RELEASED")
                : about.stream()
                        .anyMatch(it -> it.step() instanceof Step.Reserve asked && asked.quantity() == item.quantity());
        boolean status = switch (item.status()) {
            case "HELD" -> true;
            case "CONFIRMED" ->
                about.stream()
                        .anyMatch(it -> it.step() instanceof Step.Confirm asked
                                && Objects.equals(asked.payment(), item.payment()));
            case "EXPIRED" -> history.plan.kind() == Plan.Kind.SHORT;
            case "RELEASED" ->
                about.stream()
                        .anyMatch(it -> it.step() instanceof Step.Release asked
                                && (item.shard() == null || asked.forced() == forced.contains(key)));
            case "REJECTED" ->
                couldBeRejected(item)
                        && item.quantity() != null
                        && item.available() != null
                        && item.available() < item.quantity();
            default -> false;
        };
        boolean extension = !item.extended() || about.stream().anyMatch(it -> it.step() instanceof Step.Extend);
        return quantity && status && extension;
    }

    private boolean couldBeRejected(Recorded item) {
        return "SOLD_OUT".equals(item.reason())
                || ("OVER_LIMIT".equals(item.reason()) && history.plan.limit() != null)
                || ("TOO_LATE".equals(item.reason()) && history.plan.kind() == Plan.Kind.SHORT);
    }

    private boolean agrees(Told told, @Nullable Recorded item) {
        if (told.done() instanceof Reservation reservation) {
            return agrees(told.step(), reservation, item) && !isTooEarly(told, item);
        }
        Refusal refusal = told.refusal();
        if (refusal == null || told.step() instanceof Step.TakeBack) {
            return true; // a failure, or silence; what came back is in the AdjustmentAudit
        }
        if (refusal instanceof Refusal.SoldOut) {
            return told.step() instanceof Step.Reserve; // final or not: see forgotten, and Rejections
        }
        if (refusal instanceof Refusal.OverLimit) {
            return told.step() instanceof Step.Reserve asked
                    && history.plan.limit() != null
                    && (asked.quantity() > history.plan.limit()
                            || (item != null && "OVER_LIMIT".equals(item.reason())));
        }
        if (refusal instanceof Refusal.RejectedBefore before) {
            return item != null && before.reason().name().equals(item.reason());
        }
        if (refusal instanceof Refusal.PaidOtherwise) {
            return told.step() instanceof Step.Confirm asked
                    && item != null
                    && item.status().equals("CONFIRMED")
                    && !Objects.equals(asked.payment(), item.payment());
        }
        if (refusal instanceof Refusal.ExtendedBefore before) {
            return item != null && item.extended() && Objects.equals(millis(before.expiresAt()), item.expiresAt());
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
                && agrees(step, answer.hold(), item)
                && agrees(step, answer.paymentReference(), item)
                && Objects.equals(answer.shard() == null ? null : (long) answer.shard(), item.shard());
    }

    /** What was made longer was heard of as it was before, or as it is now. */
    private static boolean agrees(Step step, Reservation.@Nullable Hold hold, Recorded item) {
        if (hold == null || item.expiresAt() == null) {
            return hold == null && item.expiresAt() == null;
        }
        long heard = hold.expiresAt().toEpochMilli();
        boolean before = item.extended() && !hold.extended() && heard < item.expiresAt();
        return (before && !(step instanceof Step.Extend))
                || (hold.extended() == item.extended() && heard == item.expiresAt());
    }

    private static boolean agrees(Step step, @Nullable String heard, Recorded item) {
        return !(step instanceof Step.Confirm asked)
                || (Objects.equals(heard, item.payment())
                        && (asked.payment() == null || asked.payment().equals(item.payment())));
    }

    /** Clocks go wrong, but not by more. */
    private boolean isTooEarly(Told told, @Nullable Recorded item) {
        return told.status() == Reservation.Status.EXPIRED
                && item != null
                && item.expiresAt() != null
                && history.wallClock(told.ended()).plus(Cluster.SKEW).isBefore(Instant.ofEpochMilli(item.expiresAt()));
    }

    /** What was heard is what it is now, or a hold that has gone on. */
    private static boolean isNow(Reservation.Status heard, Recorded item) {
        return heard.name().equals(item.status())
                || (heard == Reservation.Status.HELD
                        && List.of("CONFIRMED", "RELEASED", "EXPIRED").contains(item.status()));
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
                || (told.refusal() instanceof Refusal.KeyReused && told.step() instanceof Step.Reserve)
                || told.refusal() instanceof Refusal.MoreThanSold
                || (told.done() instanceof Adjustment && told.step() instanceof Step.TakeBack);
    }

    /** (That a request was queued says nothing: it is not looked up before.) */
    private static boolean tellsOfNothing(Told told) {
        return told.wrongState() == Reservation.Status.QUEUED
                || (told.status() == Reservation.Status.QUEUED && !(told.step() instanceof Step.Reserve));
    }

    // What is told

    private void wrong(Key key, String what, List<Told> about) {
        wrong.add("%s. %s is %s:%n%s".formatted(what, key, found.reservations().get(key), lines(about)));
    }

    static String lines(List<Told> about) {
        return about.stream().map(it -> "    " + it).collect(Collectors.joining("\n"));
    }

    /** How often each kind of answer was given. */
    static Map<String, Long> answers(List<Told> told) {
        return told.stream().collect(Collectors.groupingBy(Told::kind, TreeMap::new, Collectors.counting()));
    }
}
