package dev.flashstock.simulation;

import dev.flashstock.inventory.Expiry;
import dev.flashstock.simulation.ItemStore.Change;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Nothing expires before its time, and for whatever is held an expiry is noted that comes up at its end or before. */
final class ExpiryCheck {
    /** How far pods' clocks go wrong, either way. */
    static final Duration SKEW = Duration.ofSeconds(5);

    private final InstantSource clock;
    private final Map<Key.Reservation, Commit> commits = new HashMap<>();
    private final Map<String, Commit> byMovement = new HashMap<>();
    private final NavigableMap<Instant, Integer> ends = new TreeMap<>();

    ExpiryCheck(InstantSource clock) {
        this.clock = clock;
    }

    /** What was taken in one transaction. */
    private static final class Commit {
        private final Set<Expiry> noted = new LinkedHashSet<>();
        private final Map<Key.Reservation, Instant> held = new HashMap<>();

        boolean allWillBeFound() {
            return held.isEmpty()
                    || held.values().stream()
                            .allMatch(end ->
                                    noted.stream().anyMatch(it -> !it.dueAt().isAfter(end)));
        }
    }

    /**
     * A write or a transaction has happened.
     *
     * @return what is wrong; null when nothing is
     */
    @Nullable
    String changed(List<Change> changes) {
        Set<Commit> touched = new LinkedHashSet<>();
        for (Change change : changes) {
            if (change.before() == null && change.after() instanceof Movement movement) {
                begin(movement);
            }
        }
        for (Change change : changes) {
            if (change.key() instanceof Key.Due due) {
                Commit commit = byMovement.computeIfAbsent(due.expiry().movement(), it -> new Commit());
                touched.add(note(commit, change, due.expiry()));
            } else if (change.key() instanceof Key.Reservation key && commits.containsKey(key)) {
                Commit commit = commits.get(key);
                touched.add(becomes(commit, key, (Reservation) change.before(), (Reservation) change.after()));
                if (isTooEarly(change.before(), change.after())) {
                    return "It is not over yet, and has expired";
                }
            }
        }
        return touched.stream().allMatch(Commit::allWillBeFound) ? null : "No expiry will find what is held";
    }

    private void begin(Movement movement) {
        for (Movement.Line line : movement.lines()) {
            if (line.kind() == Movement.Kind.HOLD) {
                Reservation.Key it = Objects.requireNonNull(line.reservation());
                commits.put(
                        new Key.Reservation(it.user(), it.id()),
                        byMovement.computeIfAbsent(movement.id(), id -> new Commit()));
            }
        }
    }

    private static Commit note(Commit commit, Change change, Expiry expiry) {
        if (change.after() == null) {
            commit.noted.remove(expiry);
        } else {
            commit.noted.add(expiry);
        }
        return commit;
    }

    private Commit becomes(
            Commit commit, Key.Reservation key, @Nullable Reservation before, @Nullable Reservation after) {
        if (before != null && before.status() == Status.HELD) {
            commit.held.remove(key);
            ends.computeIfPresent(end(before), (end, count) -> count == 1 ? null : count - 1);
        }
        if (after != null && after.status() == Status.HELD) {
            commit.held.put(key, end(after));
            ends.merge(end(after), 1, Integer::sum);
        }
        return commit;
    }

    private static Instant end(Reservation reservation) {
        return Objects.requireNonNull(reservation.expiresAt());
    }

    private boolean isTooEarly(@Nullable Object before, @Nullable Object after) {
        return before instanceof Reservation held
                && after instanceof Reservation ended
                && ended.status() == Status.EXPIRED
                && clock.instant().plus(SKEW).isBefore(end(held));
    }

    /** Whether something is held whose time was over a while ago. */
    boolean isOverdue(Duration since) {
        return !ends.isEmpty() && ends.firstKey().plus(since).isBefore(clock.instant());
    }
}
