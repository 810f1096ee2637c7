package dev.flashstock.heat;

/**
 * What a partition bears where heat is judged: DynamoDB's own limits, or smaller ones for a rehearsal.
 *
 * @param writesPerSecond write units a second, 1 to {@value Partition#WRITES_PER_SECOND}
 * @param readsPerSecond read units a second, 1 to {@value Partition#READS_PER_SECOND}
 */
public record PartitionLimits(int writesPerSecond, int readsPerSecond) {
    /** DynamoDB's own. */
    public static final PartitionLimits OF_DYNAMODB =
            new PartitionLimits(Partition.WRITES_PER_SECOND, Partition.READS_PER_SECOND);

    /** What part of a limit is hot. */
    public static final double HOT = (double) Partition.SAFE_WRITES_PER_SECOND / Partition.WRITES_PER_SECOND;

    /** Checks the bounds. */
    public PartitionLimits {
        check("writes", writesPerSecond, Partition.WRITES_PER_SECOND);
        check("reads", readsPerSecond, Partition.READS_PER_SECOND);
    }

    private static void check(String what, int units, int most) {
        if (units < 1 || units > most) {
            throw new IllegalArgumentException("A partition's " + what + " are 1 to " + most + " a second");
        }
    }

    /** What part of a partition's limit a load takes, of reads or of writes, whichever is more; 1: all. */
    public double taken(Load load) {
        return Math.max(load.writeUnits() / writesPerSecond, load.readUnits() / readsPerSecond);
    }
}
