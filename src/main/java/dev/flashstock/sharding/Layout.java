package dev.flashstock.sharding;

import dev.flashstock.stock.ShardLevel;
import java.util.List;

/**
 * How many shards a SKU has.
 *
 * <p>It changes step by step, so that whoever goes by an earlier one does no harm. To grow, readers sum the new shards
 * first, then units are moved there, then writers use them. To shrink, writers leave the shards first, these are closed,
 * their units are moved away, and when they are empty readers leave them.
 *
 * @param writeShards how many take writes: shards 0 to {@code writeShards - 1}
 * @param readShards how many a reader must sum, at least as many
 * @param version rises with every change of the layout and with every adjustment of the SKU's stock
 * @param wantedShards how many it is to have: while it is another number than the others, the layout is changing
 * @param chosenShards how many somebody chose: it never has fewer once it has become so
 * @param moved what was moved to all shards that are read, less what was moved from them; other than 0 when shards that
 *     are not read any more have been moved to, or from, and sold from
 */
public record Layout(int writeShards, int readShards, long version, int wantedShards, int chosenShards, long moved) {
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
        if (!isCount(wantedShards) || !isCount(chosenShards)) {
            throw new IllegalArgumentException("A SKU has 1 to " + MAX_SHARDS + " shards");
        }
    }

    /**
     * A layout that nobody wants to be another one.
     *
     * @param writeShards how many take writes
     * @param readShards how many a reader must sum
     * @param version rises with every change
     */
    public Layout(int writeShards, int readShards, long version) {
        this(writeShards, readShards, version, writeShards, writeShards, 0);
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

    private static boolean isCount(int shards) {
        return shards >= 1 && shards <= MAX_SHARDS;
    }

    /**
     * Whether nothing is left to be done.
     *
     * @return whether writers and readers use what is wanted
     */
    public boolean isSteady() {
        return writeShards == wantedShards && readShards == wantedShards;
    }

    /**
     * The next version, in which another number of shards is wanted.
     *
     * @param wanted how many
     * @param chosen how many somebody chose
     * @return the layout
     */
    public Layout wanting(int wanted, int chosen) {
        return new Layout(writeShards, readShards, version + 1, wanted, chosen, moved);
    }

    /**
     * The next version, in which other shards are read.
     *
     * @param shards how many
     * @param movedToThem what was moved to all of them, less what was moved from them
     * @return the layout
     */
    public Layout reading(int shards, long movedToThem) {
        return new Layout(writeShards, shards, version + 1, wantedShards, chosenShards, movedToThem);
    }

    /**
     * The next version, in which other shards are written.
     *
     * @param shards how many
     * @return the layout
     */
    public Layout writing(int shards) {
        return new Layout(shards, readShards, version + 1, wantedShards, chosenShards, moved);
    }

    /**
     * The SKU's units. A reading may see a move on one shard and not yet on another: what all moves have brought and taken
     * is known beforehand, so that what was seen of them too much or too little is told by their sum.
     *
     * @param levels the shards that are read, each as it was at a moment of its own
     * @return their units, whatever was moved meanwhile; never negative
     */
    public long total(List<ShardLevel> levels) {
        return Math.max(0, Spread.total(levels) - (Spread.moved(levels) - moved));
    }
}
