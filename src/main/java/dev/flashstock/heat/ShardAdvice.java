package dev.flashstock.heat;

import dev.flashstock.sharding.Layout;
import java.util.OptionalInt;

/**
 * How many shards a key needs for a load.
 *
 * @param peakWritesPerSecond the load: writes of a unit each, at the peak
 * @param partitions how many partitions the table has, or is taken to have
 * @param minimum as many as bear the load when it is spread perfectly
 * @param safe as many as bear it with a fifth to spare
 * @param recommended twice that: room to grow
 * @param band how the load is usually called
 * @param againstCollisions as many as bear it wherever the hash puts them, with a probability of {@link #CONFIDENCE}; empty
 *     when {@value Layout#MAX_SHARDS} are too few, because the table has too few partitions
 * @param evenWhenRecommended how probable it is that the recommended ones do, 0 to 1
 */
public record ShardAdvice(
        int peakWritesPerSecond,
        int partitions,
        int minimum,
        int safe,
        int recommended,
        Band band,
        OptionalInt againstCollisions,
        double evenWhenRecommended) {

    /** The largest load that is thought about. */
    public static final int MOST_WRITES_PER_SECOND = 200_000;

    /** The most partitions of a table that are thought about. */
    public static final int MOST_PARTITIONS = 10_000;

    /** How sure it is that no partition is beyond its limit. */
    public static final double CONFIDENCE = 0.99;

    /** Below it a key does not need shards. */
    public static final int NOT_WORTH_IT = 100;

    /** The usual bands of traffic, and how many shards are usually given to them. */
    public enum Band {
        /** Less than 500 writes a second. */
        LOW(500, 5, 10),
        /** Less than 2,000. */
        MEDIUM(2_000, 10, 20),
        /** Up to 5,000. */
        HIGH(5_001, 20, 50),
        /** More than that. */
        VERY_HIGH(Integer.MAX_VALUE, 50, 100);

        private final int below;
        private final int fewest;
        private final int most;

        Band(int below, int fewest, int most) {
            this.below = below;
            this.fewest = fewest;
            this.most = most;
        }

        static Band of(int writesPerSecond) {
            for (Band band : values()) {
                if (writesPerSecond < band.below) {
                    return band;
                }
            }
            return VERY_HIGH;
        }

        /** The fewest shards that are usually given. */
        public int fewest() {
            return fewest;
        }

        /** The most shards that are usually given. */
        public int most() {
            return most;
        }
    }

    /**
     * Advises for a table of which nothing is known: it has twice the partitions that the load needs at least, as one that
     * was warmed for twice the peak.
     *
     * @param peakWritesPerSecond the load, 1 to {@value #MOST_WRITES_PER_SECOND}
     * @return the advice
     * @throws IllegalArgumentException when it is out of bounds
     */
    public static ShardAdvice of(int peakWritesPerSecond) {
        return of(peakWritesPerSecond, 2 * ceilDiv(peakWritesPerSecond, Partition.WRITES_PER_SECOND));
    }

    /**
     * Advises.
     *
     * @param peakWritesPerSecond the load, 1 to {@value #MOST_WRITES_PER_SECOND}
     * @param partitions how many partitions the table has, 1 to {@value #MOST_PARTITIONS}
     * @return the advice
     * @throws IllegalArgumentException when something is out of bounds
     */
    public static ShardAdvice of(int peakWritesPerSecond, int partitions) {
        if (peakWritesPerSecond < 1 || peakWritesPerSecond > MOST_WRITES_PER_SECOND) {
            throw new IllegalArgumentException("must be 1 to " + MOST_WRITES_PER_SECOND);
        }
        if (partitions < 1 || partitions > MOST_PARTITIONS) {
            throw new IllegalArgumentException("must be 1 to " + MOST_PARTITIONS);
        }
        int safe = ceilDiv(peakWritesPerSecond, Partition.SAFE_WRITES_PER_SECOND);
        return new ShardAdvice(
                peakWritesPerSecond,
                partitions,
                ceilDiv(peakWritesPerSecond, Partition.WRITES_PER_SECOND),
                safe,
                2 * safe,
                Band.of(peakWritesPerSecond),
                Collisions.fewestShards(peakWritesPerSecond, partitions, CONFIDENCE, Layout.MAX_SHARDS),
                Collisions.probabilityWithinLimit(peakWritesPerSecond, 2 * safe, partitions));
    }

    /**
     * Whether the load is worth shards at all.
     *
     * @return whether one key is near its limit, or may come near it
     */
    public boolean isWorthIt() {
        return peakWritesPerSecond >= NOT_WORTH_IT;
    }

    /**
     * What of a table's provisioned write capacity a key with so many shards cannot use, however even they lie.
     *
     * @param provisioned write units a second
     * @param shards how many shards
     * @return write units a second, 0 or more
     */
    public static int wasted(int provisioned, int shards) {
        return (int) Math.max(0, provisioned - (long) shards * Partition.WRITES_PER_SECOND);
    }

    private static int ceilDiv(int dividend, int divisor) {
        return (dividend + divisor - 1) / divisor;
    }
}
