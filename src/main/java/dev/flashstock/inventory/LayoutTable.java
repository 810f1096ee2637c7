package dev.flashstock.inventory;

import dev.flashstock.sharding.Layout;
import dev.flashstock.stock.Sku;
import io.smallrye.mutiny.Uni;
import java.util.List;

/**
 * Port: what changes layouts, step by step. Each step happens only while the layout is the one that was read, and makes it
 * another version, so that of two who change it at once one begins anew. All fail with {@link Unavailable}, and may have
 * happened then.
 */
public interface LayoutTable {
    /** The most shards that are closed or opened at once: a transaction has 100 items, and the layout is one. */
    int MAX_MARKED = 99;

    /**
     * Writes a layout over the one that is there.
     *
     * @param sku whose
     * @param before the layout as it was read
     * @param after the next version
     * @return {@code CHANGED} when another version is there, or the product is gone
     */
    Uni<Attempt> replace(Sku sku, Layout before, Layout after);

    /**
     * Closes shards: none of them is given a unit any more, by whomever. What they have can still be taken.
     *
     * @param sku whose
     * @param before the layout as it was read
     * @param shards which, 1 to {@value #MAX_MARKED}; never the first one
     * @return {@code CHANGED} when another version is there, or the product is gone
     */
    Uni<Attempt> close(Sku sku, Layout before, List<Integer> shards);

    /**
     * Opens closed shards again.
     *
     * @param sku whose
     * @param before the layout as it was read
     * @param shards which, 1 to {@value #MAX_MARKED}
     * @return {@code CHANGED} when another version is there, or the product is gone
     */
    Uni<Attempt> open(Sku sku, Layout before, List<Integer> shards);
}
