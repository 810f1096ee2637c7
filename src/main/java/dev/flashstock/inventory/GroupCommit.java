package dev.flashstock.inventory;

import dev.flashstock.stock.Quantity;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import java.util.List;
import java.util.stream.Stream;

/**
 * One transaction on one shard: reservations take units from it, others give theirs back. All of it happens or nothing.
 *
 * @param token names the transaction: sent again under its token, for at least ten minutes, it happens once; never used
 *     for another
 * @param sku whose units
 * @param shard the shard's number
 * @param holds the reservations that take units, each put only if absent
 * @param returns the reservations that give units back, each changed only while it is held
 */
public record GroupCommit(String token, Sku sku, int shard, List<Reservation> holds, List<Return> returns) {
    /** The most reservations of a commit: a transaction has 100 items, and three are kept for what goes with them. */
    public static final int MAX_ENTRIES = 97;

    /**
     * A hold that ends.
     *
     * @param hold the reservation, as it was read
     * @param becomes what it is afterwards
     */
    public record Return(Reservation hold, Reservation.Status becomes) {}

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when there are no reservations, too many, or one twice
     */
    public GroupCommit {
        int entries = holds.size() + returns.size();
        if (entries < 1 || entries > MAX_ENTRIES) {
            throw new IllegalArgumentException("A group commit has 1 to " + MAX_ENTRIES + " reservations");
        }
        long different = Stream.concat(holds.stream(), returns.stream().map(Return::hold))
                .map(it -> List.of(it.user(), it.id()))
                .distinct()
                .count();
        if (different != entries) {
            throw new IllegalArgumentException("A group commit has each reservation once");
        }
    }

    /**
     * How the shard's units change.
     *
     * @return units given back, less those taken
     */
    public long change() {
        return returns.stream().mapToLong(it -> units(it.hold())).sum()
                - holds.stream().mapToLong(GroupCommit::units).sum();
    }

    private static long units(Reservation hold) {
        Quantity quantity = hold.quantity();
        if (quantity == null) {
            throw new IllegalArgumentException("Only a hold has units: " + hold.id());
        }
        return quantity.units();
    }

    /** What came of a commit. */
    public sealed interface Result {
        /** It has happened. */
        record Committed() implements Result {}

        /**
         * Nothing was written.
         *
         * @param shard what kept the shard's change from being made
         * @param holds the same for each of {@code holds}
         * @param returns the same for each of {@code returns}
         */
        record Cancelled(Reason shard, List<Reason> holds, List<Reason> returns) implements Result {}
    }

    /** What keeps one item of a commit from being written. */
    public sealed interface Reason {
        /** Nothing: another item's reason cancelled the transaction. */
        record None() implements Reason {}

        /**
         * The shard has too few units.
         *
         * @param available how many it has
         */
        record TooFew(long available) implements Reason {}

        /**
         * The hold is there already.
         *
         * @param reservation what it has become
         */
        record Exists(Reservation reservation) implements Reason {}

        /** What should give its units back does not hold any. */
        record NotHeld() implements Reason {}

        /** Another transaction on the item is under way. */
        record Conflict() implements Reason {}

        /** The item's partition is at its limit. */
        record Throttled() implements Reason {}
    }
}
