package dev.flashstock.sharding;

/**
 * How many shards a SKU has.
 *
 * @param writeShards how many take writes: shards 0 to {@code writeShards - 1}
 * @param readShards how many a reader must sum, at least as many
 * @param version rises with every change of the layout and with every adjustment of the SKU's stock
 */
public record Layout(int writeShards, int readShards, long version) {
    /** The most shards of a SKU. */
    public static final int MAX_SHARDS = 256;

    /** How many shards a SKU has unless it is said. */
    public static final int DEFAULT_SHARDS = 10;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException when the counts are out of bounds or readers would miss a writer
     */
    public Layout {
        if (writeShards < 1 || writeShards > readShards || readShards > MAX_SHARDS) {
            throw new IllegalArgumentException("A layout has 1 to " + MAX_SHARDS + " shards, and reads all it writes");
        }
    }

    /**
     * The layout of a new SKU.
     *
     * @param shards how many shards, for writers and readers alike
     * @return the layout
     */
    public static Layout of(int shards) {
        return new Layout(shards, shards, 1);
    }
}
