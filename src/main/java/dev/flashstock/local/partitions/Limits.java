package dev.flashstock.local.partitions;

import org.jspecify.annotations.Nullable;

/**
 * The limits of a table, of its indexes, and of their partitions. Each is a token bucket that holds one second's worth.
 *
 * @param writeUnits write units a second of each partition; 0, which JSON makes of a gap: {@value #WRITE_UNITS}
 * @param readUnits read units a second of each partition; 0, which JSON makes of a gap: {@value #READ_UNITS}
 * @param partitions over how many partitions the keys are spread by their hash, up to {@value #MAX_PARTITIONS}; 0: every
 *     key has one to itself, as after DynamoDB has split for heat
 * @param table a limit of the whole table, and of each index; null: none
 */
public record Limits(
        double writeUnits,
        double readUnits,
        int partitions,
        @Nullable TableLimit table) {
    /** What a partition of DynamoDB can do, in write units a second. */
    public static final double WRITE_UNITS = 1_000;

    /** What a partition of DynamoDB can do, in read units a second. */
    public static final double READ_UNITS = 3_000;

    /** The most partitions. */
    public static final int MAX_PARTITIONS = 100_000;

    /** DynamoDB's own limits, every key alone. */
    public static final Limits OF_DYNAMODB = everyKey(WRITE_UNITS, READ_UNITS);

    /** Fills in what JSON leaves out, and checks the bounds. */
    public Limits {
        writeUnits = writeUnits == 0 ? WRITE_UNITS : writeUnits;
        readUnits = readUnits == 0 ? READ_UNITS : readUnits;
        checkRate("writeUnits", writeUnits);
        checkRate("readUnits", readUnits);
        if (partitions < 0 || partitions > MAX_PARTITIONS) {
            throw new IllegalArgumentException("partitions is 0 to " + MAX_PARTITIONS);
        }
    }

    /** Every key has a partition to itself. */
    public static Limits everyKey(double writeUnits, double readUnits) {
        return new Limits(writeUnits, readUnits, 0, null);
    }

    /** The keys share this many partitions. */
    public Limits onPartitions(int partitions) {
        return new Limits(writeUnits, readUnits, partitions, table);
    }

    /** The whole table has a limit, too. */
    public Limits withTable(TableLimit.Kind kind, double writeUnits, double readUnits) {
        return new Limits(this.writeUnits, this.readUnits, partitions, new TableLimit(kind, writeUnits, readUnits));
    }

    double unitsOf(Access access) {
        return access == Access.WRITE ? writeUnits : readUnits;
    }

    /**
     * What a whole table may do.
     *
     * @param kind what sets the limit
     * @param writeUnits write units a second, more than 0
     * @param readUnits read units a second, more than 0
     */
    public record TableLimit(Kind kind, double writeUnits, double readUnits) {
        /** What sets the limit: the three that are not a partition's. */
        public enum Kind {
            /** The capacity that a provisioned table pays for. */
            PROVISIONED(LimitType.PROVISIONED),
            /** The account's quota for a table. */
            ACCOUNT(LimitType.ACCOUNT),
            /** The cap that somebody set on an on-demand table. */
            MAX_ON_DEMAND(LimitType.MAX_ON_DEMAND);

            private final LimitType type;

            Kind(LimitType type) {
                this.type = type;
            }

            LimitType type() {
                return type;
            }
        }

        /** Checks the bounds. */
        @SuppressWarnings("ConstantValue") // JSON knows no null marks
        public TableLimit {
            if (kind == null) {
                throw new IllegalArgumentException("table.kind is PROVISIONED, ACCOUNT or MAX_ON_DEMAND");
            }
            checkRate("table.writeUnits", writeUnits);
            checkRate("table.readUnits", readUnits);
        }

        double unitsOf(Access access) {
            return access == Access.WRITE ? writeUnits : readUnits;
        }
    }

    private static void checkRate(String name, double units) {
        if (!(units > 0 && units <= 1e9)) {
            throw new IllegalArgumentException(name + " is more than 0, to 1e9");
        }
    }
}
