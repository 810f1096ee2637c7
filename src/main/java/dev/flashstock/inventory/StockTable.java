package dev.flashstock.inventory;

import dev.flashstock.stock.Adjustment;
import dev.flashstock.stock.Movement;
import dev.flashstock.stock.Portion;
import dev.flashstock.stock.Reservation;
import dev.flashstock.stock.ShardLevel;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Port: the shards, and every transaction that changes them. All fail with {@link Unavailable}. */
public interface StockTable {
    /**
     * Reads all shards of a SKU at once.
     *
     * @param sku whose shards
     * @param readShards how many
     * @return their levels in the order of their numbers
     * @see #gather(Map)
     */
    default Uni<List<ShardLevel>> gather(Sku sku, int readShards) {
        return gather(Map.of(sku, readShards)).map(levels -> Objects.requireNonNull(levels.get(sku)));
    }

    /**
     * Reads all shards of SKUs at once, each with every write that was answered in it. A shard that cannot be read fails
     * the whole; none silently counts as zero.
     *
     * @param readShards how many shards each SKU has
     * @return the levels of each in the order of the shards' numbers
     */
    Uni<Map<Sku, List<ShardLevel>>> gather(Map<Sku, Integer> readShards);

    /**
     * Reads all shards while no transaction is under way on them: up to 100 as they were at one moment, of more each
     * hundred at a moment of its own. {@link #gather(Map)} may see a transaction on one shard and not yet on another; this
     * does not.
     *
     * @param sku whose shards
     * @param readShards how many
     * @return their levels in the order of their numbers; nothing when a transaction was in the way
     */
    Uni<Optional<List<ShardLevel>>> snapshot(Sku sku, int readShards);

    /**
     * Takes and gives back units, writes the reservations that hold or held them, and all that goes with it.
     *
     * @param commit what to take, give back and write
     * @return what came of it; when it fails with {@link Unavailable} it may have happened, and is sent again with its
     *     token
     */
    Uni<GroupCommit.Result> commit(GroupCommit commit);

    /**
     * Moves units to one shard, in one transaction with its movement, once however often it arrives. When it fails with
     * {@link Unavailable} it may have happened.
     *
     * @param move what to move
     * @return {@code CHANGED} when one of the shards has too few units, the other is closed, or the move has happened
     */
    Uni<Attempt> move(Move move);

    /**
     * Changes stock and records why, in one transaction with its movement.
     *
     * @param adjustment the record, put only if absent; the sign of its delta is the direction
     * @param portions what each shard is given or gives up
     * @return {@code CHANGED} when the record is there already, a shard has too few units or is closed, or the
     *     product is gone
     */
    Uni<Attempt> adjust(Adjustment adjustment, List<Portion> portions);

    /**
     * The same for sold units that come back: counted in their reservation, in the same transaction.
     *
     * @param adjustment the record, a return
     * @param portions what each shard is given
     * @param sold the reservation, as it was read
     * @return {@code CHANGED} also when the reservation is not sold, or fewer units of it can still come back
     */
    Uni<Attempt> takeBack(Adjustment adjustment, List<Portion> portions, Reservation sold);

    /**
     * Looks an adjustment up.
     *
     * @param sku whose stock it changed
     * @param id its id
     * @return the adjustment, or nothing
     */
    Uni<Optional<Adjustment>> adjustment(Sku sku, String id);

    /**
     * Makes up for an audit's difference: the same as {@link #adjust}, unless the audit is repaired already or no longer
     * the last one, and the movement says what is made up for.
     *
     * @param adjustment the record, put only if absent
     * @param portions what each shard is given or gives up, at most {@value #MAX_REPAIRED_SHARDS} shards
     * @param lines what the movement says; their units sum up to the adjustment's delta
     * @param audit the id of the audit
     * @return {@code CHANGED} when the record is there already, a shard has too few units, the product is gone, the audit
     *     is repaired, or another one has begun
     */
    Uni<Attempt> repair(Adjustment adjustment, List<Portion> portions, List<Movement.Line> lines, String audit);

    /** The most shards that a repair touches: a transaction has 100 items, and four are no shards. */
    int MAX_REPAIRED_SHARDS = 96;

    /**
     * Lists a SKU's adjustments in the order of their ids.
     *
     * @param sku whose
     * @param after the id to go on after; empty: from the beginning
     * @param limit the most adjustments
     * @return up to {@code limit} adjustments; fewer only when none follow
     */
    Uni<List<Adjustment>> adjustments(Sku sku, String after, int limit);

    /**
     * Sums up all adjustments but repairs: the units ever stocked, less those taken out again other than by a sale.
     *
     * @param sku whose
     * @return the sum of their deltas
     */
    Uni<Long> stocked(Sku sku);
}
