package dev.flashstock.inventory;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Reservation.Status;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The sums of one count of a SKU's books, in memory that does not grow with the number of reservations.
 *
 * <p>Each reservation has a balance: what the ledger has taken for it and not given back, less what its item holds. Each
 * adjustment has one too: what the ledger has of it, less its record. Every balance is 0 in the end, whatever comes
 * first. Only balances that are not 0 are kept, under 64 bits of a SHA-256 of what they are of: the item of a hold is
 * looked at together with the ledger's line, so only what was given back later has one for a while, from the reading of
 * its hold to the reading of its return. Among a million of them two share their 64 bits with a probability of three in
 * a hundred million.
 */
final class Tally {
    /** The most balances other than 0 at a time: about 40 MiB. */
    static final int MAX_OPEN = 500_000;

    /** The most reservations that hold or have bought units, when the table is searched for others: 16 MiB. */
    static final int MAX_KNOWN = 2_000_000;

    /** An hour costs a reading of each of its buckets, however few movements it has. */
    static final int OF_AN_HOUR = 40;

    /**
     * After this time, and no earlier, an id may be used again: what was asked for so much later than units were taken
     * is another reservation.
     */
    private static final Duration ANOTHER_LIFE = Duration.ofHours(12);

    private final Set<Long> watched;
    private final long mostMovements;
    private final Map<Long, Long> balances = new HashMap<>();
    private final Map<Long, Suspect> suspects = new HashMap<>();
    private long[] known;
    private int knownCount;
    private long movements;
    private int hours;
    private long stocked;
    private long repaired;
    private long held;
    private long confirmed;
    private long changes;
    private long repairsOfShards;

    /** The count cannot be finished. */
    static class TooMuch extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooMuch(String message) {
            super(message);
        }
    }

    /**
     * Begins at nothing.
     *
     * @param watched what may be wrong: about these more is found out than their balances
     * @param remembering whether to remember who holds or has bought units
     * @param mostMovements more than these are too much; an hour counts as {@value #OF_AN_HOUR} at least
     */
    Tally(Set<Long> watched, boolean remembering, long mostMovements) {
        this.watched = watched;
        this.known = remembering ? new long[1024] : new long[0];
        this.mostMovements = mostMovements;
    }

    // What is counted

    /** The reservations that a movement takes units for. */
    static List<Reservation.Key> holders(Movement movement) {
        return movement.lines().stream()
                .filter(Tally::isOfReservation)
                .filter(Tally::takes)
                .map(Movement.Line::reservation)
                .<Reservation.Key>mapMulti((key, all) -> {
                    if (key != null) {
                        all.accept(key);
                    }
                })
                .toList();
    }

    /** Whether this is the line by which the ledger takes a reservation's units: each has one in its life. */
    private static boolean takes(Movement.Line line) {
        return line.kind() == Movement.Kind.HOLD || RepairLines.isHold(line);
    }

    /** A return of something sold is an adjustment like others: it does not change the reservation's units. */
    private static boolean isOfReservation(Movement.Line line) {
        return line.reservation() != null
                && (line.kind() == Movement.Kind.HOLD
                        || line.kind() == Movement.Kind.RELEASE
                        || line.kind() == Movement.Kind.EXPIRY
                        || RepairLines.isRepair(line));
    }

    /** A movement, with the items of those whom it takes units for, as far as they are there. */
    synchronized void add(Movement movement, Map<Reservation.Key, Reservation> items) {
        movements++;
        bound();
        movement.changes().forEach(it -> changes += it.units());
        for (Movement.Line line : movement.lines()) {
            Reservation.Key key = line.reservation();
            if (key != null && isOfReservation(line)) {
                addLine(movement, line, key, items.get(key));
            } else if (RepairLines.isRepair(line)) {
                addRepairOfNoReservation(line);
            }
            if (line.kind() == Movement.Kind.ADJUSTMENT) {
                change(line.units(), movement.id());
            }
        }
    }

    /** An hour of the ledger is about to be read. */
    synchronized void addHour() {
        hours++;
        bound();
    }

    private void bound() {
        if (Math.max(movements, (long) hours * OF_AN_HOUR) > mostMovements) {
            throw new TooMuch("There are more than " + mostMovements + " movements, or too many hours that have some");
        }
    }

    private void addLine(Movement movement, Movement.Line line, Reservation.Key key, @Nullable Reservation item) {
        long hash = hash(key);
        boolean takes = takes(line);
        change(hash, -line.units(), key).ifPresent(it -> it.inLedger(takes));
        if (takes && item != null && !isAnotherLife(movement, line, item)) {
            addItem(hash, item);
        }
    }

    private static boolean isAnotherLife(Movement movement, Movement.Line line, Reservation item) {
        return line.kind() == Movement.Kind.HOLD
                && item.createdAt() != null
                && item.createdAt().isAfter(movement.at().plus(ANOTHER_LIFE));
    }

    private void addItem(long hash, Reservation item) {
        long units = units(item);
        if (item.status() == Status.HELD) {
            held += units;
        } else {
            confirmed += units;
        }
        if (units != 0) {
            remember(hash);
        }
        change(hash, -units, item.key()).ifPresent(it -> it.found(item.status()));
    }

    /** The units that a reservation keeps from stock. */
    private static long units(Reservation item) {
        return (item.status() == Status.HELD || item.status() == Status.CONFIRMED) && item.quantity() != null
                ? item.quantity().units()
                : 0;
    }

    private void addRepairOfNoReservation(Movement.Line line) {
        RepairLines.adjustment(line)
                .ifPresentOrElse(it -> change(line.units(), it), () -> repairsOfShards += line.units());
    }

    /** A recorded adjustment. */
    synchronized void add(Adjustment adjustment) {
        if (adjustment.reason() == Adjustment.Reason.REPAIR) {
            repaired += adjustment.delta();
        } else {
            stocked += adjustment.delta();
        }
        change(-adjustment.delta(), adjustment.id()).ifPresent(Suspect::recorded);
    }

    /** Of these and of those who are watched: for whom the ledger takes nothing, so that their items were not looked at. */
    synchronized List<Reservation.Key> notTaken(Collection<Reservation.Key> others) {
        Set<Reservation.Key> keys = new LinkedHashSet<>(others);
        suspects.values().forEach(it -> {
            if (it.reservation != null) {
                keys.add(it.reservation);
            }
        });
        keys.removeIf(it -> {
            Suspect suspect = suspects.get(hash(it));
            return suspect != null && suspect.isTaken();
        });
        return List.copyOf(keys);
    }

    /** The item of one of these. */
    synchronized void addUnheld(Reservation item) {
        addItem(hash(item.key()), item);
    }

    private Optional<Suspect> change(long hash, long units, Reservation.Key reservation) {
        return change(hash, units, () -> new Suspect(reservation, null));
    }

    private Optional<Suspect> change(long units, String adjustment) {
        return change(hash(adjustment), units, () -> new Suspect(null, adjustment));
    }

    private Optional<Suspect> change(long hash, long units, Supplier<Suspect> suspect) {
        if (units != 0) {
            balances.merge(hash, units, (old, more) -> old + more == 0 ? null : old + more);
        }
        if (balances.size() > MAX_OPEN) {
            throw new TooMuch("More than " + MAX_OPEN + " reservations are on their way through the ledger at once");
        }
        return watched.contains(hash)
                ? Optional.of(suspects.computeIfAbsent(hash, it -> suspect.get()))
                : Optional.empty();
    }

    private void remember(long hash) {
        if (known.length == 0) {
            return;
        }
        if (knownCount < MAX_KNOWN) {
            if (knownCount == known.length) {
                known = Arrays.copyOf(known, known.length * 2);
            }
            known[knownCount] = hash;
        }
        knownCount++;
    }

    // What came out

    /** Sorts what is remembered, to be searched; fails when that is too much. */
    synchronized Tally sorted() {
        if (knownCount > MAX_KNOWN) {
            throw new TooMuch("Something is wrong, and more than " + MAX_KNOWN
                    + " reservations hold or have bought units: too many to search the table for others");
        }
        Arrays.sort(known, 0, knownCount);
        return this;
    }

    /** Whether the ledger has taken the units of a reservation. After {@link #sorted}. */
    synchronized boolean knows(Reservation.Key key) {
        return Arrays.binarySearch(known, 0, knownCount, hash(key)) >= 0;
    }

    synchronized Map<Long, Long> balances() {
        return balances;
    }

    synchronized @Nullable Suspect suspect(long hash) {
        return suspects.get(hash);
    }

    synchronized long movements() {
        return movements;
    }

    synchronized long stocked() {
        return stocked;
    }

    synchronized long repaired() {
        return repaired;
    }

    synchronized long held() {
        return held;
    }

    synchronized long confirmed() {
        return confirmed;
    }

    /** What all movements have made of the shards together, but for repairs that made up for the shards themselves. */
    synchronized long shouldBeAvailable() {
        return changes - repairsOfShards;
    }

    // Names, made short

    static long hash(Reservation.Key key) {
        return hash("R", key.user().value() + "\0" + key.id().digest());
    }

    static long hash(String adjustment) {
        return hash("A", adjustment);
    }

    private static long hash(String kind, String name) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest((kind + "\0" + name).getBytes(StandardCharsets.UTF_8));
            return ByteBuffer.wrap(digest).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
