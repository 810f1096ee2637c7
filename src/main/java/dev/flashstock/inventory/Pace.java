package dev.flashstock.inventory;

import java.time.Duration;
import java.util.function.IntUnaryOperator;

/**
 * How long a lane waits between its transactions: not at all while the shard is its own and under its limit. Where m
 * pods share the shard, each waits about 2(m-1) transaction times, and after a conflict a random time in proportion
 * to m that doubles with each conflict in a row. After a throttle the wait doubles too, and shortens with each commit.
 */
final class Pace {
    private static final int LONGEST_MILLIS = 1_000;
    private static final int FIRST_THROTTLE_MILLIS = 20;
    private static final int MOST_DOUBLINGS = 4;
    private static final int LONGEST_SAMPLE_MILLIS = 200;

    private final IntUnaryOperator random;
    /** How long a transaction takes, as a moving average. */
    private double transactionMillis = 5;

    private int conflicts;
    private double throttleMillis;

    /**
     * Begins without a wait.
     *
     * @param random a number from 0 to one less than its argument
     */
    Pace(IntUnaryOperator random) {
        this.random = random;
    }

    Duration afterCommit(long millis, int writers) {
        // One that took much longer has waited for a lost answer.
        transactionMillis += (Math.max(1, Math.min(LONGEST_SAMPLE_MILLIS, millis)) - transactionMillis) / 8;
        conflicts = 0;
        throttleMillis = throttleMillis < FIRST_THROTTLE_MILLIS / 2.0 ? 0 : throttleMillis * 15 / 16;
        return millis(Math.max(around(2 * (writers - 1) * transactionMillis), throttleMillis));
    }

    Duration afterConflict(int writers) {
        conflicts = Math.min(conflicts + 1, MOST_DOUBLINGS);
        // A conflict proves that somebody else is there.
        double longest = 2 * Math.max(2, writers) * transactionMillis * (1 << (conflicts - 1));
        return millis(1 + random.applyAsInt((int) Math.min(LONGEST_MILLIS, longest) + 1));
    }

    Duration afterThrottle() {
        throttleMillis = Math.min(LONGEST_MILLIS, Math.max(FIRST_THROTTLE_MILLIS, 2 * throttleMillis));
        return millis(around(throttleMillis));
    }

    /** Three quarters to five quarters. */
    private double around(double millis) {
        return millis * (750 + random.applyAsInt(501)) / 1_000;
    }

    private static Duration millis(double millis) {
        return Duration.ofMillis(Math.min(LONGEST_MILLIS, Math.round(millis)));
    }
}
