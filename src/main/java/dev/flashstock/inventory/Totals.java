package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Port: the totals that all processes remember together, kept up to date between one count of the shards and the next.
 *
 * <p>A transaction does not tell whether a count has seen it. So each count has a name, and what takes units is subtracted
 * only from a count whose name was known before the transaction began: that one cannot have seen it. What gives units back
 * is always added. A remembered total may be too high until the next count, and is never lower than what is there, but
 * for the moment between a transaction and its being told.
 */
public interface Totals {
    /**
     * The count of a SKU that is remembered, as far as this process knows.
     *
     * @param sku the SKU
     * @return its name
     */
    Optional<String> count(Sku sku);

    /**
     * Changes a SKU's total, if one is remembered.
     *
     * @param sku the SKU
     * @param units what came, or went when below 0; 0: they went from one shard to another
     * @param before the count that was known before the transaction began
     * @return how many units are left at least: the total, less what was taken and not subtracted; nothing when none is
     *     remembered; fails when the memory does not answer
     */
    Uni<OptionalLong> change(Sku sku, long units, Optional<String> before);
}
