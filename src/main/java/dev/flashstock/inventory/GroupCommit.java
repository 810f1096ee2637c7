package dev.flashstock.inventory;

import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.Sku;
import java.util.List;
import java.util.Map;

/**
 * One transaction that takes units from shards and writes the reservations that hold them: all of it or nothing.
 *
 * @param sku whose units
 * @param takes what is taken from each shard: one shard, or several when no one has enough
 * @param holds the reservations, each put only if absent; together as many units as are taken
 */
public record GroupCommit(Sku sku, List<Portion> takes, List<Reservation> holds) {
    /** The most reservations of a commit, and the most shards that it takes from: a transaction has 100 items. */
    public static final int MAX_ENTRIES = 97;

    /**
     * Checks the bound.
     *
     * @throws IllegalArgumentException when a transaction could not hold it all
     */
    public GroupCommit {
        if (takes.size() + holds.size() > MAX_ENTRIES + 1) {
            throw new IllegalArgumentException("A group commit has at most " + MAX_ENTRIES + " entries");
        }
    }

    /** What came of a commit. */
    public sealed interface Result {
        /** The units are taken and the reservations are written. */
        record Committed() implements Result {}

        /**
         * Nothing was written, because a condition did not hold.
         *
         * @param existing the reservations that are there already, by their position in {@code holds}; when there are
         *     none, a shard has too few units
         */
        record Refused(Map<Integer, Reservation> existing) implements Result {}

        /** Nothing was written: another transaction was under way on an item, or a partition is at its limit. */
        record Busy() implements Result {}
    }
}
