package dev.flashstock.heat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What is the matter with a table, why that is thought, and what helps. */
public sealed interface TableVerdict {
    /** The kinds, for programs. */
    enum Kind {
        /** A partition takes more than it bears. */
        HOT_PARTITION,
        /** What was provisioned is used up. */
        TABLE_CAPACITY,
        /** An index takes no more writes, and so the table does not either. */
        INDEX_BACK_PRESSURE,
        /** The account's quota is used up. */
        ACCOUNT_LIMIT,
        /** A maximum that somebody has set is reached. */
        MAX_ON_DEMAND,
        /** Nothing was refused. */
        HEALTHY,
        /** Nothing is known. */
        NO_DATA,
        /** AWS does not let this process look. */
        ACCESS_DENIED,
        /** AWS has not answered. */
        NOT_REACHED,
        /** This backend does not have it. */
        NOT_SUPPORTED
    }

    /** Which kind. */
    Kind kind();

    /** What is the matter, in a sentence. */
    String verdict();

    /** Why that is thought, in a sentence or two. */
    String evidence();

    /** What helps, in a sentence or two. */
    String remedy();

    /**
     * Requests were refused by a limit.
     *
     * @param throttle which
     * @param events how many, parts of a request by themselves
     * @param figures where that is from
     */
    record Throttled(Throttle throttle, long events, TableFigures figures) implements TableVerdict {
        @Override
        public Kind kind() {
            if (throttle.index() != null && throttle.access() != Throttle.Access.READ) {
                return Kind.INDEX_BACK_PRESSURE;
            }
            return switch (throttle.limit()) {
                case KEY_RANGE -> Kind.HOT_PARTITION;
                case PROVISIONED -> Kind.TABLE_CAPACITY;
                case ACCOUNT -> Kind.ACCOUNT_LIMIT;
                case MAX_ON_DEMAND -> Kind.MAX_ON_DEMAND;
            };
        }

        @Override
        public String verdict() {
            return throttle.verdict();
        }

        @Override
        public String evidence() {
            String counted = figures.source() == TableFigures.Source.CLOUDWATCH ? throttle.metric() : throttle.code();
            return count(events) + " refused" + between(figures) + " (" + counted + ")."
                    + figures.flow(throttle).map(Throttled::used).orElse("");
        }

        private static String count(long events) {
            return events == 1 ? "1 access was" : String.format(Locale.ROOT, "%,d accesses were", events);
        }

        private static String used(TableFigures.Flow flow) {
            String units = String.format(
                    Locale.ROOT,
                    " In the busiest minute %,.0f %s units a second were used",
                    flow.peak(),
                    flow.access().word());
            return flow.provisioned() == null
                    ? units + "."
                    : units + String.format(Locale.ROOT, ", of %,.0f provisioned.", flow.provisioned());
        }

        @Override
        public String remedy() {
            return throttle.remedy();
        }
    }

    /**
     * Nothing was refused.
     *
     * @param figures where that is from
     */
    record Healthy(TableFigures figures) implements TableVerdict {
        @Override
        public Kind kind() {
            return Kind.HEALTHY;
        }

        @Override
        public String verdict() {
            return figures.source() == TableFigures.Source.CLOUDWATCH
                    ? "The table serves what it is asked."
                    : "The table serves what this process asks of it.";
        }

        @Override
        public String evidence() {
            return "Nothing was refused" + between(figures) + ".";
        }

        @Override
        public String remedy() {
            return "Nothing is to be done.";
        }
    }

    /**
     * Nothing is known.
     *
     * @param figures where nothing is from
     */
    record NoData(TableFigures figures) implements TableVerdict {
        @Override
        public Kind kind() {
            return Kind.NO_DATA;
        }

        @Override
        public String verdict() {
            return "Nothing is known of what happens to the table.";
        }

        @Override
        public String evidence() {
            return figures.source() == TableFigures.Source.CLOUDWATCH
                    ? "CloudWatch has no figures" + between(figures)
                            + ": the table is idle, or has been used for less than a minute."
                    : "This process has not used the table, and CloudWatch was not asked.";
        }

        @Override
        public String remedy() {
            return figures.source() == TableFigures.Source.CLOUDWATCH
                    ? "Look again a minute or two after it is used; metrics of a table that is not used are not kept up."
                    : "Ask where CloudWatch is: flashstock.cloudwatch.enabled=true, on AWS.";
        }
    }

    /**
     * Something could not be looked at; the other verdicts do without it.
     *
     * @param action what was asked, as IAM spells it: {@code dynamodb:DescribeTable}
     * @param why why it was not told
     */
    record Unread(String action, Why why) implements TableVerdict {
        /** Why something is not told. */
        public enum Why {
            /** The role may not ask. */
            DENIED,
            /** No answer, or a passing fault. */
            NOT_REACHED,
            /** The backend does not know the question. */
            NOT_SUPPORTED
        }

        @Override
        public Kind kind() {
            return switch (why) {
                case DENIED -> Kind.ACCESS_DENIED;
                case NOT_REACHED -> Kind.NOT_REACHED;
                case NOT_SUPPORTED -> Kind.NOT_SUPPORTED;
            };
        }

        @Override
        public String verdict() {
            return switch (why) {
                case DENIED -> "flashstock's role does not allow " + action + ".";
                case NOT_REACHED -> "AWS has not answered to " + action + ".";
                case NOT_SUPPORTED -> "This backend does not support " + action + ".";
            };
        }

        @Override
        public String evidence() {
            return "What else is told here does without it.";
        }

        @Override
        public String remedy() {
            return switch (why) {
                case DENIED -> "Allow " + action + " in the role's policy; docs/diagnosis.md has one.";
                case NOT_REACHED -> "Ask again; when it stays so, see whether the network lets this process through.";
                case NOT_SUPPORTED -> "On AWS it is told.";
            };
        }
    }

    /**
     * Examines a table.
     *
     * @param figures what was measured
     * @return at least one verdict, the one with most refusals first
     */
    static List<TableVerdict> of(TableFigures figures) {
        List<TableVerdict> throttled = figures.throttles().entrySet().stream()
                .filter(it -> it.getValue() > 0)
                .sorted(Comparator.comparing((Map.Entry<Throttle, Long> it) -> -it.getValue())
                        .thenComparing(it -> it.getKey().code()))
                .<TableVerdict>map(it -> new Throttled(it.getKey(), it.getValue(), figures))
                .toList();
        if (!throttled.isEmpty()) {
            return throttled;
        }
        return List.of(figures.observed() ? new Healthy(figures) : new NoData(figures));
    }

    /** Which index it is about, where that is told. */
    default Optional<String> index() {
        return this instanceof Throttled it
                ? Optional.ofNullable(it.throttle().index()).filter(name -> !name.isEmpty())
                : Optional.empty();
    }

    private static String between(TableFigures figures) {
        return " from " + minute(figures.from()) + " to " + minute(figures.until());
    }

    private static Instant minute(Instant moment) {
        return moment.truncatedTo(ChronoUnit.SECONDS);
    }
}
