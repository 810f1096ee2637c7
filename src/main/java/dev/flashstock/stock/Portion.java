package dev.flashstock.stock;

/**
 * Units that one shard takes or gives in a change of stock.
 *
 * @param shard the shard's number, from 0
 * @param units how many, at least 1; the direction is the operation's
 */
public record Portion(int shard, long units) {
    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when there is nothing to take or give
     */
    public Portion {
        if (shard < 0 || units < 1) {
            throw new IllegalArgumentException("A portion has a shard and at least one unit");
        }
    }
}
