package dev.flashstock.simulation;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;

import dev.flashstock.simulation.ItemStore.Change;
import dev.flashstock.simulation.ItemStore.Units;
import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import dev.flashstock.stock.Sku;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Every transaction that changes a shard leaves one movement, which says what it did; and all of them together say how it is. */
final class LedgerCheck {
    private LedgerCheck() {}

    /** A line, without whoever did it by hand. */
    private record Why(Movement.Kind kind, long units, Reservation.@Nullable Key reservation) {
        static Why of(Movement.Line line) {
            return new Why(line.kind(), line.units(), line.reservation());
        }
    }

    /**
     * Holds a write's or a transaction's movement against what else it has changed.
     *
     * @return what is wrong; null when nothing is
     */
    static @Nullable String wrongIn(List<Change> changes) {
        Map<Integer, Long> shards = new HashMap<>();
        List<Change> movements = new ArrayList<>();
        for (Change change : changes) {
            if (change.key() instanceof Key.Shard shard && version(change.after()) != version(change.before())) {
                shards.put(shard.number(), available(change.after()) - available(change.before()));
            } else if (change.key() instanceof Key.Movement) {
                movements.add(change);
            }
        }
        if (shards.isEmpty() && movements.isEmpty()) {
            return null;
        }
        if (movements.size() != 1 || movements.get(0).before() != null) {
            return "Not one movement, and a new one";
        }
        Movement movement = (Movement) Objects.requireNonNull(movements.get(0).after());
        if (!shards.equals(sums(movement)) || movement.changes().size() != shards.size()) {
            return "The movement has other changes";
        }
        if (units(movement) != shards.values().stream().mapToLong(it -> it).sum()) {
            return "The movement's lines do not sum up to its changes";
        }
        List<Why> told = movement.lines().stream().map(Why::of).toList();
        List<Why> done = done(changes);
        if (told.size() != done.size() || !new HashSet<>(told).equals(new HashSet<>(done))) {
            return "The movement's lines are not what was done: " + done;
        }
        return movement.lines().stream().allMatch(LedgerCheck::namesWhoDidIt) ? null : "Somebody else did it";
    }

    private static long available(@Nullable Object shard) {
        return shard instanceof Units units ? units.available() : 0;
    }

    /** It is the same when a shard is closed or opened. */
    private static long version(@Nullable Object shard) {
        return shard instanceof Units units ? units.version() : 0;
    }

    private static Map<Integer, Long> sums(Movement movement) {
        return movement.changes().stream()
                .collect(groupingBy(Movement.Change::shard, summingLong(Movement.Change::units)));
    }

    private static long units(Movement movement) {
        return movement.lines().stream().mapToLong(Movement.Line::units).sum();
    }

    private static List<Why> done(List<Change> changes) {
        List<Why> done = new ArrayList<>();
        for (Change change : changes) {
            if (change.after() instanceof Adjustment adjustment) {
                done.add(new Why(Movement.Kind.ADJUSTMENT, adjustment.delta(), adjustment.reservation()));
            } else if (change.after() instanceof Reservation reservation) {
                Movement.Kind kind = kind(reservation.status());
                if (kind != null) {
                    done.add(new Why(
                            kind,
                            kind == Movement.Kind.HOLD ? -units(reservation) : units(reservation),
                            reservation.key()));
                }
            }
        }
        return done.isEmpty() ? List.of(new Why(Movement.Kind.MOVE, 0, null)) : done;
    }

    private static Movement.@Nullable Kind kind(Status status) {
        return switch (status) {
            case HELD -> Movement.Kind.HOLD;
            case RELEASED -> Movement.Kind.RELEASE;
            case EXPIRED -> Movement.Kind.EXPIRY;
            case QUEUED, CONFIRMED, REJECTED -> null;
        };
    }

    private static long units(Reservation reservation) {
        return Objects.requireNonNull(reservation.quantity()).units();
    }

    /** Whoever releases by force gives a reason that names the reservation: see {@link #reasonFor}. */
    private static boolean namesWhoDidIt(Movement.Line line) {
        return switch (line.kind()) {
            case HOLD, EXPIRY, MOVE -> line.by() == null && line.reason() == null;
            case ADJUSTMENT ->
                line.by() != null
                        && line.reason() != null
                        && (line.reservation() != null)
                                == Adjustment.Reason.RETURN.name().equals(line.reason());
            case RELEASE ->
                line.by() == null
                        ? line.reason() == null
                        : reasonFor(Objects.requireNonNull(line.reservation())).equals(line.reason());
        };
    }

    static String reasonFor(Reservation.Key forced) {
        return "Fraud, " + forced.user() + " " + forced.id();
    }

    /**
     * Holds all movements of a SKU against its items.
     *
     * @return what is wrong; null when nothing is
     */
    static @Nullable String wrongAtRest(ItemStore store, Sku sku) {
        List<Movement> movements = new ArrayList<>();
        Map<Integer, Long> shards = new HashMap<>();
        Map<Reservation.Key, List<Why>> reserved = new HashMap<>();
        Map<Reservation.Key, Long> returned = new HashMap<>();
        store.all().filter(it -> it.getKey().sku().equals(sku)).forEach(it -> {
            if (it.getValue() instanceof Movement movement) {
                movements.add(movement);
            } else if (it.getKey() instanceof Key.Shard shard && version(it.getValue()) > 0) {
                shards.put(shard.number(), available(it.getValue()));
            } else if (it.getValue() instanceof Reservation reservation && reservation.hold() != null) {
                reserved.put(reservation.key(), life(reservation));
                if (reservation.returned() != 0) {
                    returned.put(reservation.key(), (long) reservation.returned());
                }
            }
        });
        Map<Integer, Long> sums = movements.stream()
                .flatMap(it -> it.changes().stream())
                .collect(groupingBy(Movement.Change::shard, summingLong(Movement.Change::units)));
        if (!sums.equals(shards)) {
            return "The shards have " + shards + ", the ledger " + sums;
        }
        Map<Reservation.Key, List<Why>> lines = new HashMap<>();
        Map<Reservation.Key, Long> takenBack = new HashMap<>();
        movements.stream().flatMap(it -> it.lines().stream()).forEach(it -> {
            Reservation.Key key = it.reservation();
            if (key != null && it.kind() == Movement.Kind.ADJUSTMENT) {
                takenBack.merge(key, it.units(), Long::sum);
            } else if (key != null) {
                lines.computeIfAbsent(key, its -> new ArrayList<>()).add(Why.of(it));
            }
        });
        if (!takenBack.equals(returned)) {
            return "Returned is " + returned + ", the ledger says " + takenBack;
        }
        for (Map.Entry<Reservation.Key, List<Why>> one : reserved.entrySet()) {
            List<Why> its = lines.getOrDefault(one.getKey(), List.of());
            if (its.size() != one.getValue().size() || !new HashSet<>(its).equals(new HashSet<>(one.getValue()))) {
                return "The ledger says of " + one + ": " + its;
            }
        }
        return lines.size() == reserved.size() ? null : "The ledger has holds that nobody has";
    }

    private static List<Why> life(Reservation reservation) {
        List<Why> life = new ArrayList<>();
        life.add(new Why(Movement.Kind.HOLD, -units(reservation), reservation.key()));
        Movement.Kind end = kind(reservation.status());
        if (end != null && end != Movement.Kind.HOLD) {
            life.add(new Why(end, units(reservation), reservation.key()));
        }
        return life;
    }
}
