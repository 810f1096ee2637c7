package dev.flashstock.heat;

import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * How a key's shards fall on a table's partitions. DynamoDB places a key by a hash, so that each shard is on any
 * partition with the same chance, and several meet on one: ten shards on ten partitions are on ten different ones once in
 * 2,755 times.
 *
 * <p>The chance that no partition has more than so many of them is that of the largest of multinomial counts, computed as
 * that of independent Poisson counts whose sum is known (Levin, "A representation for multinomial cumulative distribution
 * functions", 1981).
 */
final class Collisions {
    private Collisions() {}

    /**
     * The fewest shards with which chance does not put more on a partition than it bears.
     *
     * @param writesPerSecond what the shards take together
     * @param partitions how many the table has
     * @param confidence with which probability no partition is beyond its limit
     * @param mostShards more are not looked at
     * @return how many; nothing when even {@code mostShards} are too few
     */
    static OptionalInt fewestShards(int writesPerSecond, int partitions, double confidence, int mostShards) {
        // With so many on a partition: the fewest shards whose part of the writes is small enough for that.
        return IntStream.rangeClosed(1, mostShards)
                .map(together -> ceilDiv(together * (long) writesPerSecond, Partition.WRITES_PER_SECOND))
                .takeWhile(shards -> shards <= mostShards)
                .filter(shards -> probabilityWithinLimit(writesPerSecond, shards, partitions) >= confidence)
                .findFirst();
    }

    /**
     * How probable it is that no partition is beyond its limit.
     *
     * @param writesPerSecond what the shards take together, each as much as any other
     * @param shards how many
     * @param partitions how many the table has
     * @return 0 to 1
     */
    static double probabilityWithinLimit(int writesPerSecond, int shards, int partitions) {
        long together = (long) shards * Partition.WRITES_PER_SECOND / writesPerSecond;
        return together >= shards ? 1 : probabilityOfAtMost((int) together, shards, partitions);
    }

    /** That of {@code shards} thrown at {@code partitions} no partition gets more than {@code most}. */
    static double probabilityOfAtMost(int most, int shards, int partitions) {
        double mean = (double) shards / partitions;
        double[] one = new double[shards + 1];
        double[] any = new double[shards + 1];
        double chance = Math.exp(-mean);
        for (int count = 0; count <= shards; count++) {
            any[count] = chance;
            one[count] = count <= most ? chance : 0;
            chance *= mean / (count + 1);
        }
        return Math.min(1, sumOf(one, partitions)[shards] / sumOf(any, partitions)[shards]);
    }

    /** The distribution of the sum of so many independent counts, each distributed like {@code one}. */
    private static double[] sumOf(double[] one, int times) {
        double[] sum = new double[one.length];
        sum[0] = 1;
        double[] square = one;
        for (int left = times; left > 0; left >>= 1) {
            if ((left & 1) == 1) {
                sum = plus(sum, square);
            }
            square = plus(square, square);
        }
        return sum;
    }

    private static double[] plus(double[] some, double[] others) {
        double[] sum = new double[some.length];
        for (int i = 0; i < some.length; i++) {
            for (int j = 0; some[i] > 0 && i + j < some.length; j++) {
                sum[i + j] += some[i] * others[j];
            }
        }
        return sum;
    }

    private static int ceilDiv(long dividend, int divisor) {
        return (int) Math.min(Integer.MAX_VALUE, (dividend + divisor - 1) / divisor);
    }
}
