package dev.flashstock.heat;

import dev.flashstock.heat.TableState.Mode;
import dev.flashstock.heat.TableState.Units;
import dev.flashstock.stock.Outcome;
import dev.flashstock.stock.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A change of a table that helps it bear more, or tell more. */
public sealed interface TableFix {
    /** What a fix would do. */
    sealed interface Plan {
        /** What there is now, by name. */
        Map<String, Object> before();
    }

    /**
     * Something changes.
     *
     * @param before what there is now, by name
     * @param after what there will be, by name
     * @param request the request that is sent
     * @param rules what it costs, and which rules of AWS apply
     */
    record Change(Map<String, Object> before, Map<String, Object> after, Request request, List<String> rules)
            implements Plan {}

    /**
     * It is so already.
     *
     * @param before what there is now, by name
     */
    record Nothing(Map<String, Object> before) implements Plan {}

    /**
     * A request to DynamoDB.
     *
     * @param operation its name
     * @param parameters as DynamoDB spells them
     */
    record Request(String operation, Map<String, Object> parameters) {
        /** The permission that it takes. */
        public String action() {
            return "dynamodb:" + operation;
        }
    }

    /** A change of the table itself. */
    sealed interface OfTable extends TableFix {
        /**
         * Looks at what would change.
         *
         * @param table the table as it is
         * @return what would change; or {@link Refusal.TableBusy}, {@link Refusal.TableChangeRefused}, {@link
         *     Refusal.ActionNotSupported}
         */
        Outcome<Plan> plan(TableState table);
    }

    /** The emergency switch: what is used is paid for, and no capacity of the table's own is in the way. */
    record OnDemand() implements OfTable {
        private static final String MODE = "mode";

        @Override
        public Outcome<Plan> plan(TableState table) {
            if (table.mode() == Mode.ON_DEMAND) {
                return Outcome.done(new Nothing(Map.of(MODE, table.mode())));
            }
            if (!table.isActive()) {
                return Outcome.refused(new Refusal.TableBusy(table.table().value(), table.status()));
            }
            Map<String, Object> before = facts(table.provisioned());
            before.put(MODE, table.mode());
            return Outcome.done(new Change(
                    before,
                    Map.of(MODE, Mode.ON_DEMAND),
                    new Request(
                            "UpdateTable",
                            Map.of("TableName", table.table().value(), "BillingMode", "PAY_PER_REQUEST")),
                    List.of(
                            "A table is switched to on-demand at most four times in any 24 hours, and back to"
                                    + " provisioned at any time."
                                    + (table.onDemandSince() == null
                                            ? ""
                                            : " The last time was " + table.onDemandSince() + "."),
                            "It takes minutes; until then the table has what was provisioned.",
                            "Every request is paid for from then on, and nothing is any more by the hour.",
                            "A hot partition is not cured by it: a partition has 1,000 write and 3,000 read units a"
                                    + " second in either mode.")));
        }
    }

    /**
     * Makes the table ready for more, before it comes.
     *
     * @param reads read units a second, at least 1; null: as they are
     * @param writes write units a second, at least 1; null: as they are
     */
    record Warm(@Nullable Long reads, @Nullable Long writes) implements OfTable {
        /** The most units that are thought about. */
        public static final long MOST_UNITS = 10_000_000;

        private static final String READS = "readUnitsPerSecond";
        private static final String WRITES = "writeUnitsPerSecond";

        /**
         * Checks the bounds.
         *
         * @throws IllegalArgumentException when nothing is wanted, or too much
         */
        public Warm {
            if (reads == null && writes == null) {
                throw new IllegalArgumentException("readUnitsPerSecond, writeUnitsPerSecond or both");
            }
            if (isOut(reads) || isOut(writes)) {
                throw new IllegalArgumentException("1 to " + MOST_UNITS + " units a second");
            }
        }

        private static boolean isOut(@Nullable Long units) {
            return units != null && (units < 1 || units > MOST_UNITS);
        }

        @Override
        public Outcome<Plan> plan(TableState table) {
            Units now = table.warm();
            if (now.equals(Units.NONE)) { // AWS tells it of every table
                return Outcome.refused(new Refusal.ActionNotSupported("dynamodb:UpdateTable"));
            }
            Units wanted = raised(now);
            if (now.equals(wanted)) {
                return Outcome.done(new Nothing(facts(now)));
            }
            if (isLess(reads, now.reads()) || isLess(writes, now.writes())) {
                return Outcome.refused(new Refusal.TableChangeRefused(
                        table.table().value(),
                        "Warm throughput can only be raised: it is " + now.reads() + " read and " + now.writes()
                                + " write units a second"));
            }
            if (!table.isActive()) {
                return Outcome.refused(new Refusal.TableBusy(table.table().value(), table.status()));
            }
            Map<String, Object> parameter = new LinkedHashMap<>();
            put(parameter, "ReadUnitsPerSecond", wanted.reads());
            put(parameter, "WriteUnitsPerSecond", wanted.writes());
            return Outcome.done(new Change(
                    facts(now),
                    facts(wanted),
                    new Request("UpdateTable", Map.of("TableName", table.table().value(), "WarmThroughput", parameter)),
                    List.of(
                            "It is paid for once, by what it is raised by, and can never be lowered again.",
                            "It takes a while: do it hours before the sale. The table can be used meanwhile.",
                            "It is bounded by the account's quota for a table, and its indexes are not warmed by it.",
                            "One key has no more than a partition's 1,000 write units a second, however warm its"
                                    + " table is.")));
        }

        /** The wanted units, or those that there are. */
        public Units raised(Units now) {
            return new Units(orElse(reads, now.reads()), orElse(writes, now.writes()));
        }

        private static @Nullable Long orElse(@Nullable Long wanted, @Nullable Long now) {
            return wanted == null ? now : wanted;
        }

        private static boolean isLess(@Nullable Long wanted, @Nullable Long now) {
            return wanted != null && now != null && wanted < now;
        }
    }

    /** Has CloudWatch name the keys that are throttled. */
    record NameThrottledKeys() implements TableFix {
        /**
         * Looks at what would change.
         *
         * @param table the table
         * @param insights its Contributor Insights as they are
         * @return what would change
         */
        public Plan plan(TableName table, Insights insights) {
            if (insights.watchesThrottledKeys()) {
                return new Nothing(facts(insights));
            }
            return new Change(
                    facts(insights),
                    Map.of("status", "ENABLED", "mode", "THROTTLED_KEYS"),
                    new Request(
                            "UpdateContributorInsights",
                            Map.of(
                                    "TableName",
                                    table.value(),
                                    "ContributorInsightsAction",
                                    "ENABLE",
                                    "ContributorInsightsMode",
                                    "THROTTLED_KEYS")),
                    List.of(
                            "CloudWatch is paid for each rule and for each event that a rule has matched: in this mode"
                                    + " only what is throttled is an event.",
                            "Keys are shown in CloudWatch in plain text: not for a table whose keys are secret.",
                            "The first time, iam:CreateServiceLinkedRole is needed too."));
        }

        private static Map<String, Object> facts(Insights insights) {
            return Map.of("status", insights.status(), "mode", Objects.requireNonNullElse(insights.mode(), "NONE"));
        }
    }

    private static Map<String, Object> facts(Units units) {
        Map<String, Object> facts = new LinkedHashMap<>();
        put(facts, Warm.READS, units.reads());
        put(facts, Warm.WRITES, units.writes());
        return facts;
    }

    private static void put(Map<String, Object> facts, String name, @Nullable Long units) {
        if (units != null) {
            facts.put(name, units);
        }
    }
}
