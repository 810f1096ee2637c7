package dev.flashstock.heat;

/**
 * What one partition of a table bears, whatever the table's capacity and mode (Amazon DynamoDB Developer Guide, "Designing
 * partition keys").
 */
public final class Partition {
    /** Write units a second. */
    public static final int WRITES_PER_SECOND = 1_000;

    /** Read units a second. */
    public static final int READS_PER_SECOND = 3_000;

    /** Write units a second that leave room for chance. */
    public static final int SAFE_WRITES_PER_SECOND = 800;

    private Partition() {}
}
