package dev.flashstock.heat;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A limit of DynamoDB that a request would have exceeded: one of the 16 reasons that DynamoDB tells, each made of what was
 * throttled, at what, and by which limit (Amazon DynamoDB API Reference, "ThrottlingReason").
 *
 * @param limit by which limit
 * @param access at what; null: not told, by an older message
 * @param table the table's name; empty when DynamoDB did not tell
 * @param index the index's name; null: the table itself
 */
public record Throttle(
        Limit limit,
        @Nullable Access access,
        String table,
        @Nullable String index) {
    private static final Pattern RESOURCE =
            Pattern.compile("arn:[^:]*:dynamodb:[^:]*:[^:]*:table/([^/]+)(?:/index/([^/]+))?");
    private static final String TABLE = "Table";
    private static final String INDEX = "Index";
    private static final String EXCEEDED = "Exceeded";

    /** What a unit is spent on. */
    public enum Access {
        /** Reads. */
        READ("Read", "read", Partition.READS_PER_SECOND),
        /** Writes. */
        WRITE("Write", "write", Partition.WRITES_PER_SECOND);

        private final String code;
        private final String word;
        private final int ofPartition;

        Access(String code, String word, int ofPartition) {
            this.code = code;
            this.word = word;
            this.ofPartition = ofPartition;
        }

        /** As people say it. */
        public String word() {
            return word;
        }
    }

    /** Which limit. */
    public enum Limit {
        /** What one partition bears: a hot partition. */
        KEY_RANGE("KeyRangeThroughputExceeded"),
        /** What the table or the index was given. */
        PROVISIONED("ProvisionedThroughputExceeded"),
        /** The account's quota for a table. */
        ACCOUNT("AccountLimitExceeded"),
        /** The most that somebody lets a table cost. */
        MAX_ON_DEMAND("MaxOnDemandThroughputExceeded");

        private final String code;

        Limit(String code) {
            this.code = code;
        }
    }

    /**
     * Reads a reason as DynamoDB tells it.
     *
     * @param code as {@code TableWriteKeyRangeThroughputExceeded}
     * @param resource the ARN of the table or of the index; null: not told
     * @return what it means; empty when the code is none of the 16
     */
    public static Optional<Throttle> of(@Nullable String code, @Nullable String resource) {
        if (code == null) {
            return Optional.empty();
        }
        Matcher arn = RESOURCE.matcher(resource == null ? "" : resource);
        boolean known = arn.matches();
        String table = known ? arn.group(1) : "";
        for (Limit limit : Limit.values()) {
            for (Access access : Access.values()) {
                String rest = access.code + limit.code;
                if (code.equals(TABLE + rest)) {
                    return Optional.of(new Throttle(limit, access, table, null));
                }
                if (code.equals(INDEX + rest)) {
                    String index = known && arn.group(2) != null ? arn.group(2) : "";
                    return Optional.of(new Throttle(limit, access, table, index));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The same of a table that was not named.
     *
     * @param own the table that it is of, if it was not told
     * @return this throttle, with a table
     */
    public Throttle orOf(TableName own) {
        return table.isEmpty() ? new Throttle(limit, access, own.value(), index) : this;
    }

    /** The reason as DynamoDB tells it; without {@code Read} or {@code Write} when it did not. */
    public String code() {
        return (index == null ? TABLE : INDEX) + (access == null ? "" : access.code) + limit.code;
    }

    /**
     * CloudWatch's metric that counts it, of the namespace {@code AWS/DynamoDB}.
     *
     * @return its name; of writes when it was not told at what
     */
    public String metric() {
        return (access == null ? Access.WRITE : access).code
                + limit.code.substring(0, limit.code.length() - EXCEEDED.length())
                + "ThrottleEvents";
    }

    /** What happened, in a sentence. */
    public String verdict() {
        String units = access == null ? "units" : access.word + " units";
        return switch (limit) {
            case KEY_RANGE ->
                "A partition of " + what() + " is hot: one key, or a few that lie together, take more than the "
                        + (access == null ? units + " a second" : access.ofPartition + " " + units + " a second")
                        + " that a partition has.";
            case PROVISIONED -> "The " + units + " that were provisioned for " + what() + " are used up.";
            case ACCOUNT -> "The account's quota of " + units + " for " + what() + " is used up.";
            case MAX_ON_DEMAND -> "The maximum of " + units + " that somebody has set for " + what() + " is reached.";
        };
    }

    /** What to do about it, in a sentence or two. */
    public String remedy() {
        return switch (limit) {
            case KEY_RANGE -> index == null ? ofHotTable() : ofHotIndex();
            case PROVISIONED ->
                "Provision more, let auto scaling do it, or switch to on-demand."
                        + (index == null || access == Access.READ
                                ? ""
                                : " While the index is short of capacity, writes to the table are refused too.");
            case ACCOUNT -> "Ask for a higher quota for tables in the Service Quotas console, before the sale.";
            case MAX_ON_DEMAND ->
                "Raise the maximum, or take it away: it is a setting of the table, not a limit of AWS.";
        };
    }

    private String ofHotTable() {
        String useless = " More capacity, or on-demand, does not help: the limit is the partition's.";
        return access == Access.WRITE
                ? "Spread the key over more shards." + useless
                : "Remember what is read, or spread the key over more shards." + useless;
    }

    private String ofHotIndex() {
        return access == Access.WRITE
                ? "Give the index a partition key with more values. Until then writes to the table are refused too."
                : "Remember what is read, or give the index a partition key with more values.";
    }

    private String what() {
        String name = table.isEmpty() ? "the table" : "the table " + table;
        if (index == null) {
            return name;
        }
        return index.isEmpty() ? "an index of " + name : "the index " + index + " of " + name;
    }
}
