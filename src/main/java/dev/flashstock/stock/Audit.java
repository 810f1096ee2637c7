package dev.flashstock.stock;

import java.time.Instant;
import java.util.List;

/**
 * What counting a SKU's books item by item has shown.
 *
 * @param id names this audit, never used for another
 * @param sku whose books
 * @param startedAt when the counting began
 * @param finishedAt when it ended
 * @param stocked units ever stocked: the sum of the adjustments other than repairs
 * @param repaired the sum of the repairs
 * @param available the sum of the shards
 * @param held units of reservations that are held
 * @param confirmed units of reservations that are sold
 * @param difference units that should be in stock and are not, less than 0: units that are there and should not be. With
 *     nothing in flight it is {@code stocked - available - held - confirmed}; else what of that cannot be in flight
 * @param inFlight the units that movements brought or took while it was counted; 0 when the shards did not change
 * @param searched whether the whole table was searched for reservations that the ledger does not know
 * @param movements how many movements the ledger has
 * @param versions the sum of the shards' versions: as long as it is the same, no unit was taken or given back since
 * @param discrepancies what is wrong, at most {@value #MAX_NAMED}
 * @param more how many more there are
 */
public record Audit(
        String id,
        Sku sku,
        Instant startedAt,
        Instant finishedAt,
        long stocked,
        long repaired,
        long available,
        long held,
        long confirmed,
        long difference,
        long inFlight,
        boolean searched,
        long movements,
        long versions,
        List<Discrepancy> discrepancies,
        long more) {
    /** The most discrepancies that are named. */
    public static final int MAX_NAMED = 100;

    /**
     * Keeps the discrepancies for itself.
     *
     * @throws IllegalArgumentException when there are too many
     */
    public Audit {
        if (discrepancies.size() > MAX_NAMED) {
            throw new IllegalArgumentException("At most " + MAX_NAMED + " discrepancies are named");
        }
        discrepancies = List.copyOf(discrepancies);
    }
}
