package dev.flashstock.heat;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table as DynamoDB describes it.
 *
 * @param table its name
 * @param status as DynamoDB spells it, {@code ACTIVE} when it can be changed
 * @param mode what its capacity comes from
 * @param provisioned what it was given; nothing on demand
 * @param mostOnDemand the most that somebody lets it use; nothing: no such limit
 * @param warm what it bears at once
 * @param onDemandSince when it was switched to on-demand last; null: never, or not told
 * @param indexes its global secondary indexes, at most {@value #MOST_INDEXES}
 */
public record TableState(
        TableName table,
        String status,
        Mode mode,
        Units provisioned,
        Units mostOnDemand,
        Units warm,
        @Nullable Instant onDemandSince,
        List<Index> indexes) {
    /** The most indexes that are looked at: DynamoDB's own quota unless it was raised. */
    public static final int MOST_INDEXES = 20;

    private static final String ACTIVE = "ACTIVE";

    /** Keeps the indexes for itself. */
    public TableState {
        indexes = List.copyOf(indexes);
    }

    /** Where a table's capacity comes from. */
    public enum Mode {
        /** What is used is paid for. */
        ON_DEMAND,
        /** So much was given. */
        PROVISIONED
    }

    /**
     * Units a second.
     *
     * @param reads read units; null: not told, or no such limit
     * @param writes write units; null: not told, or no such limit
     */
    public record Units(@Nullable Long reads, @Nullable Long writes) {
        /** Nothing was told. */
        public static final Units NONE = new Units(null, null);
    }

    /**
     * A global secondary index.
     *
     * @param name its name
     * @param status as DynamoDB spells it
     * @param provisioned what it was given; nothing on demand
     * @param mostOnDemand the most that somebody lets it use; nothing: no such limit
     * @param warm what it bears at once
     */
    public record Index(String name, String status, Units provisioned, Units mostOnDemand, Units warm) {}

    /** Whether it can be changed now. */
    public boolean isActive() {
        return status.equals(ACTIVE);
    }
}
