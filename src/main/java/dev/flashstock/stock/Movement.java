package dev.flashstock.stock;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's record of one change of stock: what one transaction did to a SKU's shards, and for whom.
 *
 * @param id its id: the transaction's token, or the adjustment's id
 * @param sku whose stock
 * @param at when, by the clock of whoever did it, to the millisecond
 * @param changes what became of each shard
 * @param lines why, one by one; their units sum up to those of the changes
 */
public record Movement(String id, Sku sku, Instant at, List<Change> changes, List<Line> lines) {
    /**
     * The same movement, for other reasons.
     *
     * @param lines the reasons
     * @return this movement with those lines
     */
    public Movement with(List<Line> lines) {
        return new Movement(id, sku, at, changes, lines);
    }

    /** Why units come and go. */
    public enum Kind {
        /** A reservation has taken them. */
        HOLD,
        /** A reservation has given them back. */
        RELEASE,
        /** A reservation's time was over. */
        EXPIRY,
        /** Somebody has changed the stock by hand. */
        ADJUSTMENT,
        /** They went from shard to shard. */
        MOVE
    }

    /**
     * What became of a shard.
     *
     * @param shard its number
     * @param units those that it was given; less than 0: those that were taken from it
     */
    public record Change(int shard, long units) {}

    /**
     * One reason of a change.
     *
     * @param kind of what kind
     * @param units those that came back or in; less than 0: those that were taken; 0 for a move
     * @param reservation whose; null when it is none's
     * @param by who did it by hand; null when nobody did
     * @param reason why, in the words of whoever did it; null when nobody did
     */
    public record Line(
            Kind kind,
            long units,
            Reservation.@Nullable Key reservation,
            @Nullable UserId by,
            @Nullable String reason) {}
}
