package dev.flashstock.inventory;

import dev.flashstock.stock.Sku;
import dev.flashstock.stock.UserId;
import io.smallrye.mutiny.Uni;
import java.util.OptionalInt;

/**
 * Port: counters that decide nothing, each spread over shards of its own. All fail with {@link Unavailable}.
 */
public interface CounterTable {
    /** Over how many shards a product's views are spread: a process writes one of them a second, perhaps. */
    int VIEW_SHARDS = 10;

    /** Over how many shards a product's likes are spread: each like is a transaction on one of them. */
    int LIKE_SHARDS = 64;

    /**
     * Adds views. Of a call that fails nobody knows whether it has.
     *
     * @param sku whose
     * @param views how many, above 0
     * @param shard 0 to one less than {@link #VIEW_SHARDS}
     * @return completes when they are counted
     */
    Uni<Void> addViews(Sku sku, long views, int shard);

    /**
     * Adds a product's views up.
     *
     * @param sku whose
     * @return how many there are
     */
    Uni<Long> views(Sku sku);

    /**
     * Writes that a user likes a product, and counts it, both or neither.
     *
     * @param user who
     * @param sku what
     * @param shard where it is counted, 0 to one less than {@link #LIKE_SHARDS}
     * @return {@code CHANGED} when the user likes it already
     */
    Uni<Attempt> like(UserId user, Sku sku, int shard);

    /**
     * Looks a like up.
     *
     * @param user who
     * @param sku what
     * @return the shard on which it is counted; nothing when the user does not like the product
     */
    Uni<OptionalInt> likedOn(UserId user, Sku sku);

    /**
     * Takes a like back, and counts it no more, both or neither.
     *
     * @param user who
     * @param sku what
     * @param shard where it is counted
     * @return {@code CHANGED} when no like of this user is counted there any more
     */
    Uni<Attempt> unlike(UserId user, Sku sku, int shard);

    /**
     * Adds a product's likes up.
     *
     * @param sku whose
     * @return how many there are
     */
    Uni<Long> likes(Sku sku);
}
