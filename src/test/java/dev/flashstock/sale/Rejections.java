package dev.flashstock.sale;

import dev.flashstock.sale.Found.Key;
import dev.flashstock.sale.Found.Recorded;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Refusal;
import dev.flashstock.stock.Reservation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Invariant 4: who heard "sold out" could not have been served; and who heard "over the limit" had too much. At every moment at least so many units were left: what
 * had certainly come, less what may have been taken and not certainly come back. When that was enough for a request all
 * the time in which it can have been decided, its rejection is wrong. (What was left in truth is somewhere above, so this
 * accuses nobody falsely, and misses some.)
 */
final class Rejections {
    /** "Sold out" is remembered for a second; what is heard was read a little earlier. */
    private static final long MEMORY_NANOS = Duration.ofSeconds(6).toNanos();

    /**
     * Units that came or went, of which it is known only that it was not before one moment and not after another.
     *
     * @param units positive when they came
     * @param notBefore in nanoseconds
     * @param notAfter in nanoseconds
     */
    private record Change(long units, long notBefore, long notAfter) {
        /** The least that it can have brought before {@code from} when asked at any time until {@code to}. */
        long least(long from, long to) {
            return units > 0 ? (notAfter <= from ? units : 0) : (notBefore <= to ? units : 0);
        }
    }

    private final Map<Key, List<Told>> byReservation;
    private final Found found;
    private final @Nullable Integer limit;
    private final List<Change> changes = new ArrayList<>();

    Rejections(
            Found found,
            @Nullable Integer limit,
            Map<Key, List<Told>> byReservation,
            Map<String, List<Told>> byAdjustment) {
        this.limit = limit;
        this.found = found;
        this.byReservation = byReservation;
        found.adjustments().forEach((id, it) -> adjusted(it.delta(), byAdjustment.getOrDefault(id, List.of())));
        found.reservations().forEach((key, item) -> reserved(item, byReservation.getOrDefault(key, List.of())));
    }

    private void adjusted(long delta, List<Told> about) {
        changes.add(new Change(delta, begun(about), heard(about, it -> it.done() instanceof Adjustment)));
    }

    private void reserved(Recorded item, List<Told> about) {
        if (item.quantity() == null || item.shard() == null) {
            return;
        }
        changes.add(new Change(-item.quantity(), begun(about), Long.MAX_VALUE));
        if (hasComeBack(item)) {
            changes.add(new Change(item.quantity(), begun(about), heard(about, Rejections::tellsOfReturn)));
        }
    }

    private static boolean hasComeBack(Recorded item) {
        return item.status().equals("RELEASED") || item.status().equals("EXPIRED");
    }

    private static boolean tellsOfReturn(Told told) {
        return isReturn(told.status()) || isReturn(told.wrongState());
    }

    private static boolean isReturn(Reservation.@Nullable Status status) {
        return status == Reservation.Status.RELEASED || status == Reservation.Status.EXPIRED;
    }

    private static long begun(List<Told> about) {
        return about.stream().mapToLong(Told::begun).min().orElse(Long.MIN_VALUE);
    }

    private static long heard(List<Told> about, Predicate<Told> what) {
        return about.stream().filter(what).mapToLong(Told::ended).min().orElse(Long.MAX_VALUE);
    }

    /** Who was rejected wrongly, and why that is known. */
    Map<Key, String> wrong() {
        Map<Key, String> wrong = new HashMap<>();
        byReservation.forEach((key, about) -> {
            Recorded item = found.reservations().get(key);
            if (item != null && "OVER_LIMIT".equals(item.reason())) {
                checkLimit(key, Objects.requireNonNull(item.quantity()), about, wrong);
            } else if (item != null && "SOLD_OUT".equals(item.reason()) && item.quantity() != null) {
                check(key, item.quantity(), begun(about), heard(about, Rejections::tellsOfRejection), wrong);
            } else {
                about.stream()
                        .filter(it -> it.refusal() instanceof Refusal.SoldOut)
                        .forEach(it -> check(key, asked(it), it.begun() - MEMORY_NANOS, it.ended(), wrong));
            }
        });
        return wrong;
    }

    private void check(Key key, long asked, long from, long to, Map<Key, String> wrong) {
        long least = changes.stream().mapToLong(it -> it.least(from, to)).sum();
        if (least >= asked) {
            wrong.put(
                    key,
                    "Rejected for want of %d units between %.3f s and %.3f s, when at least %d were left"
                            .formatted(asked, from / 1e9, to / 1e9, least));
        }
    }

    /** At no moment had the user more than all that may have been held for them, and had not certainly come back. */
    private void checkLimit(Key rejected, long asked, List<Told> about, Map<Key, String> wrong) {
        long from = begun(about);
        long to = heard(about, this::tellsOfLimit);
        long most = found.reservations().entrySet().stream()
                .filter(it -> it.getKey().user().equals(rejected.user())
                        && it.getValue().limit() != null)
                .mapToLong(it -> most(it.getValue(), byReservation.getOrDefault(it.getKey(), List.of()), from, to))
                .sum();
        if (limit == null || most + asked <= limit) {
            wrong.put(
                    rejected,
                    "Rejected for having %d units at the most, %d more asked, and a limit of %s"
                            .formatted(most, asked, limit));
        }
    }

    /** Who asks for more than the limit at once is told so, and nothing is recorded. */
    private boolean tellsOfLimit(Told told) {
        boolean recorded = told.refusal() instanceof Refusal.OverLimit && limit != null && asked(told) <= limit;
        return recorded || told.status() == Reservation.Status.REJECTED;
    }

    private static long most(Recorded item, List<Told> about, long from, long to) {
        boolean wasBackBefore = hasComeBack(item) && heard(about, Rejections::tellsOfReturn) < from;
        boolean cameLater = begun(about) > to;
        return wasBackBefore || cameLater || item.quantity() == null ? 0 : item.quantity();
    }

    private static long asked(Told told) {
        return ((Step.Reserve) told.step()).quantity();
    }

    private static boolean tellsOfRejection(Told told) {
        return told.refusal() instanceof Refusal.SoldOut || told.status() == Reservation.Status.REJECTED;
    }
}
