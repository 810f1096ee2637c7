package dev.flashstock.sale;

import dev.flashstock.sale.Found.Adjusted;
import dev.flashstock.sale.Found.Key;
import dev.flashstock.sale.Found.Line;
import dev.flashstock.sale.Found.Moved;
import dev.flashstock.sale.Found.Recorded;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds what goes with the shards and the reservations against them, item by item: the ledger, what came back, what counts
 * against limits, and what is noted to expire.
 */
final class LedgerAudit {
    private static final Map<String, String> ENDS = Map.of("RELEASED", "releases", "EXPIRED", "expiries");

    private final Found found;
    private final @Nullable Integer limit;
    private final Map<Key, List<Line>> lines = new HashMap<>();
    private final Map<Key, Long> returned = new HashMap<>();
    private final Map<Key, String> heldBy = new HashMap<>();
    private final List<String> wrong = new ArrayList<>();

    LedgerAudit(Found found, @Nullable Integer limit) {
        this.found = found;
        this.limit = limit;
        found.movements().forEach(moved -> moved.lines().forEach(line -> sort(moved, line)));
    }

    private void sort(Moved moved, Line line) {
        Key key = line.key();
        if (key != null && line.kind().equals("adjustments")) {
            returned.merge(key, line.units(), Long::sum);
        } else if (key != null) {
            lines.computeIfAbsent(key, it -> new ArrayList<>()).add(line.unsigned());
            if (line.kind().equals("holds")) {
                heldBy.put(key, moved.id());
            }
        }
    }

    /** All that is wrong. */
    List<String> wrong() {
        checkShards();
        checkAdjustments();
        found.reservations().forEach(this::checkReservation);
        Stream.concat(lines.keySet().stream(), returned.keySet().stream())
                .filter(it -> !found.reservations().containsKey(it))
                .forEach(it -> wrong.add("The ledger knows of " + it + ", and nobody else does"));
        checkLimits();
        return wrong;
    }

    private void checkShards() {
        Map<Integer, Long> sums = new HashMap<>();
        for (Moved moved : found.movements()) {
            moved.changes().forEach((shard, units) -> sums.merge(shard, units, Long::sum));
            long changed = moved.changes().values().stream().mapToLong(it -> it).sum();
            if (changed != moved.lines().stream().mapToLong(Line::units).sum()) {
                wrong.add("A movement's lines do not sum up to its changes: " + moved);
            }
        }
        if (!sums.equals(found.shards())) {
            wrong.add("The shards have " + found.shards() + ", the ledger " + sums);
        }
    }

    private void checkAdjustments() {
        Map<String, Adjusted> adjusted = new HashMap<>();
        for (Moved moved : found.movements()) {
            moved.lines().stream()
                    .filter(it -> it.kind().equals("adjustments"))
                    .forEach(it -> adjusted.merge(
                            moved.id(),
                            new Adjusted(it.units(), it.key()),
                            (one, other) -> new Adjusted(one.delta() + other.delta(), one.reservation())));
        }
        differences(found.adjustments(), adjusted)
                .forEach((id, it) -> wrong.add("Adjustment " + id + " by its record and by the ledger: " + it));
    }

    /** What two maps say differently. */
    static <K> Map<K, String> differences(Map<K, ?> one, Map<K, ?> other) {
        Map<K, String> differences = new HashMap<>();
        Stream.concat(one.keySet().stream(), other.keySet().stream())
                .filter(it -> !Objects.equals(one.get(it), other.get(it)))
                .forEach(it -> differences.put(it, one.get(it) + " and " + other.get(it)));
        return differences;
    }

    private void checkReservation(Key key, Recorded item) {
        List<Line> its = lines.getOrDefault(key, List.of());
        List<Line> should = new ArrayList<>();
        if (item.shard() != null) {
            long units = Objects.requireNonNull(item.quantity());
            should.add(new Line("holds", -units, key, null, null));
            if (ENDS.containsKey(item.status())) {
                should.add(new Line(ENDS.get(item.status()), units, key, null, null));
            }
        }
        if (its.size() != should.size() || !new HashSet<>(its).equals(new HashSet<>(should))) {
            wrong.add("The ledger says of " + key + ", which is " + item + ": " + its);
        }
        long back = returned.getOrDefault(key, 0L);
        if (back != item.returned()) {
            wrong.add("The ledger says that %d came back of %s, which is %s".formatted(back, key, item));
        }
        if (item.status().equals("HELD") && !willBeFound(key, item)) {
            wrong.add("No expiry will find " + key + ", which is " + item);
        }
    }

    private boolean willBeFound(Key key, Recorded item) {
        Instant end = Instant.ofEpochMilli(Objects.requireNonNull(item.expiresAt()));
        return found.expiries().getOrDefault(heldBy.getOrDefault(key, ""), List.of()).stream()
                .anyMatch(it -> !it.isAfter(end));
    }

    private void checkLimits() {
        Map<String, Long> counted = new HashMap<>();
        Map<String, Long> all = new HashMap<>();
        found.reservations().forEach((key, item) -> {
            if (Set.of("HELD", "CONFIRMED").contains(item.status())) {
                all.merge(key.user(), item.quantity(), Long::sum);
                counted.merge(key.user(), item.limit() == null ? 0 : item.quantity(), Long::sum);
            }
        });
        Set<String> users = new HashSet<>(found.limits().keySet());
        users.addAll(counted.keySet());
        for (String user : users) {
            long item = found.limits().getOrDefault(user, 0L);
            if (item != counted.getOrDefault(user, 0L)) {
                wrong.add("%d units of %s count, and the item says %d".formatted(counted.get(user), user, item));
            }
            if (limit != null && all.getOrDefault(user, 0L) > limit) {
                wrong.add("%s has %d units, and the limit is %d".formatted(user, all.get(user), limit));
            }
        }
    }
}
